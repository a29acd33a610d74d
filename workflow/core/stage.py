"""What every kind of stage is made of: the stage as written in YAML, its actions, and what an action may ask."""

import datetime
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic import Field as YamlField

from workflow.core.attempt import Requirement
from workflow.core.conditions import Condition
from workflow.core.days import Calendar
from workflow.core.facts import Facts, FactValue, Field
from workflow.core.floors import FloorClaim
from workflow.core.matter import Matter
from workflow.core.place import Place
from workflow.core.statutes import Statutes, StatuteValue

Phase = Literal["proposal", "review", "vote", "disclosure", "execution", "audit"]
PHASES: dict[str, str] = {
    "proposal": "提议",
    "review": "审议",
    "vote": "决议",
    "disclosure": "公开",
    "execution": "实施",
    "audit": "监督归档",
}
Office = Literal[
    "secretary", "branch_member", "committee_director", "committee_member", "clerk", "accountant", "vsc_chair",
    "vsc_member", "group_leader", "council_chair", "council_member", "supervisor", "mediator", "seal_keeper",
    "township_officer", "liaison", "commissioner", "township_secretary", "sanzi_center", "legal_adviser",
    "county_civil_affairs", "county_agri", "county_org", "discipline",
]  # fmt: skip
Offices = tuple[Office, ...]
Texts = tuple[str, ...]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Title = Annotated[str, StringConstraints(min_length=1, max_length=60)]

UNCONFIRMED = "unconfirmed"
CONFIRMING = "confirming"
# The target of an action that leaves the matter where it is.
STAYS = "="


@dataclass(frozen=True, slots=True)
class Window:
    """The days an action may or must be done: earliest, latest, and which rule says so (a check id)."""

    earliest: datetime.date | None = None
    latest: datetime.date | None = None
    rule: str = ""
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """All an action's judge may look at. Pure data; the days are given, never read from a clock."""

    settings: "Settings"
    stages: Mapping[str, "Stage"]
    matter: Matter
    place: Place
    statutes: Statutes
    calendar: Calendar
    acted_on: datetime.date
    recorded_on: datetime.date
    facts: Facts = field(default_factory=Facts)

    def number(self, name: str) -> int:
        """Return a counted fact, 0 where the form left it out."""
        value = self.facts.open.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else 0

    def day(self, name: str) -> datetime.date | None:
        """Return a day the form gave, if it did."""
        value = self.facts.open.get(name)
        return datetime.date.fromisoformat(value) if isinstance(value, str) else None

    def law(self, key: str, day: datetime.date | None = None) -> tuple[StatuteValue, ...]:
        """Return the statute values that bind this place on `day` (the day of the act unless given)."""
        return self.statutes.in_force(key, day or self.acted_on, self.place.code)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a judge found: the outcome if nothing refuses, all requirements asked, and numbers worth recording."""

    outcome: str
    requirements: tuple[Requirement, ...] = ()
    computed: Mapping[str, FactValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Action:
    """One thing people do at a stage. `at` is the state within the stage; `leads` maps outcomes to targets.

    A target is a state within the stage (".called", "." for its start), a stage's id, or an end. Outcomes and
    targets are the only moves the machine knows. `spent` says that it has been done where the matter stays for others.
    """

    id: str
    title: str
    at: str
    offices: frozenset[str]
    fields: tuple[Field, ...]
    leads: Mapping[str, str]
    judge: Callable[[Ask], Judgement]
    type: str = "act"
    decisive: bool = False
    starts_period: bool = False
    window: Callable[[Ask], Window] | None = None
    spent: Callable[[Matter], bool] | None = None


# By check id: what was found, what is required, what to do next; numbers stand in braces.
CheckWords = Mapping[str, tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words one kind of stage brings: its own name, its checks, its outcomes, the tokens of its YAML fields."""

    title: str
    outcomes: Mapping[str, str]
    checks: CheckWords = field(default_factory=dict)
    tokens: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class Yaml(BaseModel):
    """A mapping in a YAML file: nothing unknown, nothing retyped, never changed after reading."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Settings(Yaml):
    """What a county may set for a whole procedure (domain.md §24); days are days, not working days."""

    second_office: Offices = YamlField(default=("vsc_chair", "vsc_member"), title="由谁复核确认")
    late_days: int = YamlField(default=3, ge=0, le=60, title="补录超过几天须复核")
    step_interval_days: int = YamlField(default=0, ge=0, le=60, title="相邻会议至少间隔几天")
    total_days_warning: int = YamlField(default=30, ge=1, le=1000, title="议事全程超过几天提醒")
    convene_within_days_after_petition: int = YamlField(
        default=15, ge=1, le=60, title="联名提出后几天内召集会议"
    )
    day_count: Literal["civil_code", "inclusive"] = YamlField(default="civil_code", title="公示天数怎么数")
    objection_receipt_days: int = YamlField(default=3, ge=1, le=60, title="监委会几天内受理或驳回异议")
    objection_reply_days: int = YamlField(default=15, ge=1, le=60, title="村委会几天内答复异议")
    gov_investigate_days: int = YamlField(default=20, ge=1, le=60, title="镇街几天内答复转来的异议")


@dataclass(frozen=True, slots=True)
class Fault:
    """Parameters of a stage that cannot stand together: where inside the stage (a path), and in words."""

    path: tuple[str | int, ...]
    message: str
    hint: str = ""


class Stage(Yaml, ABC):
    """What every stage says, whatever its kind."""

    id: Id = YamlField(title="步骤代号")
    title: Title = YamlField(title="步骤名称")
    phase: Phase = YamlField(title="阶段")
    when: Condition | None = YamlField(default=None, title="何时需要这一步")
    then: Id = YamlField(title="通过后到")
    otherwise: Id | None = YamlField(default=None, title="不通过到")
    basis: Texts = YamlField(default=(), title="依据")
    default: bool = YamlField(default=False, title="本步为软件默认，非法规原文")
    apart_from: tuple[Id, ...] = YamlField(default=(), title="不得由哪些步骤的经办人办理")

    decides: ClassVar[bool] = False

    @abstractmethod
    def actions(self, stages: Mapping[str, "Stage"]) -> tuple[Action, ...]:
        """Return the stage's actions, in the order people do them; `stages` are the procedure's, by id."""

    def faults(self) -> tuple[Fault, ...]:
        """Return what the stage's own parameters say against each other; reported when the file is read."""
        return ()

    def outcome_titles(self) -> Mapping[str, str]:
        """Return the words of outcomes that the file itself names, such as the bands of a ballot, by id."""
        return {}

    def achieves(self, action: str, outcome: str) -> frozenset[str]:  # noqa: ARG002 (most kinds achieve nothing of this)
        """Return what an outcome achieves that safety asks for: passed:<body>, posted:<what>, inspected."""
        return frozenset()

    def floors(self) -> tuple[FloorClaim, ...]:
        """Return the values the law sets a floor under, each with its path inside the stage."""
        return ()


def articles(values: tuple[StatuteValue, ...]) -> tuple[str, ...]:
    """Return the legal basis in words, e.g. 组织法（2025年修正）第三十条."""
    return tuple(value.words() for value in values)


def most(ask: Ask, key: str, own: int, day: datetime.date | None = None) -> tuple[int, tuple[str, ...]]:
    """Return the longer of the procedure's days and every statute's minimum, with the statutes' articles."""
    values = ask.law(key, day)
    numbers = [value.value for value in values if isinstance(value.value, int)]
    return max([own, *numbers]), articles(values)


def least(ask: Ask, key: str, own: int) -> tuple[int, tuple[str, ...]]:
    """Return the shorter of the procedure's days and every statute's maximum, with the statutes' articles."""
    values = ask.law(key)
    numbers = [value.value for value in values if isinstance(value.value, int)]
    return min([own, *numbers]), articles(values)
