"""How an objection is doing, for the one who lodged it: by its number and a code that the register does not hold."""

import base64
import hashlib
import hmac
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection

from workflow.core.attempt import Attempt
from workflow.core.days import civil_day, period
from workflow.core.decide import ask_of
from workflow.core.matter import Matter, Objection
from workflow.core.stage import Ask
from workflow.core.standing import investigate_by, reply_by
from workflow.installation import Installation
from workflow.store import register

PROGRESS: Final[Mapping[str, str]] = {
    "lodged": "已经收到，等村务监督委员会受理",
    "received": "村务监督委员会已经受理，等村民委员会答复",
    "dismissed": "村务监督委员会没有受理",
    "answered": "村民委员会已经答复",
    "escalated": "已经转给镇街，等镇街答复",
}
SAYS: Final[Mapping[str, str]] = {
    "dismiss_objection": "grounds", "answer_objection": "answer", "answer_escalated": "answer",
}  # fmt: skip
"""In which field each act on an objection says something to whoever lodged it."""
ANSWERED_ABOVE: Final = "镇街已经答复"
_LOOKALIKES = str.maketrans("018", "OIB")


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an objection stands. `due` is the last day of the next thing it waits for, None when it waits for nothing."""

    number: int
    words: str
    lodged_on: date
    status_on: date
    due: date | None
    said: str = ""
    dismissed: bool = False


def code_of(conn: Connection, seq: int) -> str | None:
    """Return the code of the objection at a log index, made of its text's salt; None once the text is erased."""
    content = register.private_of(conn, [seq]).get(seq, {}).get("content")
    if content is None:
        return None
    letters = base64.b32encode(hashlib.sha256(b"cunyi/v1/objection\n" + content.salt).digest()).decode()
    return f"{letters[:4]}-{letters[4:8]}"


def follow(here: Installation, conn: Connection, matter: Matter, number: int, typed: str) -> Progress | None:
    """Return how an objection stands; None for a wrong number or code alike."""
    known = (matter.objections or {}).get(number)
    code = code_of(conn, matter.entries[known.mseq - 1].seq) if known else None
    if known is None or code is None or not hmac.compare_digest(_letters(code), _letters(typed)):
        return None
    today = civil_day(here.clock())
    compiled, place = here.compiled(conn, matter.procedure), here.place(conn, matter.place)
    ask = ask_of(compiled, here.library.law, matter, place, Attempt("", "", today, today))
    words = ANSWERED_ABOVE if known.by == "answer_escalated" else PROGRESS[known.status]
    said = _said(conn, matter, known)
    return Progress(
        number,
        words,
        known.lodged_on,
        known.status_on,
        due_of(ask, known)[0],
        said,
        known.status == "dismissed",
    )


def _said(conn: Connection, matter: Matter, objection: Objection) -> str:
    """What was said to whoever objected: the grounds of a dismissal, the answer; empty where nothing was said yet."""
    for entry in reversed(matter.entries):
        field = SAYS.get(str(entry.action))
        if field and entry.facts.get("number") == objection.number:
            kept = register.private_of(conn, [entry.seq]).get(entry.seq, {}).get(field)
            return kept.value if kept else ""
    return ""


def due_of(ask: Ask, objection: Objection) -> tuple[date | None, tuple[str, ...]]:
    """Return the last day of what an objection waits for, with its articles; None where it waits for nothing."""
    if objection.status == "lodged":
        return period(objection.lodged_on, ask.settings.objection_receipt_days, ask.calendar).last, ()
    if objection.status == "received":
        return reply_by(ask, objection.status_on)
    if objection.status == "escalated":
        return investigate_by(ask, objection.status_on), ()
    return None, ()


def _letters(typed: str) -> str:
    folded = unicodedata.normalize("NFKC", typed).upper().translate(_LOOKALIKES)
    return "".join(sign for sign in folded if sign.isascii() and sign.isalnum())
