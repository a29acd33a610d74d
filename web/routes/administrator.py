"""Accounts of the place and below it: new ones, one-time codes for passwords, and the end of one."""

import logging
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web import store
from web.access import Viewer, require
from web.forms import Form
from web.pages import GROUP_WORDS, render
from web.tables import Account

log = logging.getLogger("cunyi.web")

router = APIRouter(include_in_schema=False, prefix="/accounts")
Administrator = Annotated[Viewer, Depends(require("administrator"))]
Posted = Annotated[Form, Depends(Form.posted)]
GROUPS: Final = tuple(GROUP_WORDS.items())


@router.get("")
def list_accounts(request: Request, viewer: Administrator) -> Response:
    """Every account of the place and below it."""
    with request.app.state.database.reading() as conn:
        found = store.accounts(conn, viewer.scope)
    return render(request, "administrator/accounts.html", accounts=found)


@router.get("/new")
def new_account_page(request: Request, viewer: Administrator) -> Response:
    """The form of a new account."""
    form = Form()
    form.show("scope", viewer.scope)
    return render(request, "administrator/new.html", form=form, groups=GROUPS)


@router.post("/new")
def new_account(request: Request, viewer: Administrator, form: Posted) -> Response:
    """Make an account without a password, and show the code by which its owner sets one."""
    name, display = form.text("name", "登录名", most=40), form.text("display", "姓名", most=40)
    place_name = form.text("place_name", "地方名称", most=80)
    scope = form.text("scope", "区划代码", most=12)
    group = form.choice("group", "岗位", GROUP_WORDS) or ""
    if scope and not viewer.may_see(scope):
        form.fail("scope", f"区划代码要以 {viewer.scope} 开头，只能给本地方的人开账号")
    if not form.errors:
        now = request.app.state.watch()
        try:
            with request.app.state.database.writing() as conn:
                person = store.create_account(
                    conn, name=name, display=display, group=group, scope=scope, place_name=place_name, now=now
                )
                code = store.issue_code(conn, "reset", now, person)
                account = store.account_of(conn, person)
        except ValueError as fault:
            form.fail("name" if "登录名“" in str(fault) else "scope", str(fault))
        else:
            log.warning("%s account %s made by %s", request.state.request_id, person, viewer.person)
            return render(request, "administrator/code.html", account=account, code=code, new=True)
    return render(request, "administrator/new.html", status=422, form=form, groups=GROUPS)


@router.post("/{person}/code")
def new_code(request: Request, viewer: Administrator, person: str) -> Response:
    """Show a one-time code, which this person alone can turn into a new password; good for a day."""
    now = request.app.state.watch()
    with request.app.state.database.writing() as conn:
        account = _theirs(store.account_of(conn, person), viewer)
        code = store.issue_code(conn, "reset", now, person)
    log.warning("%s reset code for %s issued by %s", request.state.request_id, person, viewer.person)
    return render(request, "administrator/code.html", account=account, code=code, new=False)


@router.get("/{person}/close")
def close_page(request: Request, viewer: Administrator, person: str) -> Response:
    """Ask once more before an account is ended."""
    with request.app.state.database.reading() as conn:
        account = _theirs(store.account_of(conn, person), viewer)
    return render(request, "administrator/close.html", account=account)


@router.post("/{person}/close")
def close(request: Request, viewer: Administrator, person: str) -> Response:
    """End an account; what its owner has recorded stays under their name."""
    if person == viewer.person:
        raise HTTPException(409, "不能停用自己的账号，请由另一位管理员来办。")
    with request.app.state.database.writing() as conn:
        _theirs(store.account_of(conn, person), viewer)
        store.close_account(conn, person, request.app.state.watch())
    log.warning("%s account %s closed by %s", request.state.request_id, person, viewer.person)
    return RedirectResponse("/accounts", status_code=303)


def _theirs(account: Account | None, viewer: Viewer) -> Account:
    if account is None or account.closed_at is not None or not viewer.may_see(account.scope):
        raise HTTPException(404)
    return account
