"""The county's places: which villages and townships there are, and a new one."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection
from starlette.responses import Response

from web.access import Viewer, require
from web.forms import Form
from web.pages import render
from workflow.core.place import level_of
from workflow.installation import Installation
from workflow.store import places

router = APIRouter(include_in_schema=False, prefix="/county/places")
County = Annotated[Viewer, Depends(require("county"))]
Posted = Annotated[Form, Depends(Form.posted)]


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
    elif level_of(code) == "county":
        form.fail("code", "这是县的代码；这里只加乡镇和村")
    elif (known := places.name_of(conn, code)) is not None:
        form.fail("code", f"{code} 已经登记为“{known}”")
    elif level_of(code) == "village" and places.name_of(conn, code[:9] + "000") is None:
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
