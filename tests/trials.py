"""A small procedure written in a test, and one matter under it: read, judged, decided and replayed by the real parts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from workflow.core import RULES
from workflow.core.attempt import Attempt, Decision, Refusal
from workflow.core.decide import Law, decide
from workflow.core.entry import Entry, digest
from workflow.core.facts import Field, read_facts
from workflow.core.machine import Compiled
from workflow.core.matter import ENDS, Act, Matter, replay
from workflow.core.place import OFFICES, BodyCount, Place, Term
from workflow.core.procedure import Problem, Procedure, problems
from workflow.core.prospects import Prospect, prospects
from workflow.core.words import in_words
from workflow.forms import form_of
from workflow.library import Library
from workflow.reading.explain import validate
from workflow.reading.yaml_text import read_yaml
from workflow.shelves import SHIPPED

VILLAGE = "371329105201"
MONDAY = date(2026, 3, 2)
BODIES: Mapping[str, Mapping[str, int]] = {
    "boards": {"places": 1}, "committee": {"body_all": 5}, "joint_meeting": {"body_all": 8},
}  # fmt: skip
PAPER = digest(b"paper")
HEAD = """\
procedure: small
title: 小程序
from: 2026-01-01
decides: none
stages:
  - {id: motion, title: 动议, phase: proposal, kind: motion, then: FIRST}
"""


@cache
def law() -> Law:
    """The shipped statutes and calendar."""
    return Library(SHIPPED).law


def read(stages: str, first: str) -> Procedure:
    """Read a procedure: a motion that leads to the stage `first`, then `stages`, items of a YAML list."""
    text = HEAD.replace("FIRST", first) + stages
    return validate(Procedure, read_yaml(text.encode(), "small.yaml"))


def faults(stages: str, first: str) -> list[Problem]:
    """Everything that may not stand in it."""
    return problems(read(stages, first))


def _filled(fields: tuple[Field, ...], given: Mapping[str, object]) -> dict[str, object]:
    """Texts and papers a test does not speak of are given; `None` leaves a field empty."""
    usual: Mapping[str, object] = {"line": "某某", "text": "情况属实", "documents": [PAPER]}
    found = {each.name: usual[each.type] for each in fields if each.required and each.type in usual}
    found |= {name: value.isoformat() if isinstance(value, date) else value for name, value in given.items()}
    return {name: value for name, value in found.items() if value is not None}


@dataclass
class Trial:
    """One matter on its way. Whoever is named by an office holds it."""

    stages: str
    first: str
    amount_fen: int = 1_000_000
    day: date = MONDAY
    entries: list[Entry] = field(default_factory=list)

    def __post_init__(self) -> None:
        procedure = read(self.stages, self.first)
        assert problems(procedure) == []
        self.compiled = Compiled(procedure, digest(self.stages.encode()))
        begun = date(2020, 1, 1)
        self.place = Place(
            VILLAGE,
            tuple(BodyCount(body, begun, counts) for body, counts in BODIES.items()),
            tuple(Term(f"p_{office}", office, begun) for office in OFFICES),
        )
        self.ok(
            "open", "secretary", self.day, title="一件事", source="cadres_propose", mover="party_branch",
            amount_fen=self.amount_fen,
        )  # fmt: skip

    @property
    def matter(self) -> Matter:
        """The matter as its entries amount to."""
        return replay(self.entries) or Matter("", VILLAGE, self.compiled.digest)

    @property
    def at(self) -> str:
        """Where the matter stands."""
        return self.matter.at

    def last(self, action: str) -> Act:
        """The newest standing act of that name."""
        return [act for act in self.matter.standing() if act.action == action][-1]

    def attempt(
        self, action: str, who: str, on: date, recorded: date | None = None, **facts: object
    ) -> Decision | Refusal:
        """Try an act; what stands is entered. A malformed form fails the test."""
        form = form_of(self.compiled, self.matter, action, facts)
        if not self.entries:
            form = self.compiled.actions["motion"]["open"].fields
        assert form is not None, action
        given, errors = read_facts(form, _filled(form, facts))
        assert not errors, errors
        attempt = Attempt(action, f"p_{who}", on, recorded or on, given)
        answer = decide(self.compiled, law(), self.matter, self.place, attempt)
        if isinstance(answer, Decision):
            self._enter(attempt, answer)
        return answer

    def ok(self, action: str, who: str, on: date, recorded: date | None = None, **facts: object) -> Decision:
        """Do an act that must stand; the second office confirms what waits for it, the same day."""
        answer = self.attempt(action, who, on, recorded, **facts)
        assert isinstance(answer, Decision), [in_words(each) for each in answer.unmet]
        if answer.confirming:
            answer = self.attempt("confirm", "vsc_chair", recorded or on)
            assert isinstance(answer, Decision), answer
        return answer

    def refused(self, action: str, who: str, on: date, **facts: object) -> set[str]:
        """Try an act that must not stand; the checks it fails."""
        answer = self.attempt(action, who, on, **facts)
        assert isinstance(answer, Refusal), answer
        return {each.check for each in answer.unmet}

    def corrected(self, action: str, who: str, on: date, **facts: object) -> Decision:
        """Correct the newest act of that name, confirmed the same day."""
        return self.ok("correct", who, on, corrects=self.last(action).mseq, **facts)

    def ahead(self, today: date) -> dict[str, Prospect]:
        """What is open, by action."""
        found = prospects(self.compiled, law(), self.matter, self.place, today)
        return {each.action: each for each in found}

    def window(self, action: str, today: date = MONDAY) -> tuple[date | None, date | None]:
        """The first and last day of an act that is open."""
        found = self.ahead(today)[action].window
        return found.earliest, found.latest

    def _enter(self, attempt: Attempt, decision: Decision) -> None:
        number = len(self.entries) + 1
        papers = attempt.facts.documents.items()
        self.entries.append(
            Entry(
                log="cunyi.trial", seq=number - 1, place=VILLAGE, pseq=number, matter="m_1", mseq=number,
                type=decision.type, action=decision.action, from_=decision.from_, to=decision.to or None,
                actor=attempt.actor, office=decision.office, acted_on=attempt.acted_on.isoformat(),
                recorded_at=f"{attempt.recorded_on.isoformat()}T01:00:00.000000Z", facts=dict(attempt.facts.open),
                computed=decision.computed_data(), rules=RULES, private=dict.fromkeys(attempt.facts.private, ""),
                documents=[{"digest": one, "size": 1, "kind": kind} for kind, many in papers for one in many],
                key=f"trial-{number}",
            )
        )  # fmt: skip


def warned(decision: Decision) -> set[str]:
    """The checks that were not met and only warn."""
    return {each.check for each in decision.requirements if not each.met}


def stuck(trial: Trial) -> set[str]:
    """The states of its machine from which no acts lead to an end, withdrawal left aside."""
    compiled = trial.compiled
    leads = {
        state: {compiled.fire(state, each) for each in moves if not each.startswith("withdraw:")}
        for state, moves in compiled.moves.items()
    }
    ending = set(ENDS)
    while more := {state for state, ends in leads.items() if ends & ending} - ending:
        ending |= more
    return set(leads) - ending
