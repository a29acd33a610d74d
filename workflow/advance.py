"""The one way to write. Three numbered steps inside one transaction: gather, decide, append."""

import datetime
import secrets
from collections.abc import Mapping

from sqlalchemy import Connection

from workflow.core import RULES
from workflow.core.attempt import Attempt, Decision, Refusal, Requirement
from workflow.core.days import CalendarEnds, civil_day
from workflow.core.decide import Law, decide
from workflow.core.entry import Entry, commitment, recorded_at
from workflow.core.facts import Facts, FieldError, read_facts
from workflow.core.masking import personal_numbers
from workflow.core.matter import Matter, step
from workflow.core.place_acts import decide_place, place_actions
from workflow.core.summary import summarise
from workflow.core.tree import leaf_hash
from workflow.gather import Gathered, form_of, gather, kind_field
from workflow.installation import Installation
from workflow.request import Answer, KeyReused, Malformed, NoSuch, Receipt, Request, Stale
from workflow.store import matters, register

__all__ = [
    "Answer", "KeyReused", "Malformed", "NoSuch", "Receipt", "Refusal", "Request", "Stale", "advance", "form_of",
    "kind_field",
]  # fmt: skip

PUBLIC_TEXTS: Mapping[str, tuple[str, ...]] = {
    "open": ("title",),
    "post": ("text", "places", "contact"),
    "post_again": ("text", "places", "contact"),
}


def advance(here: Installation, request: Request) -> Answer:
    """Record one act, or say why not. Everything is in one transaction; a refusal writes nothing.

    Raises `ClockSuspect` when the server's clock cannot be right, `ReadOnly` after the disk has failed.
    """
    now = here.clock()
    with here.database.writing() as conn:
        position = register.position(conn, request.place, request.matter)
        known = register.by_key(conn, request.key)
        if known is not None:
            if known[1] != request.body_digest():
                return KeyReused()
            return Receipt(known[0], leaf_hash(known[0].leaf()), repeated=True)
        # 1. Gather.
        gathered = gather(here, conn, request, position.mseq)
        if not isinstance(gathered, Gathered):
            return gathered
        facts, errors = read_facts(gathered.form, request.facts)
        sizes = register.document_sizes(conn, [one for many in facts.documents.values() for one in many])
        errors += [
            FieldError(name, "文件没有上传成功，请重新上传")
            for name, many in facts.documents.items()
            if any(one not in sizes for one in many)
        ]
        if errors:
            return Malformed(tuple(errors))
        # 2. Decide.
        time, clock = recorded_at(now, position.last_recorded_at)
        recorded_on = civil_day(datetime.datetime.fromisoformat(time))
        facts = Facts({**facts.open, **gathered.extra}, facts.private, facts.documents)
        attempt = Attempt(
            request.action,
            request.actor,
            request.acted_on,
            recorded_on,
            facts,
            request.auth or "",
            request.deputy_for,
        )
        try:
            decision = _decide(here, gathered, attempt)
        except CalendarEnds as error:
            return Malformed((FieldError("", str(error)),))
        private = _personal_data(request.action, facts.private)
        if private or isinstance(decision, Refusal):
            asked = decision.requirements if isinstance(decision, Refusal) else ()
            return Refusal((*asked, *private))
        # 3. Append.
        matter = request.matter or _new_id(conn, request, recorded_on)
        salts = {name: (secrets.token_bytes(32), value) for name, value in facts.private.items()}
        entry = Entry(
            log=position.log,
            seq=position.seq,
            place=request.place,
            pseq=position.pseq,
            matter=matter,
            mseq=_mseq(matter, position.mseq),
            type=decision.type,
            action=decision.action,
            from_=decision.from_,
            to=decision.to or None,
            actor=request.actor,
            office=decision.office,
            auth=request.auth,
            deputy_for=request.deputy_for,
            acted_on=request.acted_on.isoformat(),
            recorded_at=time,
            clock=clock,
            facts=dict(facts.open),
            computed=decision.computed_data(),
            procedure=gathered.compiled.digest if gathered.compiled else None,
            statutes=[here.library.statutes[1].digest],
            calendar=here.library.calendar[1].digest,
            rules=RULES,
            private={name: commitment(name, salt, value) for name, (salt, value) in salts.items()},
            documents=[
                {"digest": one, "size": sizes[one], "kind": name}
                for name, many in facts.documents.items()
                for one in many
            ],
            key=request.key,
        )
        _keep_texts(here, conn, gathered)
        hash_ = register.append(conn, entry, private=salts, body_digest=request.body_digest())
        changed = _project(here, conn, gathered, entry, facts.private.get("title", ""))
    here.kept_texts |= set(entry.statutes) | {str(entry.calendar)}
    if changed is not None:
        here.keep(changed)
    return Receipt(entry, hash_)


def _mseq(matter: str | None, next_: int | None) -> int | None:
    return None if matter is None else next_ or 1


def _keep_texts(here: Installation, conn: Connection, gathered: Gathered) -> None:
    """Keep every text the entry names by digest; those known to be kept since a commit are not asked again."""
    for kind, body in gathered.texts:
        register.put_text(conn, kind, body)
    for kind, text in (("statutes", here.library.statutes[1]), ("calendar", here.library.calendar[1])):
        if text.digest not in here.kept_texts:
            register.put_text(conn, kind, text.body)


def _decide(here: Installation, gathered: Gathered, attempt: Attempt) -> Decision | Refusal:
    law: Law = here.library.law
    if gathered.compiled is None or gathered.matter is None:
        return decide_place(
            place_actions(here.library.catalogue(attempt.acted_on)), law, gathered.place, attempt
        )
    return decide(gathered.compiled, law, gathered.matter, gathered.place, attempt)


def _personal_data(action: str, private: Mapping[str, str]) -> tuple[Requirement, ...]:
    """Ask the masking gate of every text that will be public (trust.md §3.6)."""
    return tuple(
        Requirement(
            "posting.personal_data",
            met=False,
            numbers={"field": name, "what": each.what, "at": each.start + 1},
            basis=("个人信息保护法第十条、第二十五条",),
        )
        for name in PUBLIC_TEXTS.get(action, ())
        for each in personal_numbers(private.get(name, ""))
    )


def _new_id(conn: Connection, request: Request, day: datetime.date) -> str | None:
    if request.action != "open":
        return None
    return f"{request.place}-{day.year}-{matters.count_of_place(conn, request.place) + 1:04d}"


def _project(
    here: Installation, conn: Connection, gathered: Gathered, entry: Entry, title: str
) -> Matter | None:
    if gathered.matter is None or gathered.compiled is None or entry.matter is None:
        return None
    blank = Matter(entry.matter, entry.place, gathered.compiled.digest)
    matter = step(blank if gathered.matter.at == "" else gathered.matter, entry)
    day = civil_day(datetime.datetime.fromisoformat(entry.recorded_at))
    matters.put(conn, summarise(gathered.compiled, here.library.law, matter, gathered.place, day), title)
    return matter
