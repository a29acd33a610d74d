"""The one way to write. Three numbered steps inside one transaction: gather, decide, append."""

import datetime
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from workflow.core import RULES
from workflow.core.attempt import Attempt, Decision, Refusal, Requirement
from workflow.core.catalogue import Catalogue
from workflow.core.correction import CORRECTS, correction_fields, correction_of
from workflow.core.days import civil_day
from workflow.core.decide import CONFIRM_FIELDS, DECLINE_FIELDS, LATE_REASON, Law, decide
from workflow.core.entry import Entry, commitment, recorded_at
from workflow.core.facts import Choice, Facts, Field, FieldError, read_facts
from workflow.core.machine import Compiled
from workflow.core.masking import personal_numbers
from workflow.core.matter import Matter, stage_of, step
from workflow.core.place import Place
from workflow.core.place_acts import decide_place, place_actions
from workflow.core.summary import summarise
from workflow.installation import Installation
from workflow.store import matters, register

CONFIRMS = Field("confirms", "确认哪一条登记", "count")
PUBLIC_TEXTS: Mapping[str, tuple[str, ...]] = {
    "open": ("title",),
    "post": ("text", "places", "contact"),
    "post_again": ("text", "places", "contact"),
}


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks to have recorded. `seen` is the number of entries the form or caller knew of.

    `matter` None opens a matter (action `open`) or acts on the place's own record.
    """

    place: str
    matter: str | None
    action: str
    actor: str
    acted_on: datetime.date
    facts: Mapping[str, object]
    key: str
    seen: int | None = None
    auth: str | None = "password"
    deputy_for: str | None = None

    def body_digest(self) -> str:
        """Return the digest by which the same key with another body is told."""
        said = [self.place, self.matter, self.action, self.actor, self.acted_on.isoformat(), self.facts]
        text = json.dumps(said, ensure_ascii=False, sort_keys=True)
        return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Receipt:
    """The act is on the record: which entry, which leaf. `repeated` when the key had already been answered."""

    entry: Entry
    leaf_hash: bytes
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Malformed:
    """The form cannot be read (422); nothing was decided."""

    errors: tuple[FieldError, ...]


@dataclass(frozen=True, slots=True)
class Stale:
    """Somebody acted meanwhile (409): the entries the caller had not seen."""

    since: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class KeyReused:
    """The idempotency key was used for something else (422)."""


@dataclass(frozen=True, slots=True)
class NoSuch:
    """There is no such matter, place or action here (404)."""

    what: str


Answer = Receipt | Refusal | Malformed | Stale | KeyReused | NoSuch


@dataclass(frozen=True, slots=True)
class _Gathered:
    """Everything `decide` needs, as of one transaction."""

    place: Place
    matter: Matter | None = None
    compiled: Compiled | None = None
    form: tuple[Field, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)


def advance(here: Installation, request: Request) -> Answer:
    """Record one act, or say why not. Everything is in one transaction; a refusal writes nothing.

    Raises `ClockSuspect` when the server's clock cannot be right, `ReadOnly` after the disk has failed.
    """
    now = here.clock()
    with here.database.writing() as conn:
        position = register.position(conn, request.place, request.matter)
        known = register.by_key(conn, request.key)
        if known is not None:
            same = known[1] == request.body_digest()
            return Receipt(known[0], b"", repeated=True) if same else KeyReused()
        # 1. Gather.
        gathered = _gather(here, conn, request, position.mseq)
        if not isinstance(gathered, _Gathered):
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
        decision = _decide(here, gathered, attempt)
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
        hash_ = register.append(conn, entry, private=salts, body_digest=request.body_digest())
        changed = _project(here, conn, gathered, entry, facts.private.get("title", ""))
    if changed is not None:
        here.keep(changed)
    return Receipt(entry, hash_)


def _mseq(matter: str | None, next_: int | None) -> int | None:
    return None if matter is None else next_ or 1


def _gather(here: Installation, conn: Connection, request: Request, next_: int | None) -> _Gathered | Answer:
    place = here.place(conn, request.place)
    if request.matter is None:
        return _gather_opening(here, conn, request, place)
    size = (next_ or 1) - 1
    matter = here.matter(conn, request.place, request.matter, size)
    if matter is None:
        return NoSuch("matter")
    if request.seen is not None and request.seen != matter.mseq:
        return Stale(tuple(entry for entry in matter.entries if (entry.mseq or 0) > request.seen))
    compiled = here.compiled(conn, matter.procedure)
    form = form_of(compiled, matter, request.action, request.facts)
    if form == (CORRECTS,):
        return Malformed((FieldError(CORRECTS.name, "这一条不能更正；只能更正已生效的办理记录"),))
    return NoSuch("action") if form is None else _Gathered(place, matter, compiled, form)


def form_of(
    compiled: Compiled, matter: Matter, action: str, given: Mapping[str, object]
) -> tuple[Field, ...] | None:
    """Return the form of an action at this matter, late reason included; None for an action nobody knows."""
    if action == "confirm":
        return CONFIRM_FIELDS
    if action == "decline":
        return DECLINE_FIELDS
    if action == "correct":
        found = correction_of(compiled, matter, Facts({"corrects": _whole(given.get("corrects"))}))
        return (*correction_fields(found), LATE_REASON) if found else (CORRECTS,)
    stage = stage_of(matter.at)
    known = compiled.action(stage, action)
    if known is None:
        known = next((each[action] for each in compiled.actions.values() if action in each), None)
    return (*known.fields, LATE_REASON) if known else None


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else -1


def _gather_opening(
    here: Installation, conn: Connection, request: Request, place: Place
) -> _Gathered | Answer:
    catalogue = here.library.catalogue(request.acted_on)
    if request.action != "open":
        return _gather_place_act(request, place, catalogue)
    kind = catalogue.by_id.get(str(request.facts.get("kind")))
    if kind is None:
        return Malformed((FieldError("kind", "请从事项清单里选一种"),))
    effective = here.library.effective(kind.procedure, request.place, request.acted_on)
    register.put_text(conn, "procedure", effective.text.body)
    for name, text in (("statutes", here.library.statutes[1]), ("calendar", here.library.calendar[1])):
        register.put_text(conn, name, text.body)
    compiled = effective.compiled
    opening = compiled.actions[compiled.procedure.stages[0].id]["open"]
    return _Gathered(
        place,
        Matter("", request.place, compiled.digest),
        compiled,
        (kind_field(catalogue), *opening.fields, LATE_REASON),
        {"tier": kind.tier},
    )


def kind_field(catalogue: Catalogue) -> Field:
    """Return the opening form's first question, answered from the catalogue."""
    return Field(
        "kind", "什么事", "choice", choices=tuple(Choice(kind.id, kind.title) for kind in catalogue.kinds)
    )


def _gather_place_act(request: Request, place: Place, catalogue: Catalogue) -> _Gathered | Answer:
    actions = place_actions(catalogue)
    if request.action in ("confirm", "decline"):
        return _Gathered(
            place, form=(CONFIRMS, *(DECLINE_FIELDS if request.action == "decline" else CONFIRM_FIELDS))
        )
    action = actions.get(request.action)
    return NoSuch("action") if action is None else _Gathered(place, form=(*action.fields, LATE_REASON))


def _decide(here: Installation, gathered: _Gathered, attempt: Attempt) -> Decision | Refusal:
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
    here: Installation, conn: Connection, gathered: _Gathered, entry: Entry, title: str
) -> Matter | None:
    if gathered.matter is None or gathered.compiled is None or entry.matter is None:
        return None
    blank = Matter(entry.matter, entry.place, gathered.compiled.digest)
    matter = step(blank if gathered.matter.at == "" else gathered.matter, entry)
    day = civil_day(datetime.datetime.fromisoformat(entry.recorded_at))
    matters.put(conn, summarise(gathered.compiled, here.library.law, matter, gathered.place, day), title)
    return matter
