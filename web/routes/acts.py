"""Acts on a matter, in the room of whoever may do them: the form, the check, the register, and what follows."""

from dataclasses import replace
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web.access import Viewer, of_room
from web.acting import desk
from web.acting.lacking import barred
from web.acting.sentences import who_does
from web.acting.sheet import Sheet, matter_sheet
from web.acting.view import MatterView, own_corrections, view
from web.forms import Form
from web.pages import render
from web.sights import of_view
from workflow.core.decide import CONFIRMS
from workflow.core.standing import HANDLES
from workflow.core.tree import leaf_hash
from workflow.installation import Installation

router = APIRouter(include_in_schema=False, prefix="/{room}/matters/{matter}")
Member = Annotated[Viewer, Depends(of_room("secretary", "committee", "township", "county"))]
Posted = Annotated[Form, Depends(Form.posted)]
SIGN: Final = "sign"


@router.get("/correct")
def correct_page(request: Request, viewer: Member, matter: str, corrects: int | None = None) -> Response:
    """Which record was wrong; then the form that corrects it."""
    if corrects is not None:
        return desk.show(request, viewer, _sheet(request, viewer, matter, "correct", corrects=corrects)[1])
    here: Installation = request.app.state.here
    with here.database.reading() as conn:
        found = _found(here, conn, matter, viewer)
    acts = {act.mseq for act in own_corrections(found)}
    lines = [line for line in found.history if line.number in acts]
    return render(request, "acting/which.html", view=found, room=viewer.group, lines=lines)


@router.get("/done/{number}")
def done_page(request: Request, viewer: Member, matter: str, number: int) -> Response:
    """An act is on the record: its number, what happens next, by whom, by when."""
    here: Installation = request.app.state.here
    with here.database.reading() as conn:
        found = _found(here, conn, matter, viewer)
    line = next((each for each in found.history if each.number == number), None)
    if line is None:
        raise HTTPException(404)
    following = next((each for each in found.ahead if not each.standing), None)
    return render(
        request,
        "acting/done.html",
        view=found,
        room=viewer.group,
        line=line,
        receipt=leaf_hash(found.matter.entries[number - 1].leaf()).hex(),
        who=who_does(following.offices) if following else "",
        following=following,
    )


@router.get("/{action}")
def act_page(
    request: Request, viewer: Member, matter: str, action: str, number: int | None = None
) -> Response:
    """The form of an act; where it is not open, or another office's, a page that says so."""
    found, sheet = _sheet(request, viewer, matter, action, number=number)
    if action not in {each.action for each in found.own} and not sheet.barred:
        ahead = next((each for each in found.ahead if each.action == action), None)
        whose = who_does(ahead.offices) if ahead else ""
        return render(request, "acting/not_now.html", status=409, view=found, sheet=sheet, whose=whose)
    return desk.show(request, viewer, sheet)


@router.post("/{action}")
def act(
    request: Request,
    viewer: Member,
    form: Posted,
    matter: str,
    action: str,
    corrects: int | None = None,
    number: int | None = None,
) -> Response:
    """Keep, check or record an act; the engine decides whether it stands."""
    _, sheet = _sheet(request, viewer, matter, action, number=number, corrects=corrects)
    return desk.submit(request, viewer, sheet, form)


def _found(
    here: Installation, conn: Connection, matter: str, viewer: Viewer, *, history: bool = True
) -> MatterView:
    found = view(here, conn, matter, viewer, history=history)
    if found is None:
        raise HTTPException(404)
    return found


def _sheet(
    request: Request, viewer: Viewer, matter: str, action: str, *,
    number: int | None = None, corrects: int | None = None,
) -> tuple[MatterView, Sheet]:  # fmt: skip
    """The matter and the form of an act on it; what the address names is fixed, and only where the act has it."""
    here: Installation = request.app.state.here
    given = {
        "corrects": corrects if action == "correct" else None,
        "number": number if action in HANDLES else None,
    }
    fixed = {name: value for name, value in given.items() if value is not None}
    with here.database.reading() as conn:
        found = _found(here, conn, matter, viewer, history=action == "correct")
        sheet = matter_sheet(here.library.law, found, viewer.group, action, fixed)
        if sheet is None:
            raise HTTPException(404)
        sheet = _with_matter_of_act(here, conn, viewer, found, sheet)
    if action == CONFIRMS[0] and found.matter.pending is not None:
        sheet = replace(sheet, barred=barred(here, viewer, sheet))
    return found, sheet


def _with_matter_of_act(
    here: Installation, conn: Connection, viewer: Viewer, found: MatterView, sheet: Sheet
) -> Sheet:
    """The form with what it is about: the entry that waits, the objection, the last day of a signature."""
    if sheet.action in CONFIRMS and found.matter.pending is not None:
        return replace(sheet, shown="confirm", material={"waiting": of_view(here, conn, found).waiting})
    number = sheet.fixed.get("number")
    if isinstance(number, int):
        sight = of_view(here, conn, found)
        due = sight.objection(number)
        material = {
            "due": due,
            "line": sight.line(due.objection.mseq),
            "story": sight.about_objection(number),
            "papers": sight.evidence(number, viewer),
        }
        return replace(sheet, shown="objection", material=material)
    prospect = next((each for each in found.ahead if each.action == sheet.action == SIGN), None)
    return replace(sheet, shown=SIGN, material={"window": prospect.window}) if prospect else sheet
