"""A matter is what its entries amount to: `replay` folds them, nothing else may say where a matter stands."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from workflow.core.days import civil_day
from workflow.core.entry import Entry
from workflow.core.facts import FactValue
from workflow.core.place import VSC

ENDS: dict[str, str] = {"archived": "已归档", "rejected": "未通过", "withdrawn": "已撤回"}


# The outcome of an act whose true facts the law bars (see correction.py).
VOID = "void"


def stage_of(state: str) -> str:
    """Return the stage (or end) a state of the machine belongs to."""
    return state.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Act:
    """One entry as later acts need it. `counts_from` is the day statutory periods run from (design §4, two clocks)."""

    mseq: int
    type: str
    action: str
    stage: str
    from_: str | None
    to: str
    outcome: str
    actor: str
    office: str
    acted_on: datetime.date
    recorded_on: datetime.date
    facts: Mapping[str, FactValue]
    documents: frozenset[str]
    private: frozenset[str]
    counts_from: datetime.date
    confirmed_by: str | None = None
    declined: bool = False
    without_basis: bool = False
    corrected_by: int | None = None

    @property
    def late_days(self) -> int:
        """Days between the act and its record; more than 0 is 补录."""
        return (self.recorded_on - self.acted_on).days


@dataclass(frozen=True, slots=True)
class Objection:
    """One objection by its number: lodged, then received or dismissed, then answered or escalated, then answered.

    `by` is the action that brought it where it stands.
    """

    number: int
    mseq: int
    lodged_on: datetime.date
    status: str
    status_on: datetime.date
    by: str = "object"

    @property
    def open(self) -> bool:
        """Whether it still stands in the way of execution and archive."""
        return self.status in ("lodged", "received")


@dataclass(frozen=True, slots=True)
class Matter:
    """One affair on its way, as of its last entry."""

    id: str
    place: str
    procedure: str
    at: str = ""
    mseq: int = 0
    acts: tuple[Act, ...] = ()
    pending: Act | None = None
    objections: Mapping[int, Objection] | None = None
    entries: tuple[Entry, ...] = ()

    @property
    def closed(self) -> bool:
        """Whether the matter has reached an end."""
        return self.at in ENDS

    @property
    def opening(self) -> Mapping[str, FactValue]:
        """The facts of the opening act, which `when:` compares."""
        return self.acts[0].facts if self.acts else {}

    @property
    def open_objections(self) -> tuple[Objection, ...]:
        """The objections nobody has answered, dismissed or escalated, by number."""
        return tuple(each for each in (self.objections or {}).values() if each.open)

    @property
    def escalated(self) -> tuple[Objection, ...]:
        """The objections passed on to the township that it has not answered, by number."""
        return tuple(each for each in (self.objections or {}).values() if each.status == "escalated")

    def standing(self, stage: str | None = None, action: str | None = None) -> tuple[Act, ...]:
        """Return the acts that took effect and still have their basis, oldest first."""
        return tuple(
            act
            for act in self.acts
            if (stage is None or act.stage == stage)
            and (action is None or act.action == action)
            and not act.declined
            and not act.without_basis
            and act is not self.pending
        )

    def last(self, stage: str, action: str) -> Act | None:
        """Return the newest standing act of that stage and action."""
        found = self.standing(stage, action)
        return found[-1] if found else None

    @property
    def last_day(self) -> datetime.date | None:
        """The latest day an act of the procedure took place on; acts of one matter are monotone."""
        days = [act.acted_on for act in self.acts if act.type in ORDERED and not act.declined]
        return max(days) if days else None


ORDERED = frozenset({"opened", "act", "notice", "closed", "withdrawal"})


def _act(entry: Entry) -> Act:
    acted = datetime.date.fromisoformat(str(entry.acted_on))
    recorded = civil_day(datetime.datetime.fromisoformat(entry.recorded_at))
    return Act(
        mseq=entry.mseq or 0,
        type=entry.type,
        action=str(entry.action),
        stage=stage_of(str(entry.computed.get("stage") or entry.from_ or entry.to)),
        from_=entry.from_,
        to=entry.to or "",
        outcome=str(entry.computed["outcome"]),
        actor=str(entry.actor),
        office=str(entry.office),
        acted_on=acted,
        recorded_on=recorded,
        facts=entry.facts,
        documents=frozenset(str(each["kind"]) for each in entry.documents),
        private=frozenset(entry.private),
        counts_from=recorded,
    )


def _objections(matter: Matter, act: Act) -> Mapping[int, Objection] | None:
    status = {
        "object": "lodged",
        "receive_objection": "received",
        "dismiss_objection": "dismissed",
        "answer_objection": "answered",
        "escalate_objection": "escalated",
        "answer_escalated": "answered",
    }.get(act.action)
    if status is None:
        return matter.objections
    known = dict(matter.objections or {})
    number = int(str(act.facts["number"])) if act.action != "object" else len(known) + 1
    lodged = known.get(number)
    known[number] = Objection(
        number=number,
        mseq=lodged.mseq if lodged else act.mseq,
        lodged_on=lodged.lodged_on if lodged else act.recorded_on,
        status=status,
        status_on=act.recorded_on,
        by=act.action,
    )
    return known


def _confirmed(matter: Matter, waiting: Act, act: Act, computed: Mapping[str, object]) -> tuple[Act, ...]:
    """Return the acts after the second office confirmed: the waiting act counts, a correction replaces facts."""
    effect = replace(
        waiting,
        outcome=act.outcome,
        to=act.to,
        confirmed_by=act.office,
        counts_from=waiting.acted_on if act.office in VSC else waiting.recorded_on,
    )
    acts = [effect if each is waiting else each for each in matter.acts]
    if waiting.action != "correct":
        return tuple(acts)
    target = int(str(waiting.facts["corrects"]))
    changed = act.outcome == "changed"
    for index, each in enumerate(acts):
        if each.mseq == target:
            acts[index] = replace(
                corrected(each, waiting.facts),
                corrected_by=waiting.mseq,
                to=act.to if changed else each.to,
                outcome=str(computed.get("new_outcome", each.outcome)),
                without_basis=computed.get("new_outcome") == VOID,
            )
        elif each.mseq > target and changed and each is not effect and each.type in ORDERED:
            acts[index] = replace(each, without_basis=True)
    return tuple(acts)


def corrected(act: Act, facts: Mapping[str, FactValue]) -> Act:
    """Return the act with the facts a correction gives in place of its own; `acted_on` is one of them."""
    given = {name: value for name, value in facts.items() if name not in ("corrects", "acted_on")}
    day = facts.get("acted_on")
    acted_on = datetime.date.fromisoformat(str(day)) if day else act.acted_on
    counts_from = acted_on if act.counts_from == act.acted_on else act.counts_from
    return replace(act, facts={**act.facts, **given}, acted_on=acted_on, counts_from=counts_from)


def step(matter: Matter, entry: Entry) -> Matter:
    """Fold one more entry, the matter's next, into the matter."""
    act = _act(entry)
    acts, pending = matter.acts, matter.pending
    if act.action in ("confirm", "decline") and pending is not None:
        if act.action == "confirm":
            acts = _confirmed(matter, pending, act, entry.computed)
        else:
            acts = tuple(replace(each, declined=True) if each is pending else each for each in acts)
        pending = None
    elif act.outcome == "unconfirmed":
        pending = act
    return Matter(
        id=matter.id,
        place=matter.place,
        procedure=matter.procedure,
        at=act.to,
        mseq=act.mseq,
        acts=(*acts, act),
        pending=pending,
        objections=_objections(matter, act),
        entries=(*matter.entries, entry),
    )


def replay(entries: Iterable[Entry]) -> Matter | None:
    """Fold a matter's entries, in order; None when there are none."""
    matter: Matter | None = None
    for entry in entries:
        if matter is None:
            matter = Matter(id=entry.matter or "", place=entry.place, procedure=entry.procedure or "")
        matter = step(matter, entry)
    return matter
