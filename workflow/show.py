"""The effective procedure in words: every value with the layer that wrote it and the statute beneath it.

The words come from the models' own field titles, so a new kind of stage needs nothing here but words for its tokens.
"""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import BaseModel

from workflow.core.conditions import Condition
from workflow.core.floors import FloorClaim
from workflow.core.kinds import KINDS
from workflow.core.matter import ENDS
from workflow.core.nodes import Node, Step
from workflow.core.place import BODIES, OFFICES
from workflow.core.procedure import Procedure
from workflow.core.shares import ShareRule
from workflow.core.stage import PHASES, Stage
from workflow.core.statutes import Statutes, StatuteValue
from workflow.library import Library
from workflow.saying import DECIDES, LEVELS, TOKENS, catalogue_words, condition_words, number_words

BY_DEFAULT: Final = "软件默认"
_NAMES: Final = frozenset({"id", "title", "stage", "action", "document"})
_NOT_VALUES: Final = frozenset({"id", "title", "phase", "kind", "basis", "default", "when"})


@dataclass(frozen=True, slots=True)
class Value:
    """One value in words. `layer` is the text that wrote it; `written` is false where the software's default stands."""

    path: tuple[Step, ...]
    group: str
    said: str
    layer: str
    written: bool
    floors: tuple[StatuteValue, ...] = ()

    @property
    def basis(self) -> str:
        """The articles of the statutes that bind this value, or nothing."""
        return "；".join(dict.fromkeys(each.words() for each in self.floors))

    @property
    def floor(self) -> str:
        """What those statutes demand at least, or nothing."""
        return "；".join(dict.fromkeys(f"{each.title}：{each.value_words()}" for each in self.floors))

    def sentence(self) -> str:
        """Say it with its source: 到会要求：组成人员的三分之二以上（国家文本；组织法（2025年修正）第三十条）."""
        return f"{self.said}（{'；'.join(filter(None, (self.layer, self.basis)))}）"


@dataclass(frozen=True, slots=True)
class Section:
    """A stage, or the values set once for all stages (`number` 0)."""

    id: str
    number: int
    title: str
    phase: str
    kind: str
    layer: str
    when: str
    basis: tuple[str, ...]
    default: bool
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Layer:
    """One text that took part, the national one first."""

    title: str
    file: str
    first_day: datetime.date


@dataclass(frozen=True, slots=True)
class Shown:
    """A procedure as it binds one place on one day."""

    procedure: str
    title: str
    summary: str
    decides: str
    place: str
    day: datetime.date
    digest: str
    basis: tuple[str, ...]
    layers: tuple[Layer, ...]
    sections: tuple[Section, ...]


def show(library: Library, procedure: str, place: str, day: datetime.date) -> Shown:
    """Return the procedure in words; raises what `Library.effective` raises."""
    effective = library.effective(procedure, place, day)
    text = effective.compiled.procedure
    kinds = catalogue_words(library.catalogue(day, place))
    speaker = _Speaker(text, library.statutes[0], kinds, day, place)
    stages = effective.node["stages"]
    return Shown(
        procedure=procedure,
        title=text.title,
        summary=text.summary,
        decides=DECIDES.get(text.decides, text.decides),
        place=place,
        day=day,
        digest=effective.compiled.digest,
        basis=text.basis,
        layers=tuple(_layers(library, text, procedure, place, day)),
        sections=(
            speaker.settings(effective.node.child("settings")),
            *(speaker.stage(number, stages[number]) for number in range(len(text.stages))),
        ),
    )


def _layers(
    library: Library, text: Procedure, procedure: str, place: str, day: datetime.date
) -> Iterator[Layer]:
    yield Layer(LEVELS[text.layer], f"{procedure}/{text.from_}.yaml", text.from_)
    for path in library.shelves.layers(procedure, place, day):
        title = library.node(path).child("title")
        words = str(title.scalar) if title is not None else path.parent.parent.name
        yield Layer(words, library.shelves.name_of(path), datetime.date.fromisoformat(path.stem))


@dataclass(frozen=True)
class _Speaker:
    text: Procedure
    statutes: Statutes
    kinds: Mapping[str, str]
    day: datetime.date
    place: str
    floors: dict[tuple[Step, ...], list[StatuteValue]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for claim in self.text.floor_claims():
            self._put(claim)

    def _put(self, claim: FloorClaim) -> None:
        found = self.floors.setdefault(claim.path, [])
        found += self.statutes.in_force(claim.key, self.day, self.place)

    def settings(self, node: Node | None) -> Section:
        values = self._sorted(self.text.settings, node, ("settings",))
        return Section("settings", 0, "各步通用", "", "", "", "", (), default=False, values=values)

    def stage(self, index: int, node: Node) -> Section:
        stage = self.text.stages[index]
        return Section(
            id=stage.id,
            number=index + 1,
            title=stage.title,
            phase=PHASES[stage.phase],
            kind=KINDS.get(stage.kind, stage.kind),
            layer=self._layer(node),
            when=condition_words(stage.when, self.kinds) if stage.when else "",
            basis=stage.basis,
            default=stage.default,
            values=self._sorted(stage, node, ("stages", stage.id)),
        )

    def _sorted(self, model: BaseModel, node: Node | None, path: tuple[Step, ...]) -> tuple[Value, ...]:
        """Return the values of a section, those that belong to no group first."""
        return tuple(sorted(self._values(model, node, path, ""), key=lambda value: value.group != ""))

    def _layer(self, node: Node) -> str:
        return node.mark.layer or LEVELS[self.text.layer]

    def _values(
        self, model: BaseModel, node: Node | None, path: tuple[Step, ...], group: str
    ) -> Iterator[Value]:
        for name, about in type(model).model_fields.items():
            value = getattr(model, name)
            key = str(about.alias or name)
            child = node.child(key) if node is not None else None
            if name in _NOT_VALUES or (child is None and value in (None, (), "")):
                continue
            title = str(about.title or name)
            here = (*path, key)
            if isinstance(value, BaseModel) and not isinstance(value, Condition):
                yield from self._values(value, child, here, _joined(group, title))
            elif isinstance(value, Mapping):
                for token, each in value.items():
                    below = child.child(token) if child is not None else None
                    yield from self._values(each, below, (*here, token), BODIES.get(str(token), str(token)))
            else:
                yield self._value(name, title, value, child, here, group)

    def _value(
        self, name: str, title: str, value: object, node: Node | None, path: tuple[Step, ...], group: str
    ) -> Value:
        return Value(
            path=path,
            group=group,
            said=self._said(name, title, value),
            layer=self._layer(node) if node is not None else BY_DEFAULT,
            written=node is not None,
            floors=tuple(self.floors.get(path, ())),
        )

    def _said(self, name: str, title: str, value: object) -> str:
        if isinstance(value, int) and not isinstance(value, bool):
            return number_words(title, value)
        return f"{title}：{self._plain(name, value)}"

    def _plain(self, name: str, value: object) -> str:
        if isinstance(value, bool):
            return "是" if value else "否"
        if value is None:
            return "不适用"
        if isinstance(value, ShareRule):
            return value.words()
        if isinstance(value, tuple):
            return "、".join(self._plain(name, each) for each in value) or "没有"
        if isinstance(value, Condition):
            return condition_words(value, self.kinds)
        if isinstance(value, BaseModel):
            return self._whole(value)
        if isinstance(value, Mapping):
            return "、".join(
                f"{self._token(name, str(key))}：{self._plain(name, each)}" for key, each in value.items()
            )
        return self._token(name, str(value))

    def _whole(self, model: BaseModel) -> str:
        """Say one item of a list: its title, and in brackets whatever else its text says of it."""
        said = []
        for name, about in type(model).model_fields.items():
            value = getattr(model, name)
            if name in _NAMES or name not in model.model_fields_set or value in (None, (), ""):
                continue
            said.append(self._said(name, str(about.title or name), value))
        title = str(getattr(model, "title", "") or "")
        return f"{title}（{'；'.join(said)}）" if title and said else title or "；".join(said)

    def _asked(self) -> Iterator[Any]:
        """Yield what stands on the ballots and records of this procedure: anything with an id and a title."""
        tracks = (track for stage in self.text.stages for track in getattr(stage, "tracks", ()))
        for stage in (*self.text.stages, *tracks):
            yield from (*getattr(stage, "scale", ()), *getattr(stage, "asks", ()))

    def _token(self, name: str, token: str) -> str:
        own = TOKENS.get(name, {})
        stages: Mapping[str, Stage] = self.text.by_id
        if token in own:
            return own[token]
        if token in stages:
            return stages[token].title
        if name in ("answers", "turns_on"):
            return next((each.title for each in self._asked() if each.id == token), token)
        return ENDS.get(token) or OFFICES.get(token) or BODIES.get(token) or token


def _joined(*titles: str) -> str:
    return "·".join(filter(None, titles))
