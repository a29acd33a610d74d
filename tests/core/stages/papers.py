"""A trial of one stage called `here`: outcomes or refusing checks, act by act, on one day."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from tests.trials import MONDAY, Trial
from tests.trials import faults as faults_of
from workflow.core.attempt import Decision
from workflow.core.matter import Matter
from workflow.core.place import BodyCount, Place

COUNTS: Mapping[str, Mapping[str, int]] = {
    "villagers_assembly": {"villagers_18plus": 800, "households": 300},
    "rep_assembly": {"body_all": 45, "reps_all": 40, "women_reps": 15},
    "party_meeting": {"voting_members": 40},
}
ON_SPOT = {
    "place": "村部", "public": True, "scrutineers": 1, "tellers": 2, "tellers_named": "甲、乙", "independent": True,
}  # fmt: skip
MARKED = {"booth": True, "counting": "hand"}
_STAGES = """\
  - id: here
    title: 这一步
    phase: review
    then: later
STAGE
  - {id: later, title: 之后, phase: review, kind: signoff, mode: approve, by: [vsc_chair], then: archived}
"""


def _written(stage: str) -> str:
    return _STAGES.replace("STAGE", "\n".join("    " + line for line in stage.strip().splitlines()))


def faults(stage: str) -> list[str]:
    """What contradicts itself in the stage's own lines, each with its path below the stage."""
    found = faults_of(_written(stage), "here")
    assert {each.code for each in found} <= {"P215"}
    return [f"{'.'.join(map(str, each.path[2:]))} {each.message}" for each in found]


@dataclass
class Walk:
    """A matter at the stage `here`: the secretary records, the supervisor confirms."""

    trial: Trial
    day: datetime.date = MONDAY

    @classmethod
    def at(cls, stage: str, counts: Mapping[str, Mapping[str, int]] = COUNTS) -> "Walk":
        """Open a matter under a stage of these lines, which must be free of faults."""
        trial = Trial(_written(stage), "here")
        bodies = tuple(BodyCount(body, datetime.date(2020, 1, 1), each) for body, each in counts.items())
        trial.place = Place(trial.place.code, bodies, trial.place.terms)
        return cls(trial)

    @property
    def matter(self) -> Matter:
        """The matter as it stands."""
        return self.trial.matter

    def do(self, action: str, who: str = "secretary", **given: object) -> str | set[str]:
        """Try an act today; return its outcome, or the checks that refuse it."""
        answer = self.trial.attempt(action, who, self.day, **given)
        if not isinstance(answer, Decision):
            return {each.check for each in answer.unmet}
        self.decision = answer
        return answer.outcome

    def sure(self, action: str, **given: object) -> str | set[str]:
        """Try an act and let the second office confirm it; return the outcome of the confirmation."""
        first = self.do(action, **given)
        return self.do("confirm", "vsc_chair") if first == "unconfirmed" else first

    def correct(self, mseq: int, **given: object) -> str | set[str]:
        """Correct an act and let the second office confirm it."""
        return self.sure("correct", corrects=mseq, **given)

    def acts(self, action: str) -> list[int]:
        """The numbers of the standing acts of that name, oldest first."""
        return [act.mseq for act in self.matter.standing("here", action)]

    @property
    def computed(self) -> Mapping[str, object]:
        """What the last decision computed."""
        return self.decision.computed

    def unmet(self, check: str) -> list[Mapping[str, object]]:
        """The numbers of the unmet requirements of that id in the last decision."""
        return [each.numbers for each in self.decision.requirements if each.check == check and not each.met]
