"""What the committee and the township read alike: every matter, one matter with its whole history, one objection."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from web import matter_lists as lists
from web import readings
from web.access import Viewer, of_room
from web.acting.view import names_of, own_corrections
from web.histories import OBJECTOR
from web.pages import render
from web.sights import Sight, see
from workflow.core.days import civil_day
from workflow.core.standing import HANDLES
from workflow.installation import Installation

router = APIRouter(include_in_schema=False, prefix="/{room}/matters")
Above = Annotated[Viewer, Depends(of_room("committee", "township", "county", reading=True))]
Reader = Annotated[Viewer, Depends(of_room("committee", "township", reading=True))]


@router.get("")
def list_matters(
    request: Request,
    viewer: Reader,
    room: str,
    at: str = "",
    place: str = "",
    mark: Annotated[list[str] | None, Query()] = None,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """Every matter of the scope, narrowed by place, by where it stands, and by what marks it carries."""
    here: Installation = request.app.state.here
    wanted = lists.Wanted(place, at, tuple(mark or ()), page)
    with here.database.reading() as conn:
        found, total = lists.matters(conn, viewer.scope, wanted, civil_day(here.clock()))
        villages = lists.places_of(conn, viewer.scope)
    return render(
        request,
        "supervision/matters.html",
        room=room,
        found=found,
        total=total,
        wanted=wanted,
        last_page=max(1, -(-total // lists.PAGE)),
        villages=villages,
        at_words=lists.AT,
        mark_words=lists.MARKED,
    )


@router.get("/{matter}")
def matter_page(request: Request, viewer: Above, room: str, matter: str) -> Response:
    """One matter: where it stands, what may be done, its objections, the whole history with every number and article."""
    sight = see(request, viewer, matter)
    # An objection is handled on its own page, and what waits is declined on the page that shows it.
    own = [each for each in sight.view.own if each.action not in {*HANDLES, "decline"}]
    main = next((each for each in own if not each.standing), None)
    return render(
        request,
        "supervision/matter.html",
        room=room,
        sight=sight,
        view=sight.view,
        main=main,
        more=[each for each in own if each is not main],
        corrections=own_corrections(sight.view),
    )


@router.get("/{matter}/objections/{number}")
def objection_page(request: Request, viewer: Reader, room: str, matter: str, number: int) -> Response:
    """One objection: what it says, its last day, and what can be done with it; the objector is not named."""
    return show_objection(request, viewer, room, see(request, viewer, matter), number)


def show_objection(
    request: Request,
    viewer: Viewer,
    room: str,
    sight: Sight,
    number: int,
    shown: Mapping[str, str] | None = None,
) -> Response:
    """The page of an objection; `shown` is what it says of the objector, where that was asked for."""
    here: Installation = request.app.state.here
    due = sight.objection(number)
    line = sight.line(due.objection.mseq)
    with here.database.reading() as conn:
        names = names_of(conn)
        looked = [
            (names(each.person), each.at)
            for each in readings.of_entry(conn, line.entry.seq)
            if OBJECTOR & set(each.fields)
        ]
    return render(
        request,
        "supervision/objection.html",
        room=room,
        sight=sight,
        view=sight.view,
        due=due,
        line=line,
        story=sight.about_objection(number),
        papers=sight.evidence(number, viewer),
        own=[each for each in sight.view.own if due.objection.status in HANDLES.get(each.action, ())],
        named=bool(OBJECTOR & set(line.entry.private)),
        shown=shown,
        looked=looked,
    )
