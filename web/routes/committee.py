"""The supervisory committee: what waits for it, and the whole history of every matter; auditors read the same pages."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import Connection
from starlette.responses import Response

from web import matter_lists as lists
from web.access import Viewer, require
from web.pages import render
from web.place_records import Waiting, waiting_records
from web.routes import committee_acts, printing, registers
from web.sights import Due, Sight, load, see
from workflow.core.days import civil_day
from workflow.core.place import VSC
from workflow.core.stage import CONFIRMING
from workflow.installation import Installation
from workflow.store import places

router = APIRouter(include_in_schema=False, prefix="/committee")
# Before the acts, whose addresses end in any word.
router.include_router(printing.router)
router.include_router(registers.router)
router.include_router(committee_acts.router)

Committee = Annotated[Viewer, Depends(require("committee"))]
Reader = Annotated[Viewer, Depends(require("committee", "auditor"))]


@router.get("")
def home(request: Request, viewer: Committee) -> Response:
    """What waits for the committee: confirmations, objections, inspections; and what it may give an opinion on."""
    here: Installation = request.app.state.here
    today = civil_day(here.clock())
    with here.database.reading() as conn:
        waiting = lists.waiting(conn, viewer.scope, "committee", today)
        objections = [
            (sight, due)
            for each in lists.objected(conn, viewer.scope, today)
            for sight in [load(here, conn, each.row.id, viewer)]
            for due in sight.objections
            if due.last is not None
        ]
        open_ = lists.under_way(conn, viewer.scope, today)
        records = _records(here, conn, viewer)
        offices = _offices(here, conn, viewer)
    objections.sort(key=_last)
    return render(
        request,
        "committee/home.html",
        confirmations=[each for each in waiting if each.row.at.endswith(f".{CONFIRMING}")],
        inspections=[each for each in waiting if not each.row.at.endswith(f".{CONFIRMING}")],
        objections=objections,
        records=records,
        others=[each for each in open_ if each.row.waits_for != "committee"],
        in_office=bool(offices & VSC),
    )


def _last(each: tuple[Sight, Due]) -> str:
    return str(each[1].last)


def _records(here: Installation, conn: Connection, viewer: Viewer) -> list[Waiting]:
    if len(viewer.scope) < places.CODE_LENGTH:
        return []
    return waiting_records(here, conn, viewer.scope)


def _offices(here: Installation, conn: Connection, viewer: Viewer) -> frozenset[str]:
    today = civil_day(here.clock())
    return here.place(conn, viewer.scope.ljust(places.CODE_LENGTH, "0")).offices(viewer.person, today)


@router.get("/matters")
def list_matters(
    request: Request,
    viewer: Reader,
    at: str = "",
    place: str = "",
    mark: Annotated[list[str] | None, Query()] = None,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """Every matter of the scope, narrowed by place, by where it stands, and by what marks it carries."""
    return render_list(request, viewer, "committee", lists.Wanted(place, at, tuple(mark or ()), page))


def render_list(request: Request, viewer: Viewer, room: str, wanted: lists.Wanted) -> Response:
    """The list page in the room of the committee or of the township."""
    here: Installation = request.app.state.here
    with here.database.reading() as conn:
        found, total = lists.matters(conn, viewer.scope, wanted, civil_day(here.clock()))
        villages = lists.places_of(conn, viewer.scope)
    return render(
        request,
        f"{room}/matters.html",
        found=found,
        total=total,
        wanted=wanted,
        last_page=max(1, -(-total // lists.PAGE)),
        villages=villages,
        at_words=lists.AT,
        mark_words=lists.MARKED,
    )


@router.get("/matters/{matter}")
def matter_page(request: Request, viewer: Reader, matter: str, done: int = 0) -> Response:
    """One matter: where it stands, its objections, and the whole history with every number, article and verdict."""
    sight = see(request, viewer, matter)
    return render(
        request,
        "committee/matter.html",
        sight=sight,
        view=sight.view,
        reads_only=viewer.group == "auditor",
        done=done,
    )


@router.get("/place")
def place_page(request: Request, viewer: Committee, done: str = "") -> Response:
    """What waits for confirmation on the place's own record: counts of bodies, delegations."""
    here: Installation = request.app.state.here
    with here.database.reading() as conn:
        records = _records(here, conn, viewer)
    return render(request, "committee/place.html", records=records, done=done)
