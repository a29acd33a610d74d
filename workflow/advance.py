"""The one way to write. Three numbered steps inside one transaction: gather, decide, append."""

import datetime
import secrets
from collections.abc import Callable

from sqlalchemy import Connection

from workflow.core import RULES
from workflow.core.attempt import Refusal
from workflow.core.days import civil_day
from workflow.core.entry import SALT_BYTES, Entry, Sealed, recorded_at
from workflow.core.matter import Matter, step
from workflow.core.summary import summarise
from workflow.core.tree import leaf_hash
from workflow.forms import form_of, kind_field
from workflow.gather import Gathered, gather
from workflow.installation import Installation
from workflow.published import lay_out, puts_in_force
from workflow.request import Answer, KeyReused, Malformed, NoSuch, Receipt, Request, Stale
from workflow.store import matters, places, register
from workflow.store.database import together
from workflow.weigh import Weighed, weigh

__all__ = [
    "Answer", "KeyReused", "Malformed", "NoSuch", "Receipt", "Refusal", "Request", "Stale", "advance", "form_of",
    "kind_field",
]  # fmt: skip


Also = Callable[[Connection], None]


def advance(here: Installation, request: Request, also: Also | None = None) -> Answer:
    """Record one act, or say why not. Everything is in one transaction; a refusal writes nothing.

    `also` is called in that transaction when the act stands, just now or before under the same key: what else
    is true from then on, like that a form's draft is done with. What it raises undoes the act.

    Raises `ClockSuspect` when the server's clock cannot be right, `ReadOnly` after the disk has failed.
    """
    now = here.clock()
    with here.database.writing() as conn:
        position = register.position(
            conn,
            request.place,
            request.matter,
            key=request.key,
            themselves=places.of_rule(request.place),
        )
        if position.answered is not None:
            return _again(conn, request, also)
        # 1. Gather.
        gathered = gather(here, conn, request, position.mseq, position.itself)
        if not isinstance(gathered, Gathered):
            return gathered
        # 2. Decide.
        time, clock = recorded_at(now, position.last_recorded_at)
        recorded_on = civil_day(datetime.datetime.fromisoformat(time))
        weighed = weigh(here, conn, gathered, request, recorded_on)
        if not isinstance(weighed, Weighed):
            return weighed
        facts, decision = weighed.facts, weighed.decision
        # 3. Append.
        matter = request.matter
        if request.action == "open" and matter is None:
            matter = _new_id(conn, request, recorded_on)
            position = position._replace(mseq=1)
        sealed = {
            name: Sealed.of(name, secrets.token_bytes(SALT_BYTES), value)
            for name, value in facts.private.items()
        }
        entry = Entry(
            log=position.log,
            seq=position.seq,
            place=request.place,
            pseq=position.pseq,
            matter=matter,
            mseq=position.mseq,
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
            statutes=[here.library.statutes[1].digest, *(text.digest for text in gathered.chosen_by)],
            calendar=here.library.calendar[1].digest,
            rules=RULES,
            private={name: each.commitment for name, each in sealed.items()},
            documents=[
                {"digest": one, "size": weighed.sizes[one], "kind": name}
                for name, many in facts.documents.items()
                for one in many
            ],
            key=request.key,
        )
        _keep_texts(here, conn, gathered)
        with together(conn):
            hash_ = register.append(conn, position, entry, private=sealed, body_digest=request.body_digest())
            changed = _project(here, conn, gathered, entry, recorded_on, facts.private.get("title", ""))
        if also is not None:
            also(conn)
    here.kept_texts |= {*entry.statutes, str(entry.calendar), str(entry.procedure)}
    if changed is not None:
        here.keep(changed)
    if puts_in_force(gathered.place, entry):
        lay_out(here)
    return Receipt(entry, hash_)


def _again(conn: Connection, request: Request, also: Also | None) -> Receipt | KeyReused:
    known = register.by_key(conn, request.key)
    if known is None or known[1] != request.body_digest():
        return KeyReused()
    if also is not None:
        also(conn)
    return Receipt(known[0], leaf_hash(known[0].leaf()), repeated=True)


def _keep_texts(here: Installation, conn: Connection, gathered: Gathered) -> None:
    """Keep every text the entry names by digest; those known to be kept since a commit are not asked again."""
    texts = [("statutes", here.library.statutes[1]), ("calendar", here.library.calendar[1])]
    texts += [("procedure", text) for text in gathered.opened_under]
    texts += [("catalogue", text) for text in gathered.chosen_by]
    for kind, text in texts:
        if text.digest not in here.kept_texts:
            register.put_text(conn, kind, text.body)


def _new_id(conn: Connection, request: Request, day: datetime.date) -> str:
    return f"{request.place}-{day.year}-{register.opened_at(conn, request.place) + 1:04d}"


def _project(
    here: Installation, conn: Connection, gathered: Gathered, entry: Entry, day: datetime.date, title: str
) -> Matter | None:
    if gathered.matter is None or gathered.compiled is None or entry.matter is None:
        return None
    blank = Matter(entry.matter, entry.place, gathered.compiled.digest)
    matter = step(blank if gathered.matter.at == "" else gathered.matter, entry)
    matters.put(conn, summarise(gathered.compiled, here.library.law, matter, gathered.place, day), title)
    return matter
