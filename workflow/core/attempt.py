"""An attempt, and the two answers to it: a decision or a refusal. Both list every requirement that was asked."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from workflow.core.facts import Facts, FactValue

Numbers = dict[str, FactValue]
Weight = Literal["refuses", "decides", "warns"]


@dataclass(frozen=True, slots=True)
class Requirement:
    """One check as asked: its id in the message table, the numbers found and required, and the legal basis.

    `weight` says what an unmet one does: `refuses` the act, `decides` its outcome (a quorum, a vote), or only `warns`.
    """

    check: str
    met: bool
    numbers: Mapping[str, FactValue] = field(default_factory=dict)
    basis: tuple[str, ...] = ()
    weight: Weight = "refuses"

    def as_data(self) -> dict[str, object]:
        """Return the requirement as it stands in a leaf's `computed` and in API answers."""
        return {
            "check": self.check,
            "met": self.met,
            "weight": self.weight,
            "numbers": dict(self.numbers),
            "basis": list(self.basis),
        }


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who tries what, in which offices, when: everything `decide` may know of the moment.

    `acted_on` is the civil day the act took place as its recorder states it; `recorded_on` the server's civil day.
    """

    action: str
    actor: str
    acted_on: datetime.date
    recorded_on: datetime.date
    facts: Facts = field(default_factory=Facts)
    auth: str = "password"
    deputy_for: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The act stands: where it leads, what came of it, and the numbers it rests on."""

    type: str
    action: str
    stage: str
    from_: str | None
    to: str
    outcome: str
    office: str
    requirements: tuple[Requirement, ...]
    confirming: bool = False
    computed: Mapping[str, FactValue] = field(default_factory=dict)

    def computed_data(self) -> dict[str, object]:
        """Return the leaf's `computed` field."""
        return {
            "outcome": self.outcome,
            "requirements": [each.as_data() for each in self.requirements],
            **dict(self.computed),
        }


@dataclass(frozen=True, slots=True)
class Refusal:
    """The act does not stand: all unmet requirements, and the met ones for the arithmetic beside them."""

    requirements: tuple[Requirement, ...]

    @property
    def unmet(self) -> tuple[Requirement, ...]:
        """The requirements that refuse the act."""
        return tuple(each for each in self.requirements if not each.met and each.weight == "refuses")
