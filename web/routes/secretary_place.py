"""人员与授权: the counts of the bodies, who holds which office, what was delegated, and what waits for confirmation."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web.access import Viewer, require
from web.acting import desk
from web.acting.record import record_of
from web.acting.sheet import Sheet, place_sheet
from web.acting.view import names_of
from web.forms import Form
from web.pages import render
from workflow.core.days import civil_day
from workflow.core.tree import leaf_hash
from workflow.installation import Installation
from workflow.store import places, register

router = APIRouter(include_in_schema=False, prefix="/place")
Secretary = Annotated[Viewer, Depends(require("secretary"))]
Posted = Annotated[Form, Depends(Form.posted)]


@router.get("")
def place_page(request: Request, viewer: Secretary, place: str = "") -> Response:
    """The place as the register knows it today."""
    here: Installation = request.app.state.here
    code = viewer.must_see(place or viewer.scope)
    with here.database.reading() as conn:
        name = places.name_of(conn, code)
        villages = [each for each in places.all_under(conn, viewer.scope) if each.level == "village"]
        if name is None and len(code) == places.CODE_LENGTH:
            raise HTTPException(404)
        found = record_of(here, conn, code, names_of(conn)) if name else None
    return render(request, "secretary/place.html", record=found, code=code, name=name, villages=villages)


@router.get("/done/{number}")
def done_page(request: Request, viewer: Secretary, number: int, place: str = "") -> Response:
    """An act on the place's record is in the register."""
    here: Installation = request.app.state.here
    code = viewer.must_see(place or viewer.scope)
    with here.database.reading() as conn:
        entry = next((each for each in register.of_place_itself(conn, code) if each.pseq == number), None)
        if entry is None:
            raise HTTPException(404)
        record = record_of(here, conn, code, names_of(conn))
    waits = any(each.number == number for each in record.waiting)
    return render(
        request, "secretary/place_done.html", code=code, number=number, waits=waits, receipt=leaf_hash(entry.leaf()).hex()
    )  # fmt: skip


@router.get("/{action}")
def act_page(request: Request, viewer: Secretary, action: str, place: str = "", body: str = "") -> Response:
    """The form of an act on the place's record."""
    return desk.show(request, viewer, _sheet(request, viewer, action, place, body))


@router.post("/{action}")
def act(
    request: Request, viewer: Secretary, form: Posted, action: str, place: str = "", body: str = ""
) -> Response:
    """Keep, check or record it."""
    return desk.submit(request, viewer, _sheet(request, viewer, action, place, body), form)


def _sheet(request: Request, viewer: Viewer, action: str, place: str, body: str) -> Sheet:
    here: Installation = request.app.state.here
    code = viewer.must_see(place or viewer.scope)
    with here.database.reading() as conn:
        known = places.name_of(conn, code) is not None
    sheet = place_sheet(here, code, action, body, civil_day(here.clock())) if known else None
    if sheet is None:
        raise HTTPException(404)
    return sheet
