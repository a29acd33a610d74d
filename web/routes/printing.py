"""Paper: the whole history of a matter in archive order, and the six-part 登记表 on A4."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from web.access import Viewer, require
from web.forms_of_six import six_parts
from web.pages import render
from web.sights import see
from workflow.core.stages.motion import SOURCES

router = APIRouter(include_in_schema=False, prefix="/committee")
Printer = Annotated[Viewer, Depends(require("committee", "auditor", "secretary", "township", "county"))]


@router.get("/matters/{matter}/print")
def print_history(request: Request, viewer: Printer, matter: str) -> Response:
    """Every entry from the first to the last, with numbers, articles and verdicts."""
    sight = see(request, viewer, matter)
    return render(request, "print/history.html", sight=sight, view=sight.view, back=_back(viewer, matter))


@router.get("/matters/{matter}/form")
def print_form(request: Request, viewer: Printer, matter: str) -> Response:
    """The sheet counties know: proposal, consultation, party members, decision, posting, result."""
    sight = see(request, viewer, matter)
    return render(
        request,
        "print/six.html",
        sight=sight,
        view=sight.view,
        parts=six_parts(sight),
        sources=SOURCES,
        reason=sight.text(sight.line(1).act, "reason"),
        back=_back(viewer, matter),
    )


def _back(viewer: Viewer, matter: str) -> str:
    """The matter's page in the viewer's own room."""
    room = viewer.group if viewer.group in ("secretary", "township", "county") else "committee"
    return f"/{room}/matters/{matter}"
