"""Every error as a person should meet it: a page in Chinese with the request's number, or the API's JSON."""

import logging
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any, Final

import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import URL
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web.guard.headers import secure
from web.guard.text import MOST_FIELDS, PAIRS
from web.pages import render
from workflow.core.entry import ClockSuspect
from workflow.store.database import ReadOnly

log = logging.getLogger("cunyi.web")

WORDS: Final[Mapping[int, tuple[str, str]]] = {
    400: ("这次提交读不懂", "请返回上一页，重新填写后再提交。"),
    401: ("请先登录", "登录已经到时间，或者还没有登录。"),
    403: ("您不能做这件事", "这件事由别的岗位来办。如果您认为应当由您办，请找管理员核对您的账号。"),
    404: ("没有找到这一页", "网址可能输错了，或者这件事不归您所在的地方。"),
    405: ("这一页不能这样用", "请从首页重新进入。"),
    409: ("这一步现在不能办", "情况已经有变化，请刷新后再看。"),
    413: ("内容太大", "文字请删短一些；照片和文件请缩小或分几次上传。"),
    421: ("网址不对", "请用管理员告诉您的网址打开。"),
    422: ("有几处填得不对", "请按下面的提示改好，再提交一次。"),
    429: ("请稍等再试", "试的次数太多了。"),
    500: ("系统出错了", "您的登记没有保存。请过一会儿再试；还不行，请把下面的编号告诉管理员。"),
    503: ("暂时不能登记", "磁盘出了问题，为保护登记簿，系统已停止写入。请马上告诉管理员。"),
}

NOBODY: Final = 401
FAILED: Final = 500
NEVER_ECHOED: Final = frozenset({"old_password", "password", "again", "code"})
_FIELD_WORDS: Final[Mapping[str, str]] = {
    "missing": "没有填",
    "extra_forbidden": "没有这一项",
    "literal_error": "只能是列出的几种之一",
    "enum": "只能是列出的几种之一",
    "greater_than": "要大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than": "要小于 {lt}",
    "less_than_equal": "不能大于 {le}",
    "string_pattern_mismatch": "写法不对",
    "string_too_short": "至少要 {min_length} 个字",
    "string_too_long": "最多 {max_length} 个字",
    "too_short": "至少要 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "value_error": "{error}",
    "json_invalid": "不是合格的 JSON",
}
_KIND_WORDS: Final = (
    ("int", "要填整数"),
    ("bool", "要填是或否"),
    ("string", "要填文字"),
    ("date", "要填真实的日期，例如 2026-03-01"),
    ("list", "要填清单"),
    ("tuple", "要填清单"),
    ("dict", "要填一组内容"),
    ("model", "要填一组内容"),
    ("float", "要填数"),
)


class FieldFault(BaseModel):
    """What is wrong with one field; `field` is its path, for example `facts.yes`."""

    field: str
    message: str


class Fault(BaseModel):
    """The body of every error of the API (a refusal, 409, carries its own list besides)."""

    status: int
    message: str
    request: str
    errors: list[FieldFault] = []


API_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    status: {"model": Fault, "description": WORDS[status][0]}
    for status in (400, 401, 403, 404, 413, 421, 422, 503)
}
"""For `APIRouter(responses=...)` of the routes under /api: what each of them may answer besides its own."""


class Malformed(HTTPException):
    """422: the request cannot be read. `fields` maps a field's name, or "" for the whole, to a sentence."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(422, WORDS[422][0])
        self.fields = dict(fields)


def is_api(request: Request) -> bool:
    """Whether the answer is for a program."""
    return str(request.scope["path"]).startswith("/api/")


def problem(
    request: Request,
    status: int,
    message: str = "",
    *,
    fields: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    resend: Iterable[tuple[str, str]] = (),
) -> Response:
    """The answer to a failed request; `resend` keeps what was typed, to be sent after a login."""
    title, advice = WORDS.get(status, WORDS[500] if status >= FAILED else WORDS[400])
    fields = fields or {}
    if is_api(request):
        fault = Fault(
            status=status,
            message=message or title,
            request=request.state.request_id,
            errors=[FieldFault(field=name, message=words) for name, words in fields.items()],
        )
        return JSONResponse(fault.model_dump(), status_code=status, headers=dict(headers or {}))
    return render(
        request,
        "errors/problem.html",
        status=status,
        headers=headers,
        title=title,
        message=message or advice,
        fields=fields,
        code=status,
        resend=list(resend),
    )


def install(app: FastAPI) -> None:
    """Give the application these answers."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(ReadOnly, _read_only)
    app.add_exception_handler(ClockSuspect, _clock_suspect)
    for unanswered in (SQLAlchemyError, sqlite3.Error, psycopg.Error):
        app.add_exception_handler(unanswered, _unanswered)
    app.add_exception_handler(Exception, _internal)


async def _http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == NOBODY and not is_api(request):
        return await _login_first(request)
    # The framework's own details are English phrases for programmers.
    message = "" if error.detail.isascii() else error.detail
    fields = error.fields if isinstance(error, Malformed) else None
    return problem(request, error.status_code, message, fields=fields, headers=error.headers)


async def _login_first(request: Request) -> Response:
    if request.method in {"GET", "HEAD"}:
        here = URL(scope=request.scope)
        back = here.path + (f"?{here.query}" if here.query else "")
        return RedirectResponse(str(URL("/login").include_query_params(next=back)), status_code=303)
    texts: list[tuple[str, str]] | None = request.scope["state"].get(PAIRS)
    if texts is None:
        async with request.form(max_fields=MOST_FIELDS, max_files=MOST_FIELDS) as typed:
            texts = [(name, text) for name, text in typed.multi_items() if isinstance(text, str)]
    else:
        await request.body()
    kept = [(name, text) for name, text in texts if name not in NEVER_ECHOED]
    return problem(request, 401, resend=kept)


async def _invalid(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    faults = error.errors()
    if any(fault["loc"][0] == "path" for fault in faults):
        return problem(request, 404)
    fields = {".".join(str(part) for part in fault["loc"][1:]): _field_words(fault) for fault in faults}
    return problem(request, 422, WORDS[422][0], fields=fields)


def _field_words(fault: Mapping[str, Any]) -> str:
    words = _FIELD_WORDS.get(fault["type"])
    if words is not None:
        return words.format_map(fault.get("ctx", {}))
    return next((words for kind, words in _KIND_WORDS if fault["type"].startswith(kind)), "填得不对")


async def _read_only(request: Request, error: Exception) -> Response:
    log.critical("%s read-only: %s", request.state.request_id, error)
    return problem(request, 503)


async def _unanswered(request: Request, error: Exception) -> Response:
    # Cut off at COMMIT, nobody knows whether the act is on record; the same key asks again without doing it twice.
    log.error("%s database: %s", request.state.request_id, type(error).__name__)
    words = "数据库没有回话，结果还不知道。请过一会儿原样再交一次：同一次提交不会重复登记。"
    return problem(request, 503, words, headers={"Retry-After": "5"})


async def _clock_suspect(request: Request, error: Exception) -> Response:
    log.critical("%s clock: %s", request.state.request_id, error)
    return problem(
        request, 503, "服务器的时间不对，现在登记会记错日期，已停止登记。请马上告诉管理员核对时间。"
    )


async def _internal(request: Request, error: Exception) -> Response:
    # Starlette raises the error again after this answer, so the server logs its trace; here its number.
    log.error("%s %s", request.state.request_id, type(error).__name__)
    response = problem(request, 500)
    # This answer is made outside the middleware that adds them.
    for name, value in secure(request.app.state.settings, request.state.request_id).items():
        response.headers.setdefault(name, value)
    return response
