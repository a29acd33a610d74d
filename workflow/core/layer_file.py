"""The head of a layer file: which level wrote it, for which division, over which procedure, from which day."""

import datetime
from typing import Any, Literal

from pydantic import Field as YamlField

from workflow.core.stage import Id, Title, Yaml


class LayerFile(Yaml):
    """One layer as written; what `set`, `remove` and `insert_after` may hold is checked when they are applied."""

    layer: Literal["province", "county", "township", "village"] = YamlField(title="哪一级制定")
    division: str = YamlField(pattern=r"^([0-9]{2}|[0-9]{6}|[0-9]{9}|[0-9]{12})$", title="适用地区代码")
    title: Title = YamlField(title="制定的地方")
    extends: Id = YamlField(title="改哪个程序")
    from_: datetime.date = YamlField(alias="from", title="自哪一天起施行")
    set: dict[str, Any] = YamlField(default={}, title="改成")
    remove: tuple[str, ...] = YamlField(default=(), title="删去")
    insert_after: dict[str, tuple[dict[str, Any], ...]] = YamlField(default={}, title="在后面加上")
