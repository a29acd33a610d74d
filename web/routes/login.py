"""In and out: login, 换人, the first set-up, and a new password by an administrator's one-time code."""

import logging
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web import attempts, store
from web.access import viewer_or_nobody
from web.forms import Form
from web.founding import found
from web.pages import local_path, render
from web.passwords import weakness
from web.settings import Settings
from web.tables import Account

log = logging.getLogger("cunyi.web")

router = APIRouter(include_in_schema=False)
Posted = Annotated[Form, Depends(Form.posted)]

DONE: Final = {
    "logout": "已经退出。换人的话，请下一位登录。",
    "reset": "新密码设好了，请用新密码登录。",
    "setup": "第一个管理员账号建好了，请登录。",
}
_IN_SECONDS: Final = 120
_WRONG_LOGIN: Final = "登录名或密码不对"
_WRONG_CODE: Final = "登录名或重置码不对，或者重置码已经过期"


@router.get("/login", dependencies=[Depends(viewer_or_nobody)])
def login_page(request: Request, next: str = "/", done: str = "") -> Response:  # noqa: A002 - the name in the address
    """The login page, or the set-up page where nobody has an account yet."""
    with request.app.state.database.reading() as conn:
        if not store.has_account(conn):
            return RedirectResponse("/setup", status_code=303)
    form = Form()
    form.show("next", local_path(next))
    return render(request, "login/login.html", form=form, note=DONE.get(done, ""))


@router.post("/login")
async def login(request: Request, form: Posted) -> Response:
    """Open a session under a new id and go on to where the person wanted to be."""
    name = form.text("name", "登录名", most=40)
    password = form.value("password")
    form.show("next", local_path(form.value("next")))
    if not password:
        form.fail("password", "密码没有填")
    if form.errors:
        return render(request, "login/login.html", status=422, form=form, note="")
    account, wait = await request.app.state.passwords.run(prove, request, name, password)
    if wait:
        return too_often(request, "login/login.html", form, wait)
    if account is None:
        log.warning("%s login refused from %s", request.state.request_id, address_of(request))
        form.fail("password", _WRONG_LOGIN)
        return render(request, "login/login.html", status=422, form=form, note="")
    response = RedirectResponse(form.value("next"), status_code=303)
    await run_in_threadpool(admit, request, account, response)
    return response


@router.post("/logout")
def logout(request: Request) -> Response:
    """End this session on the server, and forget the cookie."""
    settings: Settings = request.app.state.settings
    with request.app.state.database.writing() as conn:
        store.close_session(conn, request.cookies.get(settings.cookie, ""))
    response = RedirectResponse("/login?done=logout", status_code=303)
    response.delete_cookie(settings.cookie, secure=settings.tls, httponly=True, samesite="lax")
    return response


@router.get("/setup")
def setup_page(request: Request) -> Response:
    """The form of the first administrator; 404 once anybody has an account."""
    _only_before_first_account(request)
    return render(request, "login/setup.html", form=Form())


@router.post("/setup")
async def setup(request: Request, form: Posted) -> Response:
    """Make the first administrator, by the code that `cunyi init` printed."""
    await run_in_threadpool(_only_before_first_account, request)
    code = form.text("code", "启用码", most=60)
    name = form.text("name", "登录名", most=40)
    form.text("display", "姓名", most=40)
    form.text("place_name", "地方名称", most=80)
    form.text("scope", "区划代码", most=12)
    password = new_password(form, name)
    if form.errors:
        return render(request, "login/setup.html", status=422, form=form)
    wait = await request.app.state.passwords.run(_make_first, request, form, code, password)
    if wait:
        return too_often(request, "login/setup.html", form, wait)
    if form.errors:
        return render(request, "login/setup.html", status=422, form=form)
    await run_in_threadpool(found, request.app.state.here)
    log.warning("%s first administrator made from %s", request.state.request_id, address_of(request))
    return RedirectResponse("/login?done=setup", status_code=303)


@router.get("/reset")
def reset_page(request: Request) -> Response:
    """The form for a new password."""
    return render(request, "login/reset.html", form=Form())


@router.post("/reset")
async def reset(request: Request, form: Posted) -> Response:
    """Set a person's new password, which no administrator ever knows; ends that person's sessions."""
    name = form.text("name", "登录名", most=40)
    code = form.text("code", "重置码", most=60)
    password = new_password(form, name)
    if form.errors:
        return render(request, "login/reset.html", status=422, form=form)
    account, wait = await request.app.state.passwords.run(_set_by_code, request, name, code, password)
    if wait:
        return too_often(request, "login/reset.html", form, wait)
    if account is None:
        log.warning("%s reset refused from %s", request.state.request_id, address_of(request))
        form.fail("code", _WRONG_CODE)
        return render(request, "login/reset.html", status=422, form=form)
    log.warning("%s password of %s reset by code", request.state.request_id, account.person)
    return RedirectResponse("/login?done=reset", status_code=303)


def address_of(request: Request) -> str:
    """The network address of the person at the other end."""
    return request.client.host if request.client else ""


def prove(request: Request, name: str, password: str) -> tuple[Account | None, int]:
    """Whose name and password these are (None: nobody's), or the seconds to wait before the next attempt.

    Run it through `Passwords.run`: two at a time, so no more than two guesses can outrun the count of failures.
    """
    database, passwords = request.app.state.database, request.app.state.passwords
    address, now = address_of(request), request.app.state.watch()
    with database.reading() as conn:
        wait = attempts.wait(conn, name, address, now)
        account = _open_account(conn, name)
    if wait:
        return None, wait
    right = passwords.check_now(account.password if account else None, password)
    with database.writing() as conn:
        if right:
            attempts.succeeded(conn, name)
        else:
            attempts.failed(conn, name, address, now)
    return (account if right else None), 0


def admit(request: Request, account: Account, response: Response) -> None:
    """Open a session for a person who has shown who they are; the one this browser had is ended."""
    settings: Settings = request.app.state.settings
    with request.app.state.database.writing() as conn:
        store.close_session(conn, request.cookies.get(settings.cookie, ""))
        sid = store.open_session(conn, account.person, request.app.state.watch())
    log.info("%s login of %s from %s", request.state.request_id, account.person, address_of(request))
    response.set_cookie(settings.cookie, sid, secure=settings.tls, httponly=True, samesite="lax")


def too_often(request: Request, template: str, form: Form, wait: int) -> Response:
    """429, with what was typed: how long to wait before the next attempt is looked at."""
    form.fail("name", f"试错的次数太多，请过 {_words(wait)}再试。忘了密码，请找管理员要重置码。")
    return render(request, template, status=429, headers={"Retry-After": str(wait)}, form=form, note="")


def new_password(form: Form, name: str) -> str:
    """A new password typed twice, strong enough, or words on its fields."""
    password = form.value("password")
    fault = weakness(password, name)
    if fault:
        form.fail("password", fault)
    elif password != form.value("again"):
        form.fail("again", "两次输入的密码不一样")
    return password


def _words(seconds: int) -> str:
    return f"{seconds} 秒" if seconds < _IN_SECONDS else f"{-(-seconds // 60)} 分钟"


def _only_before_first_account(request: Request) -> None:
    with request.app.state.database.reading() as conn:
        if store.has_account(conn):
            raise HTTPException(404)


def _open_account(conn: Connection, name: str) -> Account | None:
    account = store.account_by_name(conn, name)
    return account if account and account.closed_at is None else None


def _make_first(request: Request, form: Form, code: str, password: str) -> int:
    address, now = address_of(request), request.app.state.watch()
    stored = request.app.state.passwords.hash_now(password)
    try:
        with request.app.state.database.writing() as conn:
            wait = attempts.wait(conn, form.value("name"), address, now)
            if wait:
                return wait
            if store.has_account(conn):
                raise HTTPException(404)
            if not store.redeem_code(conn, "setup", code, now):
                attempts.failed(conn, form.value("name"), address, now)
                form.fail("code", "启用码不对或已过期，请重新运行 cunyi init")
                return 0
            person = store.create_account(
                conn,
                name=form.value("name"),
                display=form.value("display"),
                group="administrator",
                scope=form.value("scope").strip(),
                place_name=form.value("place_name"),
                now=now,
            )
            store.set_password(conn, person, stored)
    except ValueError as fault:
        form.fail("scope", str(fault))
    return 0


def _set_by_code(request: Request, name: str, code: str, password: str) -> tuple[Account | None, int]:
    address, now = address_of(request), request.app.state.watch()
    stored = request.app.state.passwords.hash_now(password)
    with request.app.state.database.writing() as conn:
        wait = attempts.wait(conn, name, address, now)
        account = _open_account(conn, name)
        if wait:
            return None, wait
        if account is None or not store.redeem_code(conn, "reset", code, now, account.person):
            attempts.failed(conn, name, address, now)
            return None, 0
        store.set_password(conn, account.person, stored)
        attempts.succeeded(conn, name)
    return account, 0
