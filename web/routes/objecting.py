"""Objections by anybody: the form, the number and the code given at the end, and how it is doing since."""

import re
import secrets
from hashlib import sha256
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Request
from sqlalchemy import Connection
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web import attachments, rates
from web.access import viewer_or_nobody
from web.forms import Form
from web.pages import render
from web.rates import FOLLOWING, OBJECTIONS, Rate
from web.routes.login import address_of
from workflow import notices, objections
from workflow.advance import advance
from workflow.core.attempt import Refusal
from workflow.core.days import civil_day
from workflow.core.facts import Field
from workflow.core.place import PUBLIC
from workflow.core.standing import STANDING
from workflow.core.words import in_words
from workflow.installation import Installation
from workflow.notices import Notice
from workflow.request import KeyReused, Malformed, NoSuch, Receipt
from workflow.request import Request as Act
from workflow.store import places, register

router = APIRouter(
    include_in_schema=False, prefix="/n/{matter}/{mseq}", dependencies=[Depends(viewer_or_nobody)]
)
Posted = Annotated[Form, Depends(Form.posted)]
Number = Annotated[int, Path(ge=0, le=10**9)]

ASKED: Final[tuple[Field, ...]] = tuple(each for each in STANDING["object"].fields if each.name != "channel")
"""What a villager is asked; the channel is the web."""
PAPER: Final = "paper"
MOST_PAPERS: Final = 5
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")


@router.get("/object")
def objection_page(request: Request, matter: str, mseq: Number) -> Response:
    """The form, empty: by name or without."""
    here: Installation = request.app.state.here
    with here.database.reading() as conn:
        notice = found_notice(here, conn, matter, mseq)
    return _form(request, notice, Form(), 200 if notice.open_to_objections else 409)


@router.post("/object")
def object_to(request: Request, matter: str, mseq: Number, form: Posted) -> Response:
    """Record the objection at once, before anybody may moderate it, and show its number and code."""
    here: Installation = request.app.state.here
    with here.database.reading() as conn:
        notice = found_notice(here, conn, matter, mseq)
        known = register.by_key(conn, _key(form)) is not None
    facts = {"channel": "web", **form.given(ASKED)}
    if form.value("named") == "no":
        facts = {name: value for name, value in facts.items() if name not in ("name", "contact")}
    for each in ASKED:
        if each.required and not str(facts.get(each.name, "")).strip():
            form.fail(each.name, f"“{each.title}”没有填")
    if len(_uploads(form)) > MOST_PAPERS:
        form.fail(PAPER, f"最多 {MOST_PAPERS} 个文件，请选最要紧的")
    if form.errors:
        return _form(request, notice, form, 422)
    # The same form sent twice is one objection, so it is counted once.
    wait = 0 if known else _wait(request, OBJECTIONS)
    if wait:
        form.fail(
            "",
            f"这个网络一小时内提的异议太多了，请过 {rates.wait_words(wait)}再提，或者直接找村务监督委员会。",
        )
        return _form(request, notice, form, 429, {"Retry-After": str(wait)})
    facts |= _papers(here, form, known=known)
    if form.errors:
        return _form(request, notice, form, 422)
    act = Act(notice.place, matter, "object", PUBLIC, civil_day(here.clock()), facts, _key(form), auth=None)
    answer = advance(here, act)
    if isinstance(answer, Receipt):
        return _lodged(request, notice, answer)
    if isinstance(answer, NoSuch):
        raise HTTPException(404)
    return _refused(request, notice, form, answer)


@router.get("/follow")
def follow_page(request: Request, matter: str, mseq: Number) -> Response:
    """Asks for the number and the code of an objection."""
    here: Installation = request.app.state.here
    with here.database.reading() as conn:
        notice = found_notice(here, conn, matter, mseq)
    return render(request, "public/follow.html", notice=notice, form=Form(), progress=None)


@router.post("/follow")
def follow(request: Request, matter: str, mseq: Number, form: Posted) -> Response:
    """Show how an objection stands, to whoever has its number and its code; nothing of what it says."""
    here: Installation = request.app.state.here
    number, code = form.number("number", "异议编号"), form.text("code", "查询码", most=20)
    with here.database.reading() as conn:
        notice = found_notice(here, conn, matter, mseq)
        whole = here.matter(conn, notice.place, matter)
    wait = 0 if form.errors else _wait(request, FOLLOWING)
    if wait:
        form.fail("code", f"查的次数太多，请过 {rates.wait_words(wait)}再查。")
        headers = {"Retry-After": str(wait)}
        return render(
            request,
            "public/follow.html",
            status=429,
            headers=headers,
            notice=notice,
            form=form,
            progress=None,
        )
    progress = None
    if not form.errors and whole is not None and number is not None:
        with here.database.reading() as conn:
            progress = objections.follow(here, conn, whole, number, code)
        if progress is None:
            form.fail("code", "编号或查询码不对，请照提异议时给的纸条或页面再填一次")
    return render(
        request,
        "public/follow.html",
        status=422 if form.errors else 200,
        notice=notice,
        form=form,
        progress=progress,
    )


def found_notice(here: Installation, conn: Connection, matter: str, mseq: int) -> Notice:
    """The notice of an address; 404 where there is none that took effect."""
    found = notices.find(here, conn, matter, mseq)
    if found is None:
        raise HTTPException(404, "没有这份公示，或者它还没有生效。")
    return found


def _key(form: Form) -> str:
    key = form.value("key")
    return f"web-{key}" if _KEY.fullmatch(key) else f"web-{secrets.token_urlsafe(16)}"


def _uploads(form: Form) -> list[UploadFile]:
    return form.files.get(f"{PAPER}[]", [])


def _papers(here: Installation, form: Form, *, known: bool) -> dict[str, object]:
    """The photos and papers that were handed in; of a form that was recorded before only what they are is told."""
    found = []
    for upload in _uploads(form):
        try:
            found.append(
                f"sha256:{sha256(upload.file.read()).hexdigest()}"
                if known
                else attachments.keep(here, upload.file, upload.filename or "", named=False).digest
            )
        except attachments.Rejected as fault:
            form.fail(PAPER, str(fault))
    return {PAPER: list(dict.fromkeys(found))} if found else {}


def _wait(request: Request, rate: Rate) -> int:
    with request.app.state.database.writing() as conn:
        return rates.take(conn, rate, address_of(request), request.app.state.watch())


def _form(
    request: Request, notice: Notice, form: Form, status: int, headers: dict[str, str] | None = None
) -> Response:
    key = form.value("key")
    return render(
        request,
        "public/object.html",
        status=status,
        headers=headers,
        notice=notice,
        form=form,
        asked={each.name: each for each in ASKED},
        key=key if _KEY.fullmatch(key) else secrets.token_urlsafe(16),
    )


def _lodged(request: Request, notice: Notice, receipt: Receipt) -> Response:
    here: Installation = request.app.state.here
    number = int(str(receipt.entry.computed["number"]))
    with here.database.reading() as conn:
        code = objections.code_of(conn, receipt.entry.seq) or ""
        matter = here.matter(conn, notice.place, notice.matter)
        progress = objections.follow(here, conn, matter, number, code) if matter else None
        place_name = places.name_of(conn, notice.place) or ""
    return render(
        request,
        "public/objected.html",
        notice=notice,
        number=number,
        code=code,
        progress=progress,
        entry=receipt.entry,
        place_name=place_name,
    )


def _refused(request: Request, notice: Notice, form: Form, answer: object) -> Response:
    if isinstance(answer, Malformed):
        form.take(answer.errors)
        return _form(request, notice, form, 422)
    if isinstance(answer, KeyReused):
        form.typed.pop("key", None)
        form.fail("", "这份表格已经交过一次，内容不一样。要另提一件，请再按一次“提交”。")
        return _form(request, notice, form, 422)
    if isinstance(answer, Refusal):
        for each in answer.unmet:
            words = in_words(each)
            form.fail(
                "name" if each.check == "objection.name" else "",
                f"{words.found}：{words.required}。{words.hint}",
            )
    return _form(request, notice, form, 409)
