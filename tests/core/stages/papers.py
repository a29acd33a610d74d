"""One stage written inline, walked through the real machine without a database: read, decided, folded."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from workflow.core import RULES
from workflow.core.attempt import Attempt, Decision
from workflow.core.correction import CORRECTS, correction_fields, correction_of
from workflow.core.decide import Law, decide
from workflow.core.entry import Entry
from workflow.core.facts import Facts, read_facts
from workflow.core.machine import Compiled
from workflow.core.matter import Matter, step
from workflow.core.place import BodyCount, Place, Term
from workflow.core.procedure import Procedure, problems
from workflow.core.stage import Stage
from workflow.library import SHIPPED, Library
from workflow.reading.explain import validate
from workflow.reading.yaml_text import read_yaml

CODE = "371329105201"
FIRST = datetime.date(2026, 3, 2)
COUNTS = {
    "villagers_assembly": {"villagers_18plus": 800, "households": 300},
    "rep_assembly": {"body_all": 45, "reps_all": 40, "women_reps": 15},
    "party_meeting": {"voting_members": 40},
}
ON_SPOT = {
    "place": "村部", "public": True, "scrutineers": 1, "tellers": 2, "tellers_named": "甲、乙", "independent": True,
}  # fmt: skip
MARKED = {"booth": True, "counting": "hand"}
PAPER = ("sha256:" + "0" * 64,)
_LAW: Law = Library(SHIPPED).law

_PROCEDURE = """\
procedure: inline
title: 试
from: 2026-01-01
decides: none
stages:
  - id: motion
    title: 提出
    phase: proposal
    kind: motion
    then: here
  - id: here
    title: 这一步
    phase: vote
    then: later
{stage}
  - id: later
    title: 之后
    phase: review
    kind: signoff
    mode: approve
    by: [vsc_chair]
    then: archived
"""


def procedure(stage: str) -> Procedure:
    """A procedure of a motion, this stage (its own lines only) and one that follows."""
    lines = "\n".join("    " + line for line in stage.strip().splitlines())
    text = _PROCEDURE.format(stage=lines)
    return validate(Procedure, read_yaml(text.encode(), "inline.yaml"))


def faults(stage: str) -> list[str]:
    """What is wrong with the stage, each with its path below the stage."""
    found = problems(procedure(stage))
    assert {each.code for each in found} <= {"P215"}
    return [f"{'.'.join(map(str, each.path[2:]))} {each.message}" for each in found]


@dataclass
class Walk:
    """A matter at the stage `here`, with a secretary who records and a supervisor who confirms."""

    compiled: Compiled
    place: Place
    matter: Matter
    law: Law = _LAW
    day: datetime.date = FIRST

    @classmethod
    def at(cls, stage: str, counts: Mapping[str, Mapping[str, int]] = COUNTS) -> "Walk":
        """Open a matter under the inline stage; it must be free of problems."""
        read = procedure(stage)
        assert problems(read) == []
        begun = datetime.date(2026, 1, 1)
        bodies = tuple(BodyCount(body, begun, each) for body, each in counts.items())
        terms = (Term("s", "secretary", begun), Term("v", "vsc_chair", begun))
        walk = cls(
            Compiled(read, "sha256:" + "1" * 64), Place(CODE, bodies, terms), Matter("m", CODE, "inline")
        )
        opening = {"title": "事", "source": "cadres_propose", "mover": "committee", "reason": "由"}
        assert walk.do("open", **opening) == "opened"
        return walk

    @property
    def stage(self) -> Stage:
        """The stage under test."""
        return self.compiled.procedure.by_id["here"]

    def do(self, action: str, who: str = "s", **given: object) -> str | set[str]:
        """Try an act today; return its outcome, or the checks that refuse it."""
        form = self._form(action, given)
        wanted = {each.name: PAPER for each in form if each.type == "documents" and each.required}
        texts = {each.name: "某" for each in form if each.private and each.required}
        filled = {**{name: list(paper) for name, paper in wanted.items()}, **texts, **given}
        facts, errors = read_facts(tuple(form), filled)
        assert not errors, errors
        attempt = Attempt(action, who, self.day, self.day, facts)
        answer = decide(self.compiled, self.law, self.matter, self.place, attempt)
        if not isinstance(answer, Decision):
            return {each.check for each in answer.unmet}
        self.decision = answer
        self._fold(attempt, answer)
        return answer.outcome

    def sure(self, action: str, **given: object) -> str | set[str]:
        """Try an act and let the second office confirm it; return the outcome of the confirmation."""
        first = self.do(action, **given)
        return self.do("confirm", "v") if first == "unconfirmed" else first

    def correct(self, mseq: int, **given: object) -> str | set[str]:
        """Correct an act and let the second office confirm it."""
        return self.sure("correct", corrects=mseq, reason="抄错了", **given)

    def last(self, action: str) -> int:
        """The number of the newest standing act of that name."""
        return next(act.mseq for act in reversed(self.matter.standing("here", action)))

    @property
    def computed(self) -> Mapping[str, object]:
        """What the last decision computed."""
        return self.decision.computed

    def unmet(self, check: str) -> list[Mapping[str, object]]:
        """The numbers of the unmet requirements of that id in the last decision."""
        return [each.numbers for each in self.decision.requirements if each.check == check and not each.met]

    def _form(self, action: str, given: Mapping[str, object]):
        if action in ("confirm", "decline"):
            return ()
        if action == "correct":
            found = correction_of(self.compiled, self.matter, Facts({"corrects": given["corrects"]}))  # type: ignore[dict-item]
            assert found is not None
            return (CORRECTS, *correction_fields(found)[1:])
        known = self.compiled.action("here", action) or self.compiled.actions["motion"][action]
        return known.fields

    def _fold(self, attempt: Attempt, decision: Decision) -> None:
        number = self.matter.mseq + 1
        entry = Entry(
            log="test", seq=number, place=CODE, pseq=number, matter="m", mseq=number, type=decision.type,
            action=decision.action, from_=decision.from_, to=decision.to, actor=attempt.actor, office=decision.office,
            acted_on=attempt.acted_on.isoformat(), recorded_at=f"{attempt.recorded_on}T01:00:00.000000Z",
            facts=dict(attempt.facts.open), computed=decision.computed_data(), rules=RULES,
            private=dict.fromkeys(attempt.facts.private, ""), key=f"k{number}",
            documents=[{"digest": one, "size": 1, "kind": kind} for kind, many in attempt.facts.documents.items() for one in many],
        )  # fmt: skip
        self.matter = step(self.matter, entry)
