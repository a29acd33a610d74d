"""The catalogue (事项清单): which kinds of matter there are, what to ask of each, and the procedure it goes through."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field as YamlField

from workflow.core.conditions import Comparison, Condition
from workflow.core.duties import Every, cadence
from workflow.core.facts import Choice, FactValue, Field
from workflow.core.floors import FloorClaim
from workflow.core.stage import Id, Title, Yaml

Tier = Literal["major", "general", "daily", "collective", "assist"]
TIERS: dict[str, str] = {
    "major": "重大事项",
    "general": "一般事项",
    "daily": "日常事项",
    "collective": "集体经济组织事项",
    "assist": "协助政府办理的事项",
}
MOST_QUESTIONS = 4


class Answer(Yaml):
    """One answer of a kind's question."""

    id: Id = YamlField(title="代号")
    title: Title = YamlField(title="怎么说")


class Question(Yaml):
    """One fact the routing needs that the opening form does not ask anyway; its answer is recorded under its id."""

    id: Id = YamlField(title="代号")
    title: Title = YamlField(title="问什么")
    answers: Annotated[tuple[Answer, ...], YamlField(min_length=2, max_length=8, title="可选的答案")]


class Route(Yaml):
    """Another procedure for matters of this kind that meet a condition; the first that holds is taken."""

    when: Condition = YamlField(title="什么情况")
    procedure: Id = YamlField(title="走哪个程序")
    tier: Tier | None = YamlField(default=None, title="层级")


class Amounts(Yaml):
    """One line of a money table: the amounts it covers, in fen, and what they mean."""

    amount_fen: Comparison = YamlField(title="金额（分）")
    tier: Tier = YamlField(title="层级")
    procedure: Id = YamlField(title="走哪个程序")


class Kind(Yaml):
    """One kind of matter. `number` is its place in the list of 46 kinds (domain.md §25).

    `statutory`: the law says who decides; no layer may remove it, lower its tier, or send it to another decider.
    `non_delegable_as`: the statutes' word for it where the law forbids delegating it to representatives.
    """

    id: Id = YamlField(title="代号")
    number: int = YamlField(ge=1, le=199, title="编号")
    title: Title = YamlField(title="事项")
    examples: tuple[Title, ...] = YamlField(default=(), title="例如")
    tier: Tier = YamlField(title="层级")
    procedure: Id = YamlField(title="走哪个程序")
    statutory: bool = YamlField(default=False, title="法律规定由谁决定")
    delegable: bool = YamlField(default=False, title="能否授权村民代表会议")
    non_delegable_as: Id | None = YamlField(default=None, title="法律列为不得授权的哪一类")
    asks: Annotated[tuple[Question, ...], YamlField(max_length=MOST_QUESTIONS)] = YamlField(
        default=(), title="还要问什么"
    )
    routes: tuple[Route, ...] = YamlField(default=(), title="什么情况走别的程序")
    money: Id | None = YamlField(default=None, title="按哪张金额表定程序")
    every: Every | None = YamlField(default=None, title="多久办一次")
    cadence: str | None = YamlField(
        default=None, pattern=r"^[a-z_]+\.[a-z_]*cadence_max$", title="法律对多久一次的规定（法条的代号）"
    )
    decided_by: str = YamlField(default="", title="由谁决定")
    disclosure: str = YamlField(default="", title="怎么公开")
    supervision: str = YamlField(default="", title="由谁监督")
    township: str = YamlField(default="", title="镇街、县里办什么")
    forbids: str = YamlField(default="", title="不得")
    basis: str = YamlField(min_length=1, title="依据")

    def fields(self) -> tuple[Field, ...]:
        """Return the kind's own questions as fields of the opening form."""
        return tuple(
            Field(
                each.id,
                each.title,
                "choice",
                choices=tuple(Choice(one.id, one.title) for one in each.answers),
            )
            for each in self.asks
        )

    def always_opens(self) -> Mapping[str, FactValue]:
        """Return what an opening of this kind records besides what the form says."""
        return {"class": self.non_delegable_as} if self.non_delegable_as else {}


@dataclass(frozen=True, slots=True)
class Routed:
    """Where a matter goes: the procedure and the tier, and the condition or amounts that said so."""

    procedure: str
    tier: str
    because: Condition | Comparison | None = None


class Catalogue(Yaml):
    """One catalogue as it stands from its first day in force."""

    catalogue: Id = YamlField(title="清单代号")
    title: Title = YamlField(title="名称")
    from_: datetime.date = YamlField(alias="from", title="自哪一天起施行")
    layer: Literal["national", "province", "county", "township", "village"] = YamlField(
        default="national", title="哪一级制定"
    )
    money: Mapping[Id, tuple[Amounts, ...]] = YamlField(default={}, title="金额表")
    kinds: Annotated[tuple[Kind, ...], YamlField(min_length=1, title="事项")]

    @cached_property
    def by_id(self) -> Mapping[str, Kind]:
        """The kinds by id."""
        return {kind.id: kind for kind in self.kinds}

    def route(self, kind: Kind, facts: Mapping[str, FactValue]) -> Routed | None:
        """Return where a matter with these opening facts goes; None where its amount is not said and must be."""
        told = {**facts, "kind": kind.id}
        for each in kind.routes:
            if each.when.holds(told):
                return Routed(each.procedure, each.tier or kind.tier, each.when)
        if kind.money is None:
            return Routed(kind.procedure, kind.tier)
        amount = facts.get("amount_fen")
        row = next((each for each in self.money[kind.money] if each.amount_fen.holds(amount)), None)
        return Routed(row.procedure, row.tier, row.amount_fen) if row else None

    def floor_claims(self) -> Iterator[FloorClaim]:
        """Yield how often each duty comes back, held against the statute that says how often it must."""
        for kind in self.kinds:
            if kind.every is not None and kind.cadence is not None:
                yield FloorClaim(("kinds", kind.id, "every"), kind.cadence, cadence(kind.every), {})

    def leads_to(self, kind: Kind) -> tuple[Routed, ...]:
        """Return everything a matter of this kind may be routed to, the kind's own procedure last."""
        rows = self.money.get(kind.money, ()) if kind.money else ()
        return (
            *(Routed(each.procedure, each.tier or kind.tier, each.when) for each in kind.routes),
            *(Routed(each.procedure, each.tier, each.amount_fen) for each in rows),
            *(() if kind.money else (Routed(kind.procedure, kind.tier),)),
        )
