"""The texts a county puts in force itself: those put forward, approved and declined; putting forward is an act like others."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web.access import Viewer, require
from web.county_texts import STATES, changes, lines_of, told
from web.pages import render
from workflow.core.days import civil_day
from workflow.core.place_acts import PUBLISHERS
from workflow.installation import Installation
from workflow.store import places

router = APIRouter(include_in_schema=False, prefix="/county/texts")
County = Annotated[Viewer, Depends(require("county"))]


@router.get("")
def list_texts(request: Request, viewer: County) -> Response:
    """Every text: what waits for another person's word first, then by its first day."""
    here: Installation = request.app.state.here
    today, code = civil_day(here.clock()), viewer.scope.ljust(places.CODE_LENGTH, "0")
    with here.database.reading() as conn:
        found = told(here, conn, today)
        offices = here.place(conn, code).offices(viewer.person, today)
    groups = [(words, [each for each in found if each.state == state]) for state, words in STATES.items()]
    return render(
        request, "county/texts.html", groups=groups, code=code, found=found, may=bool(offices & PUBLISHERS)
    )


@router.get("/{number}")
def text_page(request: Request, viewer: County, number: int) -> Response:
    """One text: its lines, what it changes, how it stands."""
    here: Installation = request.app.state.here
    with here.database.reading() as conn:
        found = next(
            (each for each in told(here, conn, civil_day(here.clock())) if each.text.pseq == number), None
        )
    if found is None:
        raise HTTPException(404)
    return render(
        request, "county/text.html", each=found, state=STATES[found.state], lines=lines_of(here, found.text.digest),
        changed=changes(here, found), code=viewer.scope.ljust(places.CODE_LENGTH, "0"), viewer_is_proposer=found.text.proposed_by == viewer.person,
    )  # fmt: skip
