"""Who holds which office in the township's places: granted and ended by its officers, on the place's own record."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web import store
from web.access import Viewer, require
from web.deeds import Deed, Unrecorded, new_key, record
from web.forms import Form
from web.matter_lists import places_of
from web.pages import GROUP_WORDS, render
from web.place_records import Holder, holders
from workflow.core.days import civil_day
from workflow.core.facts import Choice, Field
from workflow.core.place import OFFICES
from workflow.core.place_acts import place_actions
from workflow.installation import Installation
from workflow.request import Receipt
from workflow.store import places

router = APIRouter()
Officer = Annotated[Viewer, Depends(require("township"))]
Posted = Annotated[Form, Depends(Form.posted)]
Change = Literal["grant_office", "end_office"]
OF_LEVEL: Final = {
    "village": (
        "secretary", "branch_member", "committee_director", "committee_member", "clerk", "accountant",
        "collective_head", "vsc_chair", "vsc_member",
    ),
    "township": ("township_officer", "liaison", "commissioner"),
}  # fmt: skip


@router.get("/places")
def list_places(request: Request, viewer: Officer) -> Response:
    """The township itself and its villages."""
    here: Installation = request.app.state.here
    with here.database.reading() as conn:
        found = [*places_of(conn, viewer.scope, "township"), *places_of(conn, viewer.scope)]
    return render(request, "township/places.html", found=found)


@router.get("/places/{code}/offices")
def offices_page(request: Request, viewer: Officer, code: str, done: Change | None = None) -> Response:
    """Who holds which office there, and the form to grant one."""
    return _page(request, viewer, code, Form(), done=done)


@router.post("/places/{code}/offices/{change}")
def change_office(request: Request, viewer: Officer, code: str, change: Change, form: Posted) -> Response:
    """Grant an office from a day, or end one with a day."""
    fields = _fields(request, viewer, code, change)
    done = record(request, viewer, Deed(code, None, change, fields), form)
    if isinstance(done, Receipt):
        return RedirectResponse(f"/township/places/{code}/offices?done={change}", status_code=303)
    return _page(request, viewer, code, form, failed=done)


def _fields(request: Request, viewer: Viewer, code: str, change: str) -> tuple[Field, ...]:
    here: Installation = request.app.state.here
    with here.database.reading() as conn:
        _name(conn, viewer, code)
    return place_actions(here.library.catalogue(civil_day(here.clock())))[change].fields


def _name(conn: Connection, viewer: Viewer, code: str) -> str:
    name = places.name_of(conn, viewer.must_see(code))
    if name is None:
        raise HTTPException(404)
    return name


def _page(
    request: Request, viewer: Viewer, code: str, form: Form, *,
    failed: Unrecorded | None = None, done: str | None = None,
) -> Response:  # fmt: skip
    here: Installation = request.app.state.here
    today = civil_day(here.clock())
    with here.database.reading() as conn:
        name = _name(conn, viewer, code)
        held: list[Holder] = holders(here, conn, code, today)
        scope = places.scope_of(code)
        people = [
            (
                each.person,
                each.display,
                f"登录名 {each.name} · {each.place_name} · {GROUP_WORDS[each.group_name]}",
            )
            for each in store.accounts(conn, scope)
            if each.closed_at is None and each.scope == scope
        ]
    offices = tuple(Choice(each, OFFICES[each]) for each in OF_LEVEL.get(places.level_of(code), ()))
    return render(
        request,
        "township/offices.html",
        status=failed.status if failed else 200,
        code=code,
        name=name,
        held=held,
        people=people,
        offices=[(each.token, each.title) for each in offices],
        form=form,
        failed=failed,
        done=done,
        key=new_key(),
    )
