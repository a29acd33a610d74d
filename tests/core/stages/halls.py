"""One meeting of one body in one village, led through the real machine: a motion, the meeting, the end."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from workflow.core.attempt import Attempt, Decision, Refusal, Requirement
from workflow.core.decide import Law, decide
from workflow.core.entry import Entry
from workflow.core.facts import Facts, read_facts
from workflow.core.floors import FloorBreach, check_floors
from workflow.core.machine import Compiled
from workflow.core.matter import Matter, step
from workflow.core.place import BodyCount, Delegation, Place, Term
from workflow.core.procedure import Problem, Procedure, problems
from workflow.core.prospects import prospects
from workflow.core.stage import Window
from workflow.core.words import in_words
from workflow.forms import form_of
from workflow.library import Library
from workflow.reading.explain import validate
from workflow.reading.yaml_text import read_yaml
from workflow.shelves import SHIPPED

LINSHU, CHONGQING, ELSEWHERE = "371329105201", "500112105201", "410122103201"
LONG_AGO, OPENED = datetime.date(2018, 1, 1), datetime.date(2026, 3, 2)
TEXT = """
procedure: one_meeting
title: 一次会议
from: 2018-12-29
decides: none
settings: {{objection_reply_days: 3, {settings}}}
stages:
  - {{id: motion, title: 动议, phase: proposal, kind: motion, then: meet}}
  - id: meet
    title: 开会
    phase: {phase}
    kind: meeting
    {stage}
    bodies:
      {bodies}
    then: archived
"""
PAPER = "sha256:" + "0" * 64
RECORD = {
    "place": "村委会", "chair": "王某", "recorder": "李某", "summary": "讨论后表决", "minutes": [PAPER],
}  # fmt: skip
COMMITTEE = 'committee: {quorum: "> 1/2 of body_all", approval: "> 1/2 of present"}'
LISTENING = 'committee: {quorum: "> 1/2 of body_all"}'
VILLAGERS = """quorum: {any_of: ["> 1/2 of villagers_18plus", ">= 2/3 of households"]}, approval: "> 1/2 of present", notice_days: 10"""
VILLAGE = {"villagers_assembly": {"villagers_18plus": 800, "households": 300}}
REPS = 'rep_assembly: {quorum: ">= 2/3 of body_all", approval: "> 1/2 of present", notice_days: 3}'
REP_COUNTS = {"rep_assembly": {"body_all": 45, "reps_all": 40, "women_reps": 15}}
FIVE = {"committee": {"body_all": 5}, "vsc": {"body_all": 3}}
CALL = {"meeting_time": "上午9点", "meeting_place": "村委会", "topic": "讨论一件事"}


@cache
def law() -> Law:
    """The shipped statutes and calendars."""
    return Library(SHIPPED).law


def procedure(
    bodies: str, stage: str = "votes: true", phase: str = "review", settings: str = ""
) -> Procedure:
    """The procedure with this meeting; bodies are flow mappings, one a line."""
    lines = "\n      ".join(bodies.strip().splitlines())
    text = TEXT.format(bodies=lines, stage=stage, phase=phase, settings=settings)
    return validate(Procedure, read_yaml(text.encode(), "one_meeting.yaml"))


def breaches(bodies: str, place: str = LINSHU, day: datetime.date = OPENED, **more: str) -> list[FloorBreach]:
    """What of the meeting's rules is below the law of the place."""
    return check_floors(list(procedure(bodies, **more).floor_claims()), law().statutes, day, place)


def faults(bodies: str, stage: str = "votes: true") -> list[Problem]:
    """What cannot stand together in the meeting's rules."""
    return problems(procedure(bodies, stage))


def unmet(answer: Decision | Refusal) -> list[str]:
    """The checks that were not met, whatever their weight, in order."""
    return [each.check for each in answer.requirements if not each.met]


def requirement(answer: Decision | Refusal, check: str) -> Requirement:
    """The first requirement of that check."""
    return next(each for each in answer.requirements if each.check == check)


def said(answer: Decision | Refusal, check: str) -> str:
    """What was found and what is required, in words."""
    words = in_words(requirement(answer, check))
    return f"{words.found}；{words.required}"


@dataclass
class Hall:
    """One matter before one meeting; `act` tries, and folds what stands."""

    text: Procedure
    bodies: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    code: str = LINSHU
    day: datetime.date = OPENED
    opening: Mapping[str, object] = field(default_factory=dict)
    matter: Matter | None = None

    @property
    def compiled(self) -> Compiled:
        """The compiled procedure."""
        return Compiled(self.text, "sha256:text")

    @property
    def place(self) -> Place:
        """The village: its counts, a secretary who records, a supervisor who confirms, and a delegation."""
        counts = tuple(BodyCount(body, LONG_AGO, named) for body, named in self.bodies.items())
        terms = (Term("p_secretary", "secretary", LONG_AGO), Term("p_vsc", "vsc_chair", LONG_AGO))
        delegated = Delegation(frozenset({"public_works"}), LONG_AGO, datetime.date(2030, 1, 1), 1)
        return Place(self.code, counts, terms, (delegated,))

    def act(
        self, action: str, actor: str = "p_secretary", on: datetime.date | None = None, **given: object
    ) -> Decision | Refusal:
        """Try one act on its day; its form must be read without a fault."""
        day = on or self.day
        matter = self.matter or Matter("m", self.code, "sha256:text")
        form = form_of(self.compiled, matter, action, given) or ()
        facts, errors = read_facts(form, given)
        assert not errors, errors
        return self._decided(matter, Attempt(action, actor, day, day, facts))

    def errors(self, action: str, **given: object) -> list[str]:
        """The fields a form is refused for."""
        matter = self.matter or Matter("m", self.code, "sha256:text")
        return [
            each.field for each in read_facts(form_of(self.compiled, matter, action, given) or (), given)[1]
        ]

    def open(self) -> "Hall":
        """Open the matter."""
        open_facts = {
            "kind": "public_works", "tier": "major", "source": "cadres_propose", "mover": "committee", **self.opening,
        }  # fmt: skip
        facts = Facts({name: value for name, value in open_facts.items() if isinstance(value, int | str)})
        answer = self._decided(
            Matter("", self.code, ""), Attempt("open", "p_secretary", OPENED, OPENED, facts)
        )
        assert isinstance(answer, Decision), answer
        return self

    def call(self, days: int, *ways: str, **given: object) -> Decision | Refusal:
        """Call the meeting for so many days ahead; a call that stands lets those days pass."""
        meeting = self.day + datetime.timedelta(days=days)
        answer = self.act(
            "call", **CALL, meeting_on=meeting.isoformat(), ways=list(ways) or ["phone"], **given
        )
        if isinstance(answer, Decision):
            self.day = meeting
        return answer

    def record(self, **given: object) -> Decision | Refusal:
        """Record what the meeting came to."""
        return self.act("record", **RECORD, **given)

    def window(self, action: str) -> Window:
        """When an open action may or must be done."""
        assert self.matter is not None
        ahead = prospects(self.compiled, law(), self.matter, self.place, self.day)
        return next(each.window for each in ahead if each.action == action)

    def _decided(self, matter: Matter, attempt: Attempt) -> Decision | Refusal:
        answer = decide(self.compiled, law(), matter, self.place, attempt)
        if isinstance(answer, Decision):
            number = matter.mseq + 1
            self.matter = step(
                matter,
                Entry(
                    log="test", seq=number, place=self.code, pseq=number, matter="m", mseq=number, type=answer.type,
                    action=answer.action, from_=answer.from_, to=answer.to or None, actor=attempt.actor,
                    office=answer.office, acted_on=attempt.acted_on.isoformat(),
                    recorded_at=f"{attempt.recorded_on.isoformat()}T01:00:00.000000Z",
                    facts=dict(attempt.facts.open), computed=answer.computed_data(), rules="1",
                    private=dict.fromkeys(attempt.facts.private, ""), key=str(number),
                    documents=[
                        {"digest": one, "size": 1, "kind": kind}
                        for kind, many in attempt.facts.documents.items()
                        for one in many
                    ],
                ),
            )  # fmt: skip
        return answer


def committee(stage: str, bodies: str = COMMITTEE, **opening: object) -> Hall:
    """A committee of five before a matter, under these parameters of the stage."""
    return Hall(procedure(bodies, stage), FIVE, opening=opening).open()


def outcome(answer: Decision | Refusal) -> str:
    """The outcome, or that it was refused."""
    return answer.outcome if isinstance(answer, Decision) else "refused"
