"""The county: its villages in numbers, overdue matters, procedures in words; places and offices next door."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Request
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web.access import Viewer, require
from web.forms import Form
from web.pages import render
from web.routes import county_places
from workflow.core.days import civil_day
from workflow.core.findings import Unreadable
from workflow.diagram import svg
from workflow.installation import Installation
from workflow.library import NotInForce
from workflow.show import Shown, show
from workflow.store import overview, places
from workflow.store.overview import Numbers
from workflow.store.places import PlaceRow

router = APIRouter(include_in_schema=False, prefix="/county")
router.include_router(county_places.router)
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
        counted = overview.numbers(conn, scope, civil_day(here.clock()))
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


@router.get("/procedures")
def procedures(request: Request, viewer: County) -> Response:
    """Every procedure in force in the county today, in a line; a broken one with its faults."""
    here: Installation = request.app.state.here
    today, code = civil_day(here.clock()), viewer.scope.ljust(places.CODE_LENGTH, "0")
    found: list[tuple[str, Shown | None, list[str]]] = []
    for procedure in here.library.procedures():
        try:
            found.append((procedure, show(here.library, procedure, code, today), []))
        except Unreadable as broken:
            found.append((procedure, None, [each.line() for each in broken.findings]))
        except NotInForce as absent:
            found.append((procedure, None, [str(absent)]))
    return render(request, "county/procedures.html", found=found)


@router.get("/procedures/{procedure}")
def procedure_page(
    request: Request, viewer: County, procedure: str, place: str = "", on: str = ""
) -> Response:
    """One procedure as it binds a place on a day: drawn, and in words with the layer and floor of every value."""
    here: Installation = request.app.state.here
    if procedure not in here.library.procedures():
        raise HTTPException(404)
    county = viewer.scope.ljust(places.CODE_LENGTH, "0")
    form = Form({"place": [place or county], "on": [on or civil_day(here.clock()).isoformat()]})
    code, day = _place_asked(here, viewer, form), _day_asked(form)
    shown, drawing, faults = None, Markup(), list[str]()
    if code and day and not form.errors:
        try:
            shown = show(here.library, procedure, code, day)
            text = here.library.effective(procedure, code, day).compiled.procedure
            kinds = {each.id: each.title for each in here.library.catalogue(day, code).kinds}
            drawing = Markup(svg(text, kinds=kinds))  # noqa: S704 - our own SVG, its texts escaped
        except Unreadable as broken:
            faults = [each.line() for each in broken.findings]
        except NotInForce as absent:
            faults = [str(absent)]
    return render(
        request,
        "county/procedure.html",
        status=422 if form.errors else 200,
        procedure=procedure,
        form=form,
        shown=shown,
        drawing=drawing,
        faults=faults,
    )


def _place_asked(here: Installation, viewer: Viewer, form: Form) -> str:
    code = form.text("place", "区划代码", most=12)
    if not re.fullmatch("[0-9]{12}", code) or not viewer.may_see(code):
        form.fail("place", f"请填以 {viewer.scope} 开头的 12 位区划代码")
        return ""
    with here.database.reading() as conn:
        if places.name_of(conn, code) is None:
            form.fail("place", f"还没有登记 {code} 这个地方")
    return code


def _day_asked(form: Form) -> date | None:
    try:
        return date.fromisoformat(form.text("on", "日期", most=10))
    except ValueError:
        form.fail("on", "日期写成 2026-03-01 这样")
        return None
