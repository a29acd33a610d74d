"""A short form of the supervisory committee or the township, from its post to the register and back to its page."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from fastapi import Request
from starlette.exceptions import HTTPException

from web import attachments
from web.access import Viewer
from web.acting.said import Asked, asked
from web.forms import Form
from workflow import request as ask
from workflow.advance import advance
from workflow.core.attempt import Refusal
from workflow.core.days import civil_day
from workflow.core.decide import LATE_REASON
from workflow.core.facts import Field
from workflow.installation import Installation

DAY: Final = "acted_on"
KEY: Final = "key"


@dataclass(frozen=True, slots=True)
class Deed:
    """What a form is for. `fixed` facts come from the address; `dated` ones ask for the day they were done on."""

    place: str
    matter: str | None
    action: str
    fields: tuple[Field, ...] = ()
    fixed: Mapping[str, object] = field(default_factory=dict)
    dated: bool = False


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """Why nothing was recorded: the answer's status, the requirements that were not met, and whether somebody
    else acted meanwhile; what is wrong with a field stands in the form.
    """

    status: int = 422
    refused: tuple[Asked, ...] = ()
    stale: bool = False


def new_key() -> str:
    """Return a key for one handing-in of one form."""
    return secrets.token_hex(16)


def record(request: Request, viewer: Viewer, deed: Deed, form: Form) -> ask.Receipt | Unrecorded:
    """Read the form, keep its files and record the act through `advance`; 404 for an act nobody knows."""
    here: Installation = request.app.state.here
    today = civil_day(here.clock())
    day: date | None = today
    if deed.dated:
        day = form.day(DAY, "日期", last=today)
    facts = {**form.given(deed.fields), **_files(here, deed, form), **deed.fixed}
    reason = form.value(LATE_REASON.name).strip()
    if deed.dated and day is not None and day < today:
        if not reason:
            form.fail(LATE_REASON.name, "不是当天登记的，请写清楚为什么晚了")
        facts[LATE_REASON.name] = reason
    seen, key = form.value("seen"), form.value(KEY)
    if not 1 <= len(key) <= 64 or not key.isascii() or not key.isalnum():  # noqa: PLR2004 (what a key may be)
        form.fail("", "这张表不完整，请重新打开再填")
    if form.errors or day is None:
        return Unrecorded()
    answer = advance(
        here,
        ask.Request(
            place=deed.place,
            matter=deed.matter,
            action=deed.action,
            actor=viewer.person,
            acted_on=day,
            facts=facts,
            key=key,
            seen=_whole(seen) if deed.matter else None,
            auth=viewer.auth,
        ),
    )
    if isinstance(answer, ask.Receipt):
        return answer
    return _unrecorded(answer, form)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() else 0


def _unrecorded(answer: ask.Answer, form: Form) -> Unrecorded:
    if isinstance(answer, ask.Malformed):
        form.take(answer.errors)
        return Unrecorded()
    if isinstance(answer, Refusal):
        return Unrecorded(409, tuple(asked(answer.unmet)))
    if isinstance(answer, ask.Stale):
        return Unrecorded(409, stale=True)
    if isinstance(answer, ask.KeyReused):
        form.fail("", "这张表已经用来登记过别的内容了，请重新打开再填")
        return Unrecorded()
    raise HTTPException(404)


def _files(here: Installation, deed: Deed, form: Form) -> dict[str, object]:
    found: dict[str, object] = {}
    for each in deed.fields:
        if each.type != "documents":
            continue
        kept = []
        for upload in form.files.get(f"{each.name}[]", []):
            try:
                kept.append(attachments.keep(here, upload.file, upload.filename or "").digest)
            except attachments.Rejected as fault:
                form.fail(each.name, str(fault))
        if kept:
            found[each.name] = list(dict.fromkeys(kept))
    return found
