"""Opening a matter, in the room of whoever may: which kind it is, the steps it will take, and its first form."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web import store
from web.access import Viewer, of_room
from web.acting import desk
from web.acting.sheet import Sheet, opening_sheet
from web.forms import Form
from web.pages import render
from workflow.core.catalogue import TIERS
from workflow.core.days import civil_day
from workflow.core.findings import Unreadable
from workflow.core.place import level_of
from workflow.installation import Installation
from workflow.library import NotInForce
from workflow.store import places

router = APIRouter(include_in_schema=False, prefix="/{room}/matters/new")
Member = Annotated[Viewer, Depends(of_room("secretary", "committee", "township", "county"))]
Posted = Annotated[Form, Depends(Form.posted)]


@router.get("")
def choose_kind(request: Request, viewer: Member, place: str = "") -> Response:
    """The catalogue, by tier, each kind with its number and examples."""
    here: Installation = request.app.state.here
    with here.database.reading() as conn:
        found = [each for each in places.all_under(conn, viewer.scope) if _opens_in(viewer, each.code)]
    chosen = viewer.must_see(place) if place else _only(each.code for each in found)
    try:
        kinds = here.library.catalogue(civil_day(here.clock()), chosen or viewer.scope).kinds
    except (NotInForce, Unreadable):
        raise HTTPException(409, "事项清单现在用不了，请告诉县里的管理员。") from None
    tiers = [
        (tier, words, sorted((kind for kind in kinds if kind.tier == tier), key=lambda each: each.number))
        for tier, words in TIERS.items()
    ]
    return render(
        request, "acting/new.html", room=viewer.group, place=chosen, places=found,
        tiers=[each for each in tiers if each[2]], count=len(kinds),
    )  # fmt: skip


def _opens_in(viewer: Viewer, place: str) -> bool:
    """The county's own matters are opened by the county."""
    return viewer.group == "county" or level_of(place) != "county"


def _only(codes: Iterable[str]) -> str:
    found = list(codes)
    return found[0] if len(found) == 1 else ""


@router.get("/{kind}")
def opening_page(request: Request, viewer: Member, kind: str, place: str = "") -> Response:
    """The steps a matter of this kind will take, and the form that opens it, filled with what the address tells."""
    here: Installation = request.app.state.here
    told = Form(
        {name: texts for name in request.query_params if any(texts := request.query_params.getlist(name))}
    )
    with here.database.reading() as conn:
        draft = store.read_draft(conn, viewer.person, place or viewer.scope, f"open:{kind}")
    begun = Form({**(Form.from_json(draft.body).typed if draft else {}), **told.typed})
    sheet = _opening(request, viewer, kind, place, begun)
    asked = {each.name for each in sheet.asked}
    first = Form({name: texts for name, texts in told.typed.items() if name in asked})
    return desk.show(request, viewer, sheet, first=first)


@router.post("/{kind}")
def open_matter(request: Request, viewer: Member, form: Posted, kind: str, place: str = "") -> Response:
    """Keep, check or record an opening."""
    return desk.submit(request, viewer, _opening(request, viewer, kind, place, form), form)


def _opening(request: Request, viewer: Viewer, kind: str, place: str, form: Form) -> Sheet:
    here: Installation = request.app.state.here
    day: date = civil_day(here.clock())
    place = viewer.must_see(place or viewer.scope)
    with here.database.reading() as conn:
        known = places.name_of(conn, place) is not None and _opens_in(viewer, place)
    try:
        sheet = opening_sheet(here, viewer.group, place, kind, day, form) if known else None
    except (NotInForce, Unreadable):
        raise HTTPException(409, "这类事项的程序文本现在用不了，请告诉县里的管理员。") from None
    if sheet is None:
        raise HTTPException(404)
    return sheet
