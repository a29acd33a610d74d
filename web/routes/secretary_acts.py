"""The secretary's acts on matters: the form, the check, the register, and what follows."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web.access import Viewer, require
from web.acting import desk
from web.acting.sheet import Sheet, matter_sheet, opening_sheet
from web.acting.view import MatterView, view, who_does
from web.forms import Form
from web.pages import render
from workflow.core.correction import correctable
from workflow.core.days import civil_day
from workflow.core.findings import Unreadable
from workflow.core.tree import leaf_hash
from workflow.installation import Installation
from workflow.library import NotInForce
from workflow.store import places

router = APIRouter(include_in_schema=False, prefix="/matters")
Secretary = Annotated[Viewer, Depends(require("secretary"))]
Posted = Annotated[Form, Depends(Form.posted)]


@router.get("/new/{kind}")
def opening_page(request: Request, viewer: Secretary, kind: str, place: str = "") -> Response:
    """The steps a matter of this kind will take, and the form that opens it."""
    return desk.show(request, viewer, _opening(request, viewer, kind, place))


@router.post("/new/{kind}")
def open_matter(request: Request, viewer: Secretary, form: Posted, kind: str, place: str = "") -> Response:
    """Keep, check or record an opening."""
    return desk.submit(request, viewer, _opening(request, viewer, kind, place), form)


def _opening(request: Request, viewer: Viewer, kind: str, place: str) -> Sheet:
    here: Installation = request.app.state.here
    day: date = civil_day(here.clock())
    place = viewer.must_see(place or viewer.scope)
    with here.database.reading() as conn:
        known = places.name_of(conn, place) is not None and places.level_of(place) == "village"
    try:
        sheet = opening_sheet(here, place, kind, day) if known else None
    except (NotInForce, Unreadable):
        raise HTTPException(409, "这类事项的程序文本现在用不了，请告诉县里的管理员。") from None
    if sheet is None:
        raise HTTPException(404)
    return sheet


@router.get("/{matter}/correct")
def correct_page(request: Request, viewer: Secretary, matter: str, corrects: int | None = None) -> Response:
    """Which record was wrong; then the form that corrects it."""
    here: Installation = request.app.state.here
    with here.database.reading() as conn:
        found = _found(here, conn, matter, viewer)
    if corrects is None:
        acts = {act.mseq for act in correctable(found.matter)}
        lines = [line for line in found.history if line.number in acts]
        return render(request, "secretary/which.html", view=found, lines=lines)
    return desk.show(request, viewer, _sheet(here, found, "correct", corrects))


@router.get("/{matter}/done/{number}")
def done_page(request: Request, viewer: Secretary, matter: str, number: int) -> Response:
    """An act is on the record: its number, what happens next, by whom, by when."""
    here: Installation = request.app.state.here
    with here.database.reading() as conn:
        found = _found(here, conn, matter, viewer)
    line = next((each for each in found.history if each.number == number), None)
    if line is None:
        raise HTTPException(404)
    receipt = leaf_hash(found.matter.entries[number - 1].leaf()).hex()
    following = next((each for each in found.ahead if not each.standing), None)
    return render(
        request, "secretary/done.html", view=found, line=line, receipt=receipt,
        who=who_does(following.offices) if following else "", following=following,
    )  # fmt: skip


@router.get("/{matter}/{action}")
def act_page(request: Request, viewer: Secretary, matter: str, action: str) -> Response:
    """The form of an act; where it is not open, or another office's, a page that says so."""
    here: Installation = request.app.state.here
    with here.database.reading() as conn:
        found = _found(here, conn, matter, viewer)
    sheet = _sheet(here, found, action, None)
    if action not in {each.action for each in found.own}:
        ahead = next((each for each in found.ahead if each.action == action), None)
        whose = who_does(ahead.offices) if ahead else ""
        return render(request, "secretary/not_now.html", status=409, view=found, sheet=sheet, whose=whose)
    return desk.show(request, viewer, sheet)


@router.post("/{matter}/{action}")
def act(
    request: Request, viewer: Secretary, form: Posted, matter: str, action: str, corrects: int | None = None
) -> Response:
    """Keep, check or record an act; the engine decides whether it stands."""
    here: Installation = request.app.state.here
    with here.database.reading() as conn:
        found = _found(here, conn, matter, viewer, history=action == "correct")
    return desk.submit(request, viewer, _sheet(here, found, action, corrects), form)


def _found(
    here: Installation, conn: Connection, matter: str, viewer: Viewer, *, history: bool = True
) -> MatterView:
    found = view(here, conn, matter, viewer, history=history)
    if found is None:
        raise HTTPException(404)
    return found


def _sheet(here: Installation, found: MatterView, action: str, corrects: int | None) -> Sheet:
    sheet = matter_sheet(here.library.law, found, action, corrects)
    if sheet is None:
        raise HTTPException(404)
    return sheet
