"""The supervisory committee: what waits for it, and who objected; its other pages are those of every room."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.responses import Response

from web import matter_lists as lists
from web import readings
from web.access import Viewer, require
from web.coming_back import owed
from web.pages import render
from web.place_records import Waiting, waiting_records
from web.routes.supervision import show_objection
from web.sights import Due, Sight, load, see
from workflow.core.days import civil_day
from workflow.core.place import VSC
from workflow.core.stage import CONFIRMING
from workflow.installation import Installation
from workflow.store import places

router = APIRouter(include_in_schema=False, prefix="/committee")

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
            if due.objection.open
        ]
        open_ = lists.under_way(conn, viewer.scope, today)
        records = _records(here, conn, viewer)
        offices = _offices(here, conn, viewer)
        duties = owed(here, conn, viewer.scope, today)
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
        duties=duties,
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


@router.post("/matters/{matter}/objections/{number}/name")
def objector(request: Request, viewer: Reader, matter: str, number: int) -> Response:
    """Show who objected and how to reach them; that it was shown, to whom and when, is kept."""
    sight = see(request, viewer, matter)
    entry = sight.line(sight.objection(number).objection.mseq).entry
    kept = sight.private.get(entry.seq, {})
    shown = {name: kept[name].value for name in ("name", "contact") if name in kept}
    here: Installation = request.app.state.here
    with here.database.writing() as conn:
        readings.note(conn, viewer.person, sight.view.place, {entry.seq: shown}, request.app.state.watch())
    return show_objection(request, viewer, "committee", sight, number, shown)


@router.get("/place")
def place_page(request: Request, viewer: Committee) -> Response:
    """What waits for confirmation on the place's own record: counts of bodies, delegations."""
    here: Installation = request.app.state.here
    with here.database.reading() as conn:
        records = _records(here, conn, viewer)
    return render(request, "committee/place.html", records=records)
