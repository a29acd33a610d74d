"""Statutory values: dated, with article and version, binding the whole country or one province.

A value counts from its first day until the next one of its file, or until its own last day. What no text says
on a day, no value says: the national posting period begins with the law that brought it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from workflow.core.shares import ShareRule

T = TypeVar("T")
Text = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$")]
Token = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Tokens = Annotated[tuple[Token, ...], Field(min_length=1)]
Subject = Literal["quorum", "approval", "petition", "duty"]
Cadence = Literal["monthly", "quarterly", "half_yearly", "yearly"]
Value = ShareRule | Mapping[str, ShareRule] | tuple[str, ...] | tuple[int, ...] | str | int

# From the most to the least frequent.
CADENCES: dict[str, str] = {
    "monthly": "每月至少一次",
    "quarterly": "每季度至少一次",
    "half_yearly": "每半年至少一次",
    "yearly": "每年至少一次",
}
_NUMBERS = {
    "days_min": "不少于{}日",
    "days_max": "不超过{}日",
    "months_min": "不少于{}个月",
    "years": "{}年",
    "people_min": "不少于{}人",
    "people_max": "不超过{}人",
}
_RANGE = 3


class _Yaml(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Dated(_Yaml, Generic[T]):
    """One value from its first day on; `until` is its last day where nothing of the same file follows it."""

    from_: date = Field(alias="from", title="自何日起")
    until: date | None = Field(default=None, title="至何日止")
    value: T = Field(title="数值")
    article: Text = Field(title="条文")
    version: Text | None = Field(default=None, title="文本")


class _Rule(_Yaml, Generic[T]):
    title: Text = Field(title="名称")
    dated: Annotated[tuple[Dated[T], ...], Field(min_length=1)] = Field(title="各时期的规定")
    yields: bool = Field(default=False, title="省里另有规定的，从其规定")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for each in self.dated:
            if each.until is not None and each.until < each.from_:
                raise ValueError(f"{each.article}：截止日 {each.until} 早于起始日 {each.from_}")
        for earlier, later in zip(self.dated, self.dated[1:], strict=False):
            if later.from_ <= (earlier.until or earlier.from_):
                raise ValueError(f"{later.article}：{later.from_} 应晚于上一时期，各时期按先后排列、互不重叠")
        return self


class ShareValue(_Rule[ShareRule]):
    """A quorum, an approval, how many may demand a meeting, or a count from which something is due."""

    kind: Literal["share"]
    subject: Subject = Field(title="用于到会、通过、提议还是应当办理")


class NumberValue(_Rule[Annotated[int, Field(ge=0, le=3650)]]):
    """At least or at most so many days, months or people, or exactly so many years."""

    kind: Literal["days_min", "days_max", "months_min", "years", "people_min", "people_max"]


class CountValue(_Rule[Annotated[tuple[int, ...], Field(min_length=1)]]):
    """A number out of a few, such as the three or five members of a supervisory committee."""

    kind: Literal["count_in"]


class YesValue(_Rule[Literal[True]]):
    """A duty that holds: it cannot be set to false, only not be written."""

    kind: Literal["flag"]


class PermissionValue(_Rule[bool]):
    """Something the law allows (true) or does not (false)."""

    kind: Literal["permission"]


class CadenceValue(_Rule[Cadence]):
    """At least so often."""

    kind: Literal["cadence_max"]


class _Named(_Rule[T], Generic[T]):
    names: dict[Token, Text] = Field(title="各代号的中文名称")

    @model_validator(mode="after")
    def _all_named(self) -> Self:
        used = {token for each in self.dated if isinstance(each.value, Iterable) for token in each.value}
        if used != set(self.names):
            raise ValueError("names 应当写全、且只写用到的代号：" + "、".join(sorted(used ^ set(self.names))))
        return self


class ListValue(_Named[Tokens]):
    """A list the county's list must include, or, if `order`, run through in this order."""

    kind: Literal["set_includes", "order"]


class WithinValue(_Rule[tuple[Token, ...]]):
    """The most a county's list may hold: what it does not name, the law does not let in. `names` may say more."""

    kind: Literal["set_within"]
    names: dict[Token, Text] = Field(default_factory=dict, title="各代号的中文名称")

    @model_validator(mode="after")
    def _all_named(self) -> Self:
        nameless = {token for each in self.dated for token in each.value} - set(self.names)
        if nameless:
            raise ValueError("names 里还没有：" + "、".join(sorted(nameless)))
        return self


class CompositionValue(_Named[dict[Token, ShareRule]]):
    """Which part of a body its members of one sort make up at least."""

    kind: Literal["composition"]


Rule = Annotated[
    ShareValue
    | NumberValue
    | CountValue
    | YesValue
    | PermissionValue
    | CadenceValue
    | ListValue
    | WithinValue
    | CompositionValue,
    Field(discriminator="kind"),
]


class StatuteFile(_Yaml):
    """One law, regulation or party regulation with the values taken from it."""

    law: Text = Field(title="全称")
    short: Text = Field(title="简称")
    jurisdiction: Annotated[str, StringConstraints(pattern=r"^(national|[1-8][0-9])$")] = Field(
        title="适用地域"
    )
    source: Text = Field(title="所据文本")
    values: dict[Key, Rule] = Field(title="规定", min_length=1)


@dataclass(frozen=True, slots=True)
class StatuteValue:
    """A value in force, with where it comes from; `digest` is that of the statute file."""

    key: str
    title: str
    kind: str
    value: Value
    law: str
    short: str
    article: str
    version: str | None
    jurisdiction: str
    digest: str
    subject: Subject | None = None
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    yields: bool = False

    def words(self) -> str:
        """Cite it: 组织法（2025年修正）第三十五条."""
        version = f"（{self.version}）" if self.version else ""
        return f"{self.short}{version}{self.article}"

    def value_words(self) -> str:
        """Say what it demands: 组成人员的三分之二以上, 不少于15日, 每季度至少一次."""
        return say(self.kind, self.value, self.names)

    def plain(self) -> object:
        """Return the value as YAML spells it: the nearest a county may write."""
        return _plain(self.value)


def say(kind: str, value: object, names: Mapping[str, str]) -> str:
    """Put a value of a kind in Chinese words; a value nobody wrote is 没有写."""
    if isinstance(value, ShareRule):
        return value.words()
    if isinstance(value, Mapping):
        return "；".join(f"{names.get(name, name)}占{say(kind, each, names)}" for name, each in value.items())
    if isinstance(value, int):
        yes_no = {"flag": ("不要求", "必须"), "permission": ("不允许", "允许")}.get(kind)
        return yes_no[bool(value)] if yes_no else _NUMBERS.get(kind, "{}").format(value)
    if isinstance(value, list | tuple | set | frozenset) and (value or kind == "set_within"):
        return _say_several(kind, tuple(value), names)
    return CADENCES.get(value, names.get(value, value)) if isinstance(value, str) else "没有写"


def _say_several(kind: str, value: tuple[object, ...], names: Mapping[str, str]) -> str:
    if kind == "set_within" and not value:
        return "一个也没有"
    if (
        kind == "count_in"
        and len(value) >= _RANGE
        and value == tuple(range(int(str(value[0])), int(str(value[-1])) + 1))
    ):
        return f"{value[0]}至{value[-1]}"
    joint = {"order": "→", "count_in": "或者"}.get(kind, "；")
    return joint.join(names.get(str(each), str(each)) for each in value)


def _plain(value: object) -> object:
    if isinstance(value, ShareRule):
        return value.plain()
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return list(value) if isinstance(value, tuple) else value


@dataclass(frozen=True, slots=True)
class Statutes:
    """All statute files together; asks for a key, a day and a place find what binds there."""

    _dated: Mapping[str, tuple[tuple[date, date, StatuteValue], ...]]

    @classmethod
    def of(cls, files: Iterable[tuple[StatuteFile, str]]) -> Self:
        """Join files, each with its digest. `ValueError` (Chinese) where two differ in what a key is."""
        dated: dict[str, tuple[tuple[date, date, StatuteValue], ...]] = {}
        for file, digest in files:
            for key, rule in file.values.items():
                found = tuple(_terms(file, digest, key, rule))
                first = dated.get(key, found)[0][2]
                if (first.kind, first.subject) != (found[0][2].kind, found[0][2].subject):
                    raise ValueError(
                        f"{key} 在《{first.law}》里是 {first.kind}，在《{file.law}》里是 {rule.kind}"
                    )
                dated[key] = dated.get(key, ()) + found
        return cls(MappingProxyType(dated))

    @property
    def keys(self) -> frozenset[str]:
        """Every key some statute sets, on whatever day and place."""
        return frozenset(self._dated)

    def jurisdictions(self) -> frozenset[str]:
        """Return every division that has statutes of its own here, by its code."""
        found = {value.jurisdiction for dated in self._dated.values() for _, _, value in dated}
        return frozenset(found - {"national"})

    def in_force(self, key: str, day: date, division: str = "") -> tuple[StatuteValue, ...]:
        """Return what binds a place on a day, the nation's values first.

        `division` is a division code (12 digits or a prefix); without one, only national values. A value that
        yields does not bind where the province has one of its own.
        """
        bind = tuple(
            value
            for first, last, value in self._dated.get(key, ())
            if first <= day <= last
            and (value.jurisdiction == "national" or division.startswith(value.jurisdiction))
        )
        own = any(value.jurisdiction != "national" for value in bind)
        return tuple(
            sorted(
                (value for value in bind if not (own and value.yields and value.jurisdiction == "national")),
                key=lambda value: value.jurisdiction != "national",
            )
        )


def _terms(file: StatuteFile, digest: str, key: str, rule: Rule) -> Iterable[tuple[date, date, StatuteValue]]:
    dated: tuple[Dated[Any], ...] = rule.dated
    nexts = [each.from_ - timedelta(days=1) for each in dated[1:]] + [date.max]
    for each, before_next in zip(dated, nexts, strict=True):
        names = rule.names if isinstance(rule, ListValue | WithinValue | CompositionValue) else {}
        subject = rule.subject if isinstance(rule, ShareValue) else None
        yield (
            each.from_,
            min(each.until or before_next, before_next),
            StatuteValue(
                key, rule.title, rule.kind, each.value, file.law, file.short, each.article, each.version,
                file.jurisdiction, digest, subject, MappingProxyType(dict(names)), rule.yields,
            ),
        )  # fmt: skip
