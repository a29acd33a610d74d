"""One's own account: a new password, and the end of sessions left open elsewhere."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web import store
from web.access import Viewer, require
from web.forms import Form
from web.pages import render
from web.routes.login import admit, new_password, prove, too_often
from web.tables import Account

router = APIRouter(include_in_schema=False, prefix="/account")
Anyone = Annotated[Viewer, Depends(require())]
Posted = Annotated[Form, Depends(Form.posted)]


@router.get("")
def own_account(request: Request, _viewer: Anyone, done: str = "") -> Response:
    """Name, group, place, and the two things to do."""
    note = {"password": "新密码设好了，别处的登录都已退出。", "elsewhere": "别处的登录都已退出。"}.get(
        done, ""
    )
    return render(request, "account/account.html", form=Form(), note=note)


@router.post("/password")
async def change_password(request: Request, viewer: Anyone, form: Posted) -> Response:
    """Take a new password from a person who knows the old one; every other session ends."""
    passwords = request.app.state.passwords
    name = await run_in_threadpool(_login_name, request, viewer.person)
    if not form.value("old_password"):
        form.fail("old_password", "现在的密码没有填")
    password = new_password(form, name)
    if form.errors:
        return render(request, "account/account.html", status=422, form=form, note="")
    account, wait = await passwords.run(prove, request, name, form.value("old_password"))
    if wait:
        return too_often(request, "account/account.html", form, wait)
    if account is None:
        form.fail("old_password", "现在的密码不对")
        return render(request, "account/account.html", status=422, form=form, note="")
    response = RedirectResponse("/account?done=password", status_code=303)
    await passwords.run(_replace, request, account, password, response)
    return response


@router.post("/elsewhere")
def close_elsewhere(request: Request, viewer: Anyone) -> Response:
    """End this person's sessions in every other browser."""
    with request.app.state.database.writing() as conn:
        here = request.cookies.get(request.app.state.settings.cookie, "")
        store.close_sessions(conn, viewer.person, but=here)
    return RedirectResponse("/account?done=elsewhere", status_code=303)


def _login_name(request: Request, person: str) -> str:
    with request.app.state.database.reading() as conn:
        account = store.account_of(conn, person)
    if account is None:
        raise HTTPException(401)
    return account.name


def _replace(request: Request, account: Account, password: str, response: Response) -> None:
    stored = request.app.state.passwords.hash_now(password)
    with request.app.state.database.writing() as conn:
        store.set_password(conn, account.person, stored)
    admit(request, account, response)
