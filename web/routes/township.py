"""The township: what waits for it, and its villages; its other pages are those of every room."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from web import matter_lists as lists
from web.access import Viewer, require
from web.coming_back import missed, owed
from web.pages import render
from web.sights import load
from workflow.core.days import civil_day
from workflow.core.place import TOWNSHIP
from workflow.installation import Installation
from workflow.store import places

router = APIRouter(include_in_schema=False, prefix="/township")
Officer = Annotated[Viewer, Depends(require("township"))]


@router.get("")
def home(request: Request, viewer: Officer) -> Response:
    """What waits for the township, what it must know of, and what is late in its villages."""
    here: Installation = request.app.state.here
    today = civil_day(here.clock())
    with here.database.reading() as conn:
        waiting = lists.waiting(conn, viewer.scope, "township", today)
        changed = [
            sight
            for each in lists.corrected(conn, viewer.scope, today)
            if (sight := load(here, conn, each.row.id, viewer)).changed
        ]
        escalated = [
            (sight, due)
            for each in lists.escalated(conn, viewer.scope, today)
            for sight in [load(here, conn, each.row.id, viewer)]
            for due in sight.objections
            if due.objection.status == "escalated"
        ]
        escalated.sort(key=lambda each: str(each[1].last))
        overdue = lists.overdue(conn, viewer.scope, today)
        duties = owed(here, conn, viewer.scope, today)
        own = here.place(conn, viewer.scope.ljust(places.CODE_LENGTH, "0"))
    return render(
        request,
        "township/home.html",
        waiting=waiting,
        changed=changed,
        escalated=escalated,
        overdue=[each for each in overdue if each.row.waits_for != "township"],
        in_office=bool(own.offices(viewer.person, today) & TOWNSHIP),
        duties=missed(duties),
    )


@router.get("/places")
def list_places(request: Request, viewer: Officer) -> Response:
    """The township itself and its villages."""
    here: Installation = request.app.state.here
    with here.database.reading() as conn:
        found = [*lists.places_of(conn, viewer.scope, "township"), *lists.places_of(conn, viewer.scope)]
    return render(request, "township/places.html", found=found)
