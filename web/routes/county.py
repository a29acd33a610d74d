"""The county: its villages in numbers, overdue matters; procedures, texts, places and offices next door."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web import matter_lists as lists
from web.access import Viewer, require
from web.pages import render
from workflow.core.days import civil_day
from workflow.installation import Installation
from workflow.store import overview, places
from workflow.store.overview import Numbers
from workflow.store.places import PlaceRow

router = APIRouter(include_in_schema=False, prefix="/county")
County = Annotated[Viewer, Depends(require("county"))]
Mark = Literal["", "open", "overdue", "late", "objections", "corrected"]

MARK_WORDS: Final = {
    "overdue": "超期", "objections": "异议没办完", "late": "补录", "corrected": "更正", "open": "在办", "": "全部",
}  # fmt: skip
SPREAD: Final = 100
"""With no more villages than this, the first page has a line for each; with more, for each township."""
_CODE = re.compile(r"[0-9]{6}|[0-9]{9}|[0-9]{12}")
_AFTER = re.compile(r"(?:\d{4}-\d\d-\d\d~)?[0-9]{12}-[0-9]{4}-[0-9]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table of numbers: a village, or a township with the sums of its villages."""

    place: PlaceRow
    scope: str
    numbers: Numbers


@router.get("")
def home(request: Request, viewer: County, town: str = "") -> Response:
    """Every village, or every township of a large county, with what is open, late, objected to and corrected."""
    here: Installation = request.app.state.here
    scope = places.scope_of(viewer.must_see(town)) if town else viewer.scope
    with here.database.reading() as conn:
        found = places.all_under(conn, viewer.scope)
        today = civil_day(here.clock())
        counted = overview.numbers(conn, scope, today)
        waiting = lists.waiting(conn, scope, "county", today)
    towns = [each for each in found if each.level == "township"]
    shown = [each for each in found if each.level == "village" and each.code.startswith(scope)]
    if not town and len(shown) > SPREAD:
        shown = towns
    lines = [_line(each, counted) for each in shown]
    return render(
        request,
        "county/home.html",
        towns=towns,
        town=town,
        lines=lines,
        total=_sum(line.numbers for line in lines),
        waiting=waiting,
    )


def _line(place: PlaceRow, counted: dict[str, Numbers]) -> Line:
    scope = places.scope_of(place.code)
    return Line(place, scope, _sum(each for code, each in counted.items() if code.startswith(scope)))


def _sum(numbers: Iterable[Numbers]) -> Numbers:
    listed = list(numbers)
    return Numbers(**{each.name: sum(getattr(one, each.name) for one in listed) for each in fields(Numbers)})


@router.get("/matters")
def matters(
    request: Request, viewer: County, mark: Mark = "overdue", place: str = "", after: str = ""
) -> Response:
    """The matters of the county page after page: overdue first, or with another mark, or all."""
    here: Installation = request.app.state.here
    today = civil_day(here.clock())
    if (place and not _CODE.fullmatch(place)) or (after and not _AFTER.fullmatch(after)):
        raise HTTPException(404)
    scope = _prefix(viewer.must_see(place)) if place else viewer.scope
    with here.database.reading() as conn:
        rows, following = overview.matters(conn, scope, mark, after, today)
        towns = places.all_under(conn, viewer.scope, "township")
        name = places.name_of(conn, scope.ljust(places.CODE_LENGTH, "0"))
    return render(
        request,
        "county/matters.html",
        rows=[(row, _days_over(row.last_day, today)) for row in rows],
        mark=mark,
        place=place,
        place_title=name or "",
        towns=towns,
        after=after,
        following=following,
        words=MARK_WORDS,
    )


def _prefix(place: str) -> str:
    return places.scope_of(place) if len(place) == places.CODE_LENGTH else place


def _days_over(last_day: str | None, today: date) -> int:
    return max((today - date.fromisoformat(last_day)).days, 0) if last_day else 0
