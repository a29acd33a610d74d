"""The county's places: which villages and townships there are, and who holds an office above the villages."""

import re
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
from web.pages import GROUP_WORDS, render
from web.place_records import holders
from workflow.core.days import civil_day
from workflow.core.place import OFFICES
from workflow.core.place_acts import place_actions
from workflow.installation import Installation
from workflow.request import Receipt
from workflow.store import places

router = APIRouter(prefix="/places")
County = Annotated[Viewer, Depends(require("county"))]
Posted = Annotated[Form, Depends(Form.posted)]
Change = Literal["grant_office", "end_office"]

OFFICES_OF: Final = {
    "township": ("township_officer", "liaison", "commissioner"),
    "county": ("county_civil_affairs", "county_org", "discipline", "auditor", "administrator"),
}
"""The offices the county grants, by the level of the place; those of a village its township grants."""


@router.get("")
def list_places(request: Request, viewer: County, done: str = "") -> Response:
    """The townships with their villages, and the form for a new one."""
    return _list(request, viewer, Form(), done=done)


@router.post("")
def add_place(request: Request, viewer: County, form: Posted) -> Response:
    """Add a township or a village: its level follows from its code."""
    name = form.text("name", "名称", most=40)
    code = form.text("code", "区划代码", most=12)
    with request.app.state.database.writing() as conn:
        _check_code(conn, viewer, form, code)
        if not form.errors:
            places.add(conn, code, name)
    if form.errors:
        return _list(request, viewer, form)
    return RedirectResponse(f"/county/places?done={code}", status_code=303)


def _check_code(conn: Connection, viewer: Viewer, form: Form, code: str) -> None:
    if form.error("code"):
        return
    if not re.fullmatch("[0-9]{12}", code) or not viewer.may_see(code):
        form.fail("code", f"区划代码是 12 位数字，以 {viewer.scope} 开头")
    elif places.level_of(code) == "county":
        form.fail("code", "这是县的代码；这里只加乡镇和村")
    elif (known := places.name_of(conn, code)) is not None:
        form.fail("code", f"{code} 已经登记为“{known}”")
    elif places.level_of(code) == "village" and places.name_of(conn, code[:9] + "000") is None:
        form.fail("code", f"先加这个村的乡镇 {code[:9]}000，再加村")


def _list(request: Request, viewer: Viewer, form: Form, done: str = "") -> Response:
    here: Installation = request.app.state.here
    with here.database.reading() as conn:
        found = places.all_under(conn, viewer.scope)
    return render(
        request,
        "county/places.html",
        status=422 if form.errors else 200,
        form=form,
        added=next((each for each in found if each.code == done), None),
        county=next((each for each in found if each.level == "county"), None),
        towns=[
            (town, [each for each in found if each.level == "village" and each.code[:9] == town.code[:9]])
            for town in found
            if town.level == "township"
        ],
    )


@router.get("/{code}/offices")
def offices_page(request: Request, viewer: County, code: str, done: Change | None = None) -> Response:
    """Who holds which office at a township or the county, and the form to grant one."""
    return _offices(request, viewer, code, Form(), done=done)


@router.post("/{code}/offices/{change}")
def change_office(request: Request, viewer: County, code: str, change: Change, form: Posted) -> Response:
    """Grant an office from a day, or end one with a day: an entry on the place's own record."""
    here: Installation = request.app.state.here
    with here.database.reading() as conn:
        _name(conn, viewer, code)
    asked = place_actions(here.library.catalogue(civil_day(here.clock())))[change].fields
    if form.value("office") and form.value("office") not in OFFICES_OF[places.level_of(code)]:
        form.fail("office", "这里只登记镇街、县级的职务；村里的职务由镇街登记")
        return _offices(request, viewer, code, form, failed=Unrecorded())
    done = record(request, viewer, Deed(code, None, change, asked), form)
    if isinstance(done, Receipt):
        return RedirectResponse(f"/county/places/{code}/offices?done={change}", status_code=303)
    return _offices(request, viewer, code, form, failed=done)


def _name(conn: Connection, viewer: Viewer, code: str) -> str:
    name = places.name_of(conn, viewer.must_see(code))
    if name is None or places.level_of(code) not in OFFICES_OF:
        raise HTTPException(404)
    return name


def _offices(
    request: Request, viewer: Viewer, code: str, form: Form, *,
    failed: Unrecorded | None = None, done: Change | None = None,
) -> Response:  # fmt: skip
    here: Installation = request.app.state.here
    scope = places.scope_of(code)
    with here.database.reading() as conn:
        name = _name(conn, viewer, code)
        held = holders(here, conn, code, civil_day(here.clock()))
        people = [
            (
                each.person,
                each.display,
                f"登录名 {each.name} · {each.place_name} · {GROUP_WORDS[each.group_name]}",
            )
            for each in store.accounts(conn, scope)
            if each.closed_at is None and each.scope == scope
        ]
    return render(
        request,
        "county/offices.html",
        status=failed.status if failed else 200,
        code=code,
        name=name,
        held=held,
        people=people,
        offices=[(each, OFFICES[each]) for each in OFFICES_OF[places.level_of(code)]],
        form=form,
        failed=failed,
        done=done,
        key=new_key(),
    )
