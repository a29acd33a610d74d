"""Who holds which office in a place, as the township and the county read it; granting and ending are acts like others."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web import store
from web.access import Viewer, of_room
from web.acting.place_sheet import GRANTERS_OF
from web.pages import render
from web.place_records import holders, related
from workflow.core.days import civil_day
from workflow.core.place import level_of
from workflow.core.separation import GRANTS
from workflow.installation import Installation
from workflow.store import places

router = APIRouter(include_in_schema=False, prefix="/{room}/places")
Granter = Annotated[Viewer, Depends(of_room("township", "county", keeping=True))]


@router.get("/{code}/offices")
def offices_page(request: Request, viewer: Granter, room: str, code: str) -> Response:
    """Who holds, held or will hold which office there."""
    here: Installation = request.app.state.here
    with here.database.reading() as conn:
        name = places.name_of(conn, viewer.must_see(code))
        if name is None or level_of(code) not in GRANTS[GRANTERS_OF[room]]:
            raise HTTPException(404)
        held = holders(here, conn, code, civil_day(here.clock()))
        relatives = related(here, conn, code, civil_day(here.clock()))
        scope = places.scope_of(code)
        people = [
            each for each in store.accounts(conn, scope) if each.closed_at is None and each.scope == scope
        ]
    return render(
        request, "offices/offices.html", room=room, code=code, name=name, held=held, people=bool(people),
        relatives=relatives, kin=room == "township",
    )  # fmt: skip
