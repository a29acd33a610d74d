"""The catalogue (事项清单): which kinds of matter there are, their tier, and the procedure each goes through."""

import datetime
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field as YamlField

from workflow.core.stage import Id, Title, Yaml

TIERS: dict[str, str] = {"major": "重大事项", "general": "一般事项"}


class Kind(Yaml):
    """One kind of matter. `number` is its place in the list of 46 kinds (domain.md §25)."""

    id: Id = YamlField(title="代号")
    number: int = YamlField(ge=1, le=99, title="编号")
    title: Title = YamlField(title="事项")
    examples: tuple[str, ...] = YamlField(default=(), title="例如")
    tier: Literal["major", "general"] = YamlField(title="层级")
    procedure: Id = YamlField(title="走哪个程序")
    delegable: bool = YamlField(title="能否授权村民代表会议")
    basis: str = YamlField(min_length=1, title="依据")


class Catalogue(Yaml):
    """One catalogue as it stands from its first day in force."""

    catalogue: Id = YamlField(title="清单代号")
    title: Title = YamlField(title="名称")
    from_: datetime.date = YamlField(alias="from", title="自哪一天起施行")
    kinds: Annotated[tuple[Kind, ...], YamlField(min_length=1, title="事项")]

    @cached_property
    def by_id(self) -> Mapping[str, Kind]:
        """The kinds by id."""
        return {kind.id: kind for kind in self.kinds}
