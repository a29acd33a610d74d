"""人员与授权: the counts of the bodies, who holds which office, what was delegated, and what waits for confirmation."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web.access import Viewer, require
from web.acting.record import record_of
from web.acting.view import names_of
from web.pages import render
from workflow.installation import Installation
from workflow.store import places

router = APIRouter(include_in_schema=False, prefix="/secretary/place")
Secretary = Annotated[Viewer, Depends(require("secretary"))]


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
