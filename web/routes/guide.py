"""哪些事要开会、开什么会、怎么开会: from what is to be done to the meetings in order, and the button that opens the matter."""

from datetime import date
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web.access import Viewer, require
from web.forms import Form
from web.pages import render
from workflow.core.catalogue import Catalogue, Kind
from workflow.core.days import civil_day
from workflow.core.facts import FactValue, Field, read_facts
from workflow.core.findings import Unreadable
from workflow.forms import AMOUNT
from workflow.installation import Installation
from workflow.library import NotInForce
from workflow.routing import Advice, advise, found
from workflow.store import places

router = APIRouter(include_in_schema=False, prefix="/secretary/guide")
Secretary = Annotated[Viewer, Depends(require("secretary"))]


@router.get("")
def search_page(request: Request, viewer: Secretary, q: str = "", place: str = "") -> Response:
    """Say what is to be done; the kinds of matter it may be, the likeliest first."""
    here: Installation = request.app.state.here
    day = civil_day(here.clock())
    with here.database.reading() as conn:
        code = _village(conn, viewer, place)
    kinds = found(here.library.catalogue(day, code), q[:100]) if q.strip() else []
    return render(request, "secretary/guide.html", q=q.strip()[:100], place=code, kinds=kinds)


@router.get("/{kind}")
def kind_page(request: Request, viewer: Secretary, kind: str, place: str = "") -> Response:
    """The questions of one kind, and with their answers its meetings in order."""
    here: Installation = request.app.state.here
    day = civil_day(here.clock())
    with here.database.reading() as conn:
        code = _village(conn, viewer, place)
        standing = here.place(conn, code)
    catalogue = here.library.catalogue(day, code)
    asked = catalogue.by_id.get(kind)
    if asked is None:
        raise HTTPException(404)
    form = Form({name: request.query_params.getlist(name) for name in request.query_params})
    facts = _facts(form, asked)
    advice: Advice | None = None
    try:
        if not form.errors:
            advice = advise(here.library, catalogue, asked, facts, standing, day)
    except (NotInForce, Unreadable):
        raise HTTPException(409, "这类事项的程序文本现在用不了，请告诉县里的管理员。") from None
    return render(
        request, "secretary/guide_kind.html", kind=asked, place=code, form=form, advice=advice,
        amount=_asks_amount(here, catalogue, asked, code, day), options=_options, told=_told(form, asked),
    )  # fmt: skip


def _options(question: Field) -> list[tuple[str, str]]:
    return [(each.token, each.title) for each in question.choices]


def _told(form: Form, kind: Kind) -> str:
    """What was answered here, for the form that opens the matter."""
    names = [AMOUNT.name, *(each.id for each in kind.asks)]
    return "".join(f"&{quote(name)}={quote(form.value(name))}" for name in names if form.value(name))


def _village(conn: Connection, viewer: Viewer, place: str) -> str:
    code = viewer.must_see(place or viewer.scope)
    if places.name_of(conn, code) is None:
        raise HTTPException(404)
    return code


def _facts(form: Form, kind: Kind) -> dict[str, FactValue]:
    fields = (AMOUNT, *kind.fields())
    facts, errors = read_facts(fields, form.given(fields))
    form.take(each for each in errors if form.value(each.field))
    return dict(facts.open)


def _asks_amount(here: Installation, catalogue: Catalogue, kind: Kind, code: str, day: date) -> bool:
    """Whether the amount changes anything: a money table, a route, or a step that depends on it."""
    if kind.money is not None or any(each.when.amount_fen is not None for each in kind.routes):
        return True
    procedures = {each.procedure for each in catalogue.leads_to(kind)}
    stages = (
        stage
        for each in procedures
        for stage in here.library.effective(each, code, day).compiled.procedure.stages
    )
    return any(stage.when is not None and stage.when.amount_fen is not None for stage in stages)
