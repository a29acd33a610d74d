"""Reads procedures/ and answers which text binds where and when; refuses a broken text; compiles lazily, by digest."""

import datetime
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from workflow.core.catalogue import Catalogue
from workflow.core.catalogue_faults import faults, moved
from workflow.core.days import Calendar, CalendarYear
from workflow.core.decide import Law
from workflow.core.entry import digest
from workflow.core.findings import Finding, Unreadable, did_you_mean
from workflow.core.floors import FloorClaim, check_floors, left_out
from workflow.core.layer_file import LayerFile
from workflow.core.layers import apply_layer, with_settings
from workflow.core.lowering import lowered
from workflow.core.machine import Compiled
from workflow.core.nodes import Mark, Node
from workflow.core.procedure import Procedure, problems
from workflow.core.safety import unsafe
from workflow.core.statutes import StatuteFile, Statutes
from workflow.pointing import indices, pointed
from workflow.reading.explain import validate
from workflow.shelves import EVERY_PROCEDURE, MATTER_LIST, VILLAGE, Shelves, first_day, read_file


class NotInForce(LookupError):
    """No text of that name is in force on that day."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it binds: its canonical bytes (what the register keeps) and their digest."""

    body: bytes
    digest: str

    @classmethod
    def of(cls, plain: object) -> "Text":
        """Return the text of plain data as JSON, in the order it was written: which body comes first has a meaning."""
        body = json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()
        return cls(body, digest(body))


@dataclass(frozen=True, slots=True)
class Effective:
    """A procedure as it binds in one place on one day: the text with all layers, compiled, every value marked."""

    compiled: Compiled
    text: Text
    node: Node


@dataclass
class Library:
    """The texts of one folder, and of `more` laid out like it. Small texts (statutes, calendars) are read at once, procedures
    when asked for; statutes and calendars come from the one folder alone.
    """

    folder: Path
    more: tuple[Path, ...] = ()
    _effective: dict[tuple[str | Path, ...], Effective] = field(default_factory=dict)
    _by_digest: dict[str, Compiled] = field(default_factory=dict)
    _nodes: dict[Path, Node] = field(default_factory=dict)
    _laws: dict[tuple[str, str], Law] = field(default_factory=dict)
    _catalogues: dict[tuple[str | Path, ...], tuple[Catalogue, Text]] = field(default_factory=dict)

    @cached_property
    def shelves(self) -> Shelves:
        """The folders the procedures, catalogues and layers come from."""
        return Shelves((self.folder, *self.more))

    def beside(self, folder: Path) -> "Library":
        """Return a library that reads one folder more, and knows what this one has read; this one learns nothing from it."""
        made = replace(
            self, more=(*self.more, folder), _effective=dict(self._effective), _by_digest=dict(self._by_digest),
            _nodes=dict(self._nodes), _laws=dict(self._laws), _catalogues=dict(self._catalogues),
        )  # fmt: skip
        made.statutes, made.calendar = self.statutes, self.calendar
        return made

    @cached_property
    def statutes(self) -> tuple[Statutes, Text]:
        """All statutes with their bundle's text; `Unreadable` when a file is broken."""
        nodes = [(path, read_file(path)) for path in sorted((self.folder / "statutes").glob("*.yaml"))]
        files = [(validate(StatuteFile, node), digest(path.read_bytes())) for path, node in nodes]
        return Statutes.of(files), Text.of([node.plain() for _, node in nodes])

    @cached_property
    def calendar(self) -> tuple[Calendar, Text]:
        """The calendar of all years with its text."""
        nodes = [read_file(path) for path in sorted((self.folder / "calendars").glob("*.yaml"))]
        text = Text.of([node.plain() for node in nodes])
        return Calendar.from_data([validate(CalendarYear, node) for node in nodes], text.digest), text

    @cached_property
    def law(self) -> Law:
        """Today's statutes and calendar, as `decide` takes them."""
        return Law(self.statutes[0], self.calendar[0])

    def catalogue(self, day: datetime.date, place: str = "") -> Catalogue:
        """Return the catalogue that binds a place that day; raises as `listed` does."""
        return self.listed(day, place)[0]

    def listed(self, day: datetime.date, place: str = "") -> tuple[Catalogue, Text]:
        """Return the catalogue that binds `place` (a division code, empty for the nation) that day, with its text.

        Raises `NotInForce` where there is none, `Unreadable` with every fault.
        """
        paths = self._list_paths(day, place)
        # As with procedures: the texts may be the same in two places and the law not.
        bound: tuple[str | Path, ...] = (*self._under_law_of(place), *paths)
        if bound not in self._catalogues:
            node, first = self._layered(self.node(paths[0]), paths[1:]), max(map(first_day, paths))
            self._catalogues[bound] = self.judged_catalogue(node, first, place), Text.of(node.plain())
        return self._catalogues[bound]

    def list_under(self, division: str, day: datetime.date) -> Node:
        """Return the catalogue's text as it binds a division; raises as `listed` does."""
        self.listed(day, division)
        paths = self._list_paths(day, division)
        return self._layered(self.node(paths[0]), paths[1:])

    def _list_paths(self, day: datetime.date, place: str) -> tuple[Path, ...]:
        base = self.shelves.base(MATTER_LIST, day)
        if base is None:
            raise NotInForce(f"{day} 没有施行的事项清单")
        return base, *self.shelves.layers(MATTER_LIST, place, day)

    def _layered(self, node: Node, layers: Iterable[Path]) -> Node:
        """Return a text with layers applied in their order; a village's may change numbers only."""
        for path in layers:
            layer = self.node(path)
            validate(LayerFile, layer)
            node = apply_layer(node, layer, numbers_only=len(path.parent.parent.name) == VILLAGE)
        return node

    def judged_catalogue(self, node: Node, day: datetime.date, place: str) -> Catalogue:
        """Return the catalogue of a text with its layers; `Unreadable` with every fault.

        What a layer makes is held against the nation's catalogue: statutory kinds stay where the law put them.
        """
        catalogue = validate(Catalogue, node)
        problems_ = list(faults(catalogue, self.procedures()))
        left: Iterable[Finding] = ()
        if place and not problems_:
            national = self.catalogue(day)
            problems_ += moved(national, catalogue, lambda each: self.decides(each, place, day))
            claims = national.floor_claims(), catalogue.floor_claims()
            left = self._left_out(*claims, node["kinds"].mark, day, place)
        findings = [pointed(node, each) for each in problems_]
        findings += [*self._below(node, catalogue.floor_claims(), day, place), *left]
        if findings:
            raise Unreadable(findings)
        return catalogue

    def decides(self, procedure: str, place: str, day: datetime.date) -> str:
        """Return by whom a procedure decides, as its text says at its top; raises `NotInForce`."""
        return self.effective(procedure, place, day).compiled.procedure.decides

    def procedures(self) -> tuple[str, ...]:
        """Return the ids of all procedures."""
        return self.shelves.procedures()

    def under(self, procedure: str, division: str, above: str, day: datetime.date) -> Node:
        """Return what a division's own layer of a procedure changes: the text above it, with what it says of every one."""
        node = self.effective(procedure, above, day).node
        path = self.shelves.newest(f"layers/{division}/{EVERY_PROCEDURE}", day)
        return node if path is None else apply_layer(node, self.node(path))

    def effective(self, procedure: str, place: str, day: datetime.date) -> Effective:
        """Return the procedure as it binds `place` (a division code) on `day`.

        Raises `NotInForce`, or `Unreadable` with every fault, floors included.
        """
        base = self.shelves.base(procedure, day)
        if base is None:
            known = did_you_mean(procedure, self.procedures())
            raise NotInForce(f"{day} 没有施行的程序“{procedure}”。{known}")
        paths = (base, *self.shelves.layers(procedure, place, day))
        # The texts may be the same in two places and the law not: a province without a text of its own has its statutes.
        bound: tuple[str | Path, ...] = (*self._under_law_of(place), *paths)
        if bound not in self._effective:
            self._effective[bound] = self._read(paths, place)
        return self._effective[bound]

    def _under_law_of(self, place: str) -> tuple[str, ...]:
        return tuple(sorted(each for each in self._jurisdictions if place.startswith(each)))

    @cached_property
    def _jurisdictions(self) -> frozenset[str]:
        return self.statutes[0].jurisdictions()

    def know(self, path: Path, node: Node) -> None:
        """Take a text of this folder as already read, so that it is not read again."""
        self._nodes.setdefault(path, node)

    def node(self, path: Path) -> Node:
        """Return a procedure, catalogue or layer of these folders as read, once: a text that is used is never edited."""
        if path not in self._nodes:
            self._nodes[path] = read_file(path)
        return self._nodes[path]

    def _read(self, paths: tuple[Path, ...], place: str) -> Effective:
        base = with_settings(self.node(paths[0]))
        layers = paths[1:]
        # A layer can change only what has a sound shape; without one, `judged` asks for it anyway.
        shape = [pointed(base, each) for each in problems(validate(Procedure, base))] if layers else []
        if shape:
            raise Unreadable(shape)
        node = self._layered(base, layers)
        above = (base, self.node(layers[-1])["extends"].mark) if layers else None
        procedure = self.judged(node, max(map(first_day, paths)), place, above)
        text = Text.of(node.plain())
        compiled = self._by_digest.setdefault(text.digest, Compiled(procedure, text.digest))
        return Effective(compiled, text, node)

    def judged(
        self, node: Node, first: datetime.date, place: str, above: tuple[Node, Mark] | None = None
    ) -> Procedure:
        """Return the procedure of a text with its layers; `Unreadable` with every fault, floors included.

        `first` is the day from which the text binds `place` (a division code, empty for the nation). `above` is the text
        that layers have changed, sound in itself, and where the last of them says so.
        """
        procedure = validate(Procedure, node)
        findings = [pointed(node, each) for each in problems(procedure)]
        findings += self.floor_findings(node, procedure, first, place)
        if above is not None:
            findings += self._escaped(node, procedure, *above, first, place)
        if not findings:
            party_first = self.statutes[0].in_force("important_matter.party_first", first, place)
            findings = [pointed(node, each) for each in unsafe(Compiled(procedure, ""), party_first)]
        if findings:
            raise Unreadable(findings)
        return procedure

    def floor_findings(
        self, node: Node, procedure: Procedure, first: datetime.date, place: str
    ) -> Iterator[Finding]:
        """Return every value below a statutory floor of the place, on the text's first day."""
        return self._below(node, procedure.floor_claims(), first, place)

    def _escaped(
        self, node: Node, procedure: Procedure, above: Node, mark: Mark, day: datetime.date, place: str
    ) -> Iterator[Finding]:
        """Return what the text above keeps of the law, and the text with its layers no longer."""
        base = validate(Procedure, above)
        for each in lowered(base, procedure):
            found = pointed(node, each)
            # What was taken away stands in the text above: who took it is the layer.
            yield found if found.mark.file != above.mark.file else replace(found, mark=mark)
        yield from self._left_out(base.floor_claims(), procedure.floor_claims(), mark, day, place)

    def _left_out(
        self,
        above: Iterable[FloorClaim],
        here: Iterable[FloorClaim],
        mark: Mark,
        day: datetime.date,
        place: str,
    ) -> Iterator[Finding]:
        for claim in left_out(list(above), list(here)):
            for value in self.statutes[0].in_force(claim.key, day, place):
                words = (
                    f"{value.title}：{value.words()}要求“{value.value_words()}”，改了以后没有哪一步再守这一条"
                )
                yield Finding("F303", words, mark, hint="把上级文本里守这一条的那一步、那一项留着")

    def _below(
        self, node: Node, claims: Iterable[FloorClaim], day: datetime.date, place: str
    ) -> Iterator[Finding]:
        for breach in check_floors(list(claims), self.statutes[0], day, place):
            where = node.at(indices(node, breach.path))
            yield Finding("F301", breach.words(), where.mark)

    def compiled(self, wanted: str, fetch: Callable[[str], bytes | None]) -> Compiled:
        """Return the compiled procedure of a digest; `fetch` brings the kept text where this folder has moved on.

        Raises `NotInForce` when no text of that digest was kept, or its bytes do not match.
        """
        if wanted not in self._by_digest:
            body = fetch(wanted)
            if body is None or digest(body) != wanted:
                raise NotInForce(f"没有找到登记时所用的程序文本 {wanted}")
            self._by_digest[wanted] = Compiled(Procedure.model_validate_json(body), wanted)
        return self._by_digest[wanted]

    def law_of(self, statutes: str, calendar: str, fetch: Callable[[str], bytes | None]) -> Law:
        """Return the statutes and calendar of two digests, this folder's own or as kept by the register."""
        if (statutes, calendar) == (self.statutes[1].digest, self.calendar[1].digest):
            return self.law
        if (statutes, calendar) not in self._laws:
            files, years = (json.loads(_kept(fetch, name)) for name in (statutes, calendar))
            read = [StatuteFile.model_validate_json(json.dumps(each)) for each in files]
            self._laws[statutes, calendar] = Law(
                Statutes.of((each, statutes) for each in read),
                Calendar.from_data(
                    [CalendarYear.model_validate_json(json.dumps(year)) for year in years], calendar
                ),
            )
        return self._laws[statutes, calendar]


def _kept(fetch: Callable[[str], bytes | None], wanted: str) -> bytes:
    body = fetch(wanted)
    if body is None or digest(body) != wanted:
        raise NotInForce(f"没有找到登记时所用的文本 {wanted}")
    return body
