"""`when:` in procedure files: structured comparisons on a matter's facts. Text in YAML never becomes code."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from workflow.core.facts import FactValue

Texts = tuple[str, ...]


class Comparison(BaseModel):
    """Bounds on one number; every bound given must hold."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    at_least: int | None = Field(default=None, title="不少于")
    more_than: int | None = Field(default=None, title="超过")
    at_most: int | None = Field(default=None, title="不超过")
    less_than: int | None = Field(default=None, title="不满")

    @model_validator(mode="after")
    def _asks_something(self) -> "Comparison":
        if self == Comparison.model_construct():
            raise ValueError("至少要写 at_least、more_than、at_most、less_than 中的一个")
        return self

    def holds(self, value: FactValue | None) -> bool:
        """Whether `value` is a number within every bound; a missing fact is within none."""
        if isinstance(value, bool) or not isinstance(value, int):
            return False
        return (
            (self.at_least is None or value >= self.at_least)
            and (self.more_than is None or value > self.more_than)
            and (self.at_most is None or value <= self.at_most)
            and (self.less_than is None or value < self.less_than)
        )


class Condition(BaseModel):
    """Which facts a stage asks for before it applies: equality or bounds, all of them; `any_of` for alternatives."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    kind: str | Texts | None = Field(default=None, title="事项种类")
    tier: str | Texts | None = Field(default=None, title="事项层级")
    source: str | Texts | None = Field(default=None, title="动议事由")
    amount_fen: Comparison | None = Field(default=None, title="金额（分）")
    answers: Mapping[str, str | Texts] | None = Field(default=None, title="清单里问的")
    any_of: Annotated[tuple["Condition", ...], Field(min_length=1)] | None = Field(
        default=None, title="任一成立"
    )

    def holds(self, facts: Mapping[str, FactValue]) -> bool:
        """Whether the matter's opening facts meet every comparison."""
        for name in ("kind", "tier", "source"):
            asked = getattr(self, name)
            if asked is not None and facts.get(name) not in ((asked,) if isinstance(asked, str) else asked):
                return False
        for name, asked in (self.answers or {}).items():
            if facts.get(name) not in ((asked,) if isinstance(asked, str) else asked):
                return False
        if self.amount_fen is not None and not self.amount_fen.holds(facts.get("amount_fen")):
            return False
        return self.any_of is None or any(each.holds(facts) for each in self.any_of)
