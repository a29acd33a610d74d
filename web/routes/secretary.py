"""The village secretary: what is due today, finding a matter, one matter, and opening one."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web import matter_lists
from web.access import Viewer, require
from web.acting.lacking import lacking
from web.acting.search import PAGE, find
from web.acting.view import own_corrections, view
from web.coming_back import owed
from web.pages import render
from workflow.core.days import civil_day
from workflow.installation import Installation
from workflow.store import places

router = APIRouter(include_in_schema=False, prefix="/secretary")
Secretary = Annotated[Viewer, Depends(require("secretary"))]
WAITS_FOR: Final[Mapping[str, str]] = {
    "committee": "等村务监督委员会",
    "township": "等镇街",
    "county": "等县里",
    "": "等别人办",
}


@router.get("")
def today(request: Request, viewer: Secretary) -> Response:
    """今日待办: what the village's own people must do next, with its legal days; then what waits for others."""
    here: Installation = request.app.state.here
    day = civil_day(here.clock())
    with here.database.reading() as conn:
        own = matter_lists.waiting(conn, viewer.scope, "secretary", day)
        objected = matter_lists.objected(conn, viewer.scope, day)
        others = [
            each
            for each in matter_lists.under_way(conn, viewer.scope, day)
            if each.row.waits_for != "secretary"
        ]
        offices = (
            here.place(conn, viewer.scope).offices(viewer.person, day)
            if len(viewer.scope) == places.CODE_LENGTH
            else frozenset({""})
        )
        coming_back = owed(here, conn, viewer.scope, day)
    due = [each for each in own if each.row.first_day is None or each.row.first_day <= day.isoformat()]
    later = [each for each in own if each not in due]
    return render(
        request, "secretary/today.html", due=due, later=later, objected=objected, others=others,
        waits_for=WAITS_FOR, offices=offices, duties=coming_back,
    )  # fmt: skip


@router.get("/search")
def search(request: Request, viewer: Secretary, q: str = "", page: int = 1) -> Response:
    """Matters of the viewer's places by a piece of their title, their kind or their number."""
    here: Installation = request.app.state.here
    page = min(max(page, 1), 10_000)
    kinds = here.library.catalogue(civil_day(here.clock()), viewer.scope).kinds
    with here.database.reading() as conn:
        found = find(conn, viewer.scope, q, kinds, page)
    titles = {kind.id: kind.title for kind in kinds}
    return render(
        request, "secretary/search.html", q=q.strip(), found=found[:PAGE], more=len(found) > PAGE, page=page, kinds=titles
    )  # fmt: skip


@router.get("/matters/{matter}")
def matter_page(request: Request, viewer: Secretary, matter: str) -> Response:
    """One matter: where it stands, what comes next and by when, what still lacks, and its history."""
    here: Installation = request.app.state.here
    with here.database.reading() as conn:
        found = view(here, conn, matter, viewer)
        if found is None:
            raise HTTPException(404)
    missing = lacking(found, here.library.law)
    main = next((each for each in found.own if not each.standing), None)
    late = main is not None and main.window.earliest is not None and main.window.earliest > found.today
    return render(
        request, "secretary/matter.html", view=found, main=main, too_early=late, lacking=missing,
        more=[each for each in found.own if each is not main], corrections=own_corrections(found),
    )  # fmt: skip
