"""A matter's whole history as its supervisors read it: every entry, what was asked of it, and the verdict on each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from web.acting import said
from workflow.core.entry import Entry
from workflow.core.facts import FactValue, Field
from workflow.core.machine import Compiled
from workflow.core.matter import ENDS, Act, Matter
from workflow.core.outcomes import outcome_words
from workflow.core.place import BODIES, OFFICES
from workflow.store.register import Private

OBJECTOR: Final = frozenset({"name", "contact"})
"""Private fields of an objection that stand in no history: they are shown on request, and the showing is logged."""
_REVIEWED: Final[Mapping[str, str]] = {"confirm": "复核：确认属实", "decline": "复核：不予确认"}
_AMENDING: Final = frozenset({"corrects", "acted_on", "reason", "late_reason"})


@dataclass(frozen=True, slots=True)
class Value:
    """One answer of the form in words; `before` is what a correction replaces."""

    title: str
    words: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the history. `covered` is the size of the first signed checkpoint over it, None before that.

    `waits` says that the second office has not spoken yet, `withheld` that an objector's name is kept apart;
    `same_as` is the confirmed line, where its checks came out the same at the confirmation.
    """

    act: Act
    entry: Entry
    title: str
    stage: str
    outcome: str
    person: str
    office: str
    values: tuple[Value, ...]
    checks: tuple[said.Asked, ...]
    papers: tuple[said.Paper, ...]
    marks: tuple[str, ...]
    late_reason: str
    covered: int | None
    waits: bool
    withheld: bool
    same_as: int | None = None

    @property
    def would_be(self) -> str:
        """What the recorded numbers come to, for an entry that waits for the second office."""
        return outcome_words(str(self.entry.computed.get("would_be", self.act.outcome)), self.entry.computed)

    @property
    def also_kept(self) -> int:
        """How many further requirements were asked and met, whose words say nothing more than that."""
        return len(self.entry.computed.get("requirements", ())) - len(self.checks)

    @property
    def said_checks(self) -> tuple[said.Asked, ...]:
        """The checks to be said here: none where the confirmed line says the same."""
        return () if self.same_as else self.checks


@dataclass(frozen=True, slots=True)
class Sources:
    """What the words of a history come from besides the matter itself."""

    compiled: Compiled
    private: Mapping[int, Mapping[str, Private]]
    person: said.Names
    kind: str = ""
    asked_first: tuple[Field, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    covered: Mapping[int, int] = field(default_factory=dict)

    def text(self, entry: Entry, name: str) -> str:
        """Return one private text of an entry; empty where it had none, a word in its place where it was erased."""
        if name not in entry.private:
            return ""
        kept = self.private.get(entry.seq, {}).get(name)
        return kept.value if kept else said.ERASED

    def texts(self, entry: Entry) -> dict[str, str]:
        """Return all private texts of an entry that are still kept."""
        return {name: kept.value for name, kept in self.private.get(entry.seq, {}).items()}


def history(matter: Matter, sources: Sources) -> tuple[Line, ...]:
    """Return every entry of a matter as a line, oldest first."""
    stood: dict[int, dict[str, FactValue]] = {}
    lines: list[Line] = []
    for entry, act in zip(matter.entries, matter.acts, strict=True):
        stood[act.mseq] = {**entry.facts, "acted_on": str(entry.acted_on)}
        replaced: Mapping[str, FactValue] = {}
        if act.action == "correct":
            target = int(str(entry.facts["corrects"]))
            replaced = dict(stood[target])
            if act.confirmed_by:
                stood[target] |= {name: value for name, value in entry.facts.items() if name in replaced}
        line = _line(matter, sources, entry, act, replaced)
        confirms = entry.computed.get("confirms")
        if isinstance(confirms, int) and line.checks and lines[confirms - 1].checks == line.checks:
            line = replace(line, same_as=confirms)
        lines.append(line)
    return tuple(lines)


def title_of(compiled: Compiled, matter: Matter, act: Act, entry: Entry) -> str:
    """Return what an act is called; a correction names the act it corrects."""
    if act.action == "correct":
        target = int(str(entry.facts["corrects"]))
        of = title_of(compiled, matter, matter.acts[target - 1], matter.entries[target - 1])
        return f"更正第 {target} 条（{of}）"
    return _REVIEWED.get(act.action) or said.title_of(compiled, entry)


def _line(
    matter: Matter, sources: Sources, entry: Entry, act: Act, replaced: Mapping[str, FactValue]
) -> Line:
    fields = said.fields_of(sources.compiled, matter, entry, sources.asked_first)
    stage = sources.compiled.procedure.by_id.get(act.stage)
    return Line(
        act=act,
        entry=entry,
        title=title_of(sources.compiled, matter, act, entry),
        stage=stage.title if stage else ENDS.get(act.stage, ""),
        outcome=_outcome(entry, act, waits=act is matter.pending),
        person=sources.person(act.actor),
        office=OFFICES.get(act.office, act.office),
        values=tuple(_values(sources, entry, fields, replaced)),
        checks=tuple(said.asked_of(entry)),
        # The name of an objector's file may be the objector's.
        papers=tuple(said.papers(fields, entry, {} if entry.type == "objection" else sources.files)),
        marks=tuple(marks(act)),
        late_reason=sources.text(entry, "late_reason"),
        covered=sources.covered.get(entry.seq),
        waits=act is matter.pending,
        withheld=act.action == "object" and bool(OBJECTOR & set(entry.private)),
    )


def marks(act: Act) -> Iterator[str]:
    """Yield what a reader must not overlook about an act."""
    if act.late_days > 0:
        yield f"补录：晚 {act.late_days} 天登记"
    if act.corrected_by is not None:
        yield f"已更正：见第 {act.corrected_by} 条"
    if act.declined:
        yield "不予确认：没有生效"
    if act.without_basis:
        yield "失去依据：前面的登记更正后，这一条不再算数"


def _outcome(entry: Entry, act: Act, *, waits: bool) -> str:
    outcome = str(entry.computed["outcome"])
    if outcome != "unconfirmed":
        return outcome_words(outcome, entry.computed)
    would_be = outcome_words(str(entry.computed.get("would_be")), entry.computed)
    if waits:
        return f"等待复核；照所填的数，结果是“{would_be}”"
    return f"没有生效（照所填的数，结果是“{would_be}”）" if act.declined else f"{would_be}（复核确认后生效）"


def _values(
    sources: Sources, entry: Entry, fields: tuple[Field, ...], replaced: Mapping[str, FactValue]
) -> Iterator[Value]:
    if entry.type == "opened":
        yield Value("什么事", sources.kind)
    body = entry.computed.get("body")
    if isinstance(body, str) and "body" not in entry.facts:
        yield Value("由谁开会", BODIES.get(body, body))
    if entry.action == "correct":
        yield Value("为什么更正", sources.text(entry, "reason"))
        yield from _amended(sources, entry, fields, replaced)
        return
    hidden = OBJECTOR if entry.type == "objection" else frozenset()
    shown = said.rows(fields, entry, sources.texts(entry), sources.person, hidden | {"late_reason"})
    yield from (Value(row.title, row.value) for row in shown)


def _amended(
    sources: Sources, entry: Entry, fields: tuple[Field, ...], replaced: Mapping[str, FactValue]
) -> Iterator[Value]:
    for each in fields:
        if each.name in entry.facts and (each.name == "acted_on" or each.name not in _AMENDING):
            old = replaced.get(each.name)
            now = said.in_words_of(each, entry.facts[each.name], sources.person)
            before = "没有填" if old is None else said.in_words_of(each, old, sources.person)
            yield Value(each.title.partition("（")[0], now, before)
