"""The county's procedures: every one in force, grouped and searched; one in words, drawn, and held against the nation's."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web.access import Viewer, require
from web.forms import Form
from web.pages import render
from workflow.core.catalogue import Catalogue
from workflow.core.days import civil_day
from workflow.core.findings import Unreadable
from workflow.core.procedure import Procedure
from workflow.diagram import svg
from workflow.differences import Difference, differences
from workflow.installation import Installation
from workflow.library import Library, NotInForce
from workflow.saying import DECIDES, catalogue_words
from workflow.show import Shown, show
from workflow.store import places

router = APIRouter(include_in_schema=False, prefix="/county/procedures")
County = Annotated[Viewer, Depends(require("county"))]
NATION = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """One procedure in a line: its text, the divisions whose layers took part, the kinds of matter that go through it."""

    id: str
    text: Procedure
    layers: tuple[str, ...]
    kinds: tuple[str, ...]
    words: str


@router.get("")
def procedures(request: Request, viewer: County, q: str = "") -> Response:
    """Every procedure in force in the county today by who decides, narrowed by words; broken ones with their faults."""
    here: Installation = request.app.state.here
    today, code = civil_day(here.clock()), viewer.scope.ljust(places.CODE_LENGTH, "0")
    kinds, faults = _kinds(here.library, today, code)
    found: list[Listed] = []
    broken: list[tuple[str, list[str]]] = []
    for procedure in here.library.procedures():
        try:
            found.append(_listed(here.library, procedure, code, today, kinds.get(procedure, ())))
        except Unreadable as error:
            broken.append((procedure, [each.line() for each in error.findings]))
        except NotInForce as absent:
            broken.append((procedure, [str(absent)]))
    wanted = q.strip()[:100]
    fitting = [each for each in found if all(word in each.words for word in wanted.split())]
    groups = [
        (token, words, [each for each in fitting if each.text.decides == token])
        for token, words in DECIDES.items()
    ]
    return render(
        request, "county/procedures.html", q=wanted, groups=[each for each in groups if each[2]],
        broken=[] if wanted else broken, faults=faults, count=len(found), fitting=len(fitting),
    )  # fmt: skip


def _kinds(library: Library, day: date, code: str) -> tuple[dict[str, list[tuple[str, str]]], list[str]]:
    """Which kinds lead to which procedure, each with the words it is searched by; the catalogue's faults where it is broken."""
    found: dict[str, list[tuple[str, str]]] = {}
    try:
        catalogue: Catalogue = library.catalogue(day, code)
    except Unreadable as error:
        return {}, [each.line() for each in error.findings]
    except NotInForce as absent:
        return {}, [str(absent)]
    for kind in catalogue.kinds:
        for procedure in dict.fromkeys(each.procedure for each in catalogue.leads_to(kind)):
            found.setdefault(procedure, []).append((kind.title, "".join(kind.examples)))
    return found, []


def _listed(
    library: Library, procedure: str, code: str, day: date, kinds: list[tuple[str, str]] | tuple[()]
) -> Listed:
    text = library.effective(procedure, code, day).compiled.procedure
    layers = tuple(path.parent.parent.name for path in library.shelves.layers(procedure, code, day))
    titles = tuple(title for title, _ in kinds)
    said = (procedure, text.title, text.summary, *titles, *(examples for _, examples in kinds))
    return Listed(procedure, text, layers, titles, "".join((*said, *(stage.title for stage in text.stages))))


@router.get("/{procedure}")
def procedure_page(
    request: Request, viewer: County, procedure: str, place: str = "", on: str = ""
) -> Response:
    """One procedure as it binds a place on a day: drawn, in words with the layer and floor of every value, and what differs."""
    here: Installation = request.app.state.here
    if procedure not in here.library.procedures():
        raise HTTPException(404)
    county = viewer.scope.ljust(places.CODE_LENGTH, "0")
    form = Form({"place": [place or county], "on": [on or civil_day(here.clock()).isoformat()]})
    code, day = _place_asked(here, viewer, form), _day_asked(form)
    shown, drawing, faults = None, Markup(), list[str]()
    differing: list[Difference] = []
    if code and day and not form.errors:
        try:
            shown = show(here.library, procedure, code, day)
            drawing = _drawn(here.library, procedure, code, day)
            differing = _differing(here.library, shown)
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
        differing=differing,
    )


def _drawn(library: Library, procedure: str, code: str, day: date) -> Markup:
    text = library.effective(procedure, code, day).compiled.procedure
    kinds = catalogue_words(library.catalogue(day, code))
    return Markup(svg(text, kinds=kinds))  # noqa: S704 - our own SVG, its texts escaped


def _differing(library: Library, shown: Shown) -> list[Difference]:
    """What the layers of province, county and village changed in the text they begin with."""
    if len(shown.layers) == 1:
        return []
    return differences(show(library, shown.procedure, NATION, shown.day), shown)


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
