"""Changes every number of the shipped procedures and layers by the smallest step, and asks whether anything objects.

A floor, a fault or a safety property refuses the changed text when it is read, or a case comes out otherwise than it
says; what neither objects to is a survivor. `python -m scripts.mutants [PROCEDURE...]`.
"""

import argparse
import datetime
import multiprocessing
import sys
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from pathlib import Path

from scripts.mutations import Mutant, mutants_of, with_value
from workflow.cases.lives import EXAMPLES
from workflow.cases.running import Cases, is_cases, joined
from workflow.cases.texts import Case, CaseFile, Life
from workflow.cases.words import Misworded
from workflow.check_layers import layer_faults
from workflow.core.findings import Unreadable
from workflow.core.matter import stage_of
from workflow.core.nodes import Node
from workflow.library import Effective, Library, NotInForce
from workflow.reading.explain import validate
from workflow.shelves import EVERY_PROCEDURE, MATTER_LIST, SHIPPED, first_day, read_file, shown_name

Asked = tuple[str, str, datetime.date]
"""A procedure, a place and a day."""


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant: refused when read (a finding's code), failed by a case, or nothing (a survivor)."""

    mutant: Mutant
    refused: str = ""
    case: str = ""

    @property
    def survived(self) -> bool:
        """Whether nothing objected."""
        return not self.refused and not self.case


@dataclass
class Asking(Library):
    """A library that notes what it is asked for."""

    asked: set[Asked] = field(default_factory=set)

    def effective(self, procedure: str, place: str, day: datetime.date) -> Effective:
        """Return the procedure as it binds, and note the question."""
        self.asked.add((procedure, place, day))
        return super().effective(procedure, place, day)


@dataclass(frozen=True)
class Example:
    """One case that holds on the texts as they are: which it uses, the stages it passes, the last one last."""

    name: str
    case: Case
    life: Life | None
    asked: frozenset[Asked]
    stages: tuple[str, ...]


@dataclass
class Bench:
    """What mutants are tried on: the texts as they are, read once, and the cases that use each of them."""

    files: Sequence[Path]
    cases: Cases = field(default_factory=lambda: Cases(Asking(SHIPPED)))
    examples: list[Example] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    texts: dict[Path, Node] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = {
            path
            for name in (*self.cases.library.procedures(), MATTER_LIST, EVERY_PROCEDURE)
            for path in texts_of(name)
        }
        known |= set((SHIPPED / "catalogues").rglob("*.yaml"))
        for path, do in [
            *((each, self._keep) for each in known),
            *((each, self._run) for each in self.files),
        ]:
            try:
                do(path)
            except Unreadable as error:
                self.broken.append(error.findings[0].line())

    def _keep(self, path: Path) -> None:
        self.texts[path] = read_file(path)

    def _run(self, path: Path) -> None:
        """Run the cases of a file once; those that do not hold are no help in finding mutants."""
        node = read_file(path)
        if not is_cases(node):
            return
        text = validate(CaseFile, node)
        library, passed = self.cases.library, list[str]()
        assert isinstance(library, Asking)  # noqa: S101 (made so)
        self.cases.watch = lambda compiled, matter, *_: passed.append(
            stage_of(matter.at) or compiled.procedure.stages[0].id
        )
        for each in text.cases:
            library.asked.clear()
            passed.clear()
            case, name = joined(text.common, each), f"{path.name}“{each.case}”"
            difference = self.difference(self.cases, case, text.life)
            if difference is None:
                asked = frozenset(library.asked)
                self.examples.append(Example(name, case, text.life, asked, tuple(passed)))
            else:
                self.broken.append(f"{name}：{difference}")
        self.cases.watch = None

    @staticmethod
    def difference(cases: Cases, case: Case, life: Life | None) -> str | None:
        """Return in what a case differs, a word that is no longer known included; None if in nothing."""
        try:
            return cases.run(case, life)
        except (Misworded, NotInForce, Unreadable) as error:
            return str(error)

    def used(self, asked: Asked) -> frozenset[Path]:
        """Return the texts that make a procedure what it is in a place on a day."""
        shelves, (procedure, place, day) = self.cases.library.shelves, asked
        base = shelves.base(procedure, day)
        return frozenset([base, *shelves.layers(procedure, place, day)] if base else [])

    def try_out(self, mutant: Mutant, asked: Collection[Asked], examples: Iterable[Example]) -> Verdict:
        """Read the texts with a mutant among them, then run the cases until one differs."""
        node = with_value(self.texts[mutant.file], mutant.path, mutant.new)
        shared = self.cases.library
        nodes = {**self.texts, mutant.file: node}
        # What was read without the text need not be read again.
        kept = {key: each for key, each in shared._effective.items() if mutant.file not in key}  # noqa: SLF001
        library = replace(shared, _effective=kept, _nodes=nodes)
        library.statutes, library.calendar = shared.statutes, shared.calendar
        try:
            self._read(library, mutant.file, node, asked)
        except Unreadable as error:
            return Verdict(mutant, refused=error.findings[0].code)
        cases = replace(self.cases, library=library)
        for each in examples:
            if self.difference(cases, each.case, each.life) is not None:
                return Verdict(mutant, case=each.name)
        return Verdict(mutant)

    @staticmethod
    def _read(library: Library, path: Path, node: Node, asked: Collection[Asked]) -> None:
        if "layers" in path.parts:
            found = layer_faults(library, path, node)
            if found:
                raise Unreadable(sorted(found))
        else:
            library.judged(node, first_day(path), "")
        for procedure, place, day in asked:
            library.effective(procedure, place, day)

    def asked_of(self, path: Path) -> list[Asked]:
        """Return where a text is part of what binds: in the cases, and in every division that has a layer of its own."""
        found = {asked for each in self.examples for asked in each.asked}
        for layer in self.texts:
            division, extends = layer.parts[-3:-1]
            if layer.parts[-4] == "layers" and extends != MATTER_LIST:
                names = self.cases.library.procedures() if extends == EVERY_PROCEDURE else (extends,)
                days = (first_day(layer), max(first_day(layer), first_day(path)))
                found |= {(name, division, day) for name in names for day in days}
        bound = {(each[0], each[1][:6], self.used(each)): each for each in sorted(found)}
        return [each for each in bound.values() if path in self.used(each)]

    def run(self, path: Path, chosen: Callable[[Mutant], bool] = lambda _: True) -> list[Verdict]:
        """Try every mutant of a text, or the chosen ones, in two processes."""
        asked = self.asked_of(path)
        using = [each for each in self.examples if any(path in self.used(one) for one in each.asked)]
        wanted = [each for each in mutants_of(path) if chosen(each)]
        context = multiprocessing.get_context("fork")
        started = []
        for share in (wanted[::2], wanted[1::2]):
            ours, theirs = context.Pipe(duplex=False)
            process = context.Process(target=self._send, args=(theirs, share, asked, using))
            process.start()
            theirs.close()
            started.append((ours, process))
        found = []
        for pipe, process in started:
            found += pipe.recv()
            pipe.close()
            process.join()
        return sorted(found, key=lambda each: (each.mutant.mark, str(each.mutant.new)))

    def _send(
        self, pipe: Connection, share: Sequence[Mutant], asked: Collection[Asked], using: Sequence[Example]
    ) -> None:
        found = []
        for each in share:
            # Those that try something at the very stage find most, those that only pass it some.
            order = sorted(
                using, key=lambda one: (one.stages[-1:] != (each.stage,), each.stage not in one.stages)
            )
            found.append(self.try_out(each, asked, order))
        pipe.send(found)


def texts_of(procedure: str) -> list[Path]:
    """Return the files of a procedure and its layers, or, for `every_procedure`, the layers for all."""
    own = sorted((SHIPPED / procedure).glob("*.yaml"))
    return [*own, *sorted((SHIPPED / "layers").glob(f"*/{procedure}/*.yaml"))]


def _sums(path: Path, found: Sequence[Verdict]) -> str:
    refused = sum(bool(each.refused) for each in found)
    failed = sum(bool(each.case) for each in found)
    left = sum(each.survived for each in found)
    return f"| {shown_name(path)} | {len(found)} | {refused} | {failed} | {left} |"


def _survivor(text: Node, mutant: Mutant) -> str:
    names = []
    for number, step in enumerate(mutant.path):
        item = text.at(mutant.path[: number + 1]).child("id") if isinstance(step, int) else None
        names.append(str(item.scalar) if item is not None else str(step))
    mark = mutant.mark
    return f"| {mark.file}:{mark.line} | {'.'.join(names)} | {mutant.old} -> {mutant.new} |"


def main(arguments: Sequence[str]) -> int:
    """Print the sums of each text and every survivor as tables in Markdown; 1 if there is one."""
    parser = argparse.ArgumentParser(prog="python -m scripts.mutants", description=__doc__)
    parser.add_argument("procedures", nargs="*", metavar="PROCEDURE", help="all, if none is named")
    wanted = parser.parse_args(arguments).procedures or [*Library(SHIPPED).procedures(), EVERY_PROCEDURE]
    bench = Bench(sorted(EXAMPLES.rglob("*.yaml")))
    for each in bench.broken:
        print(f"left out: {each}")
    print("| text | mutants | refused when read | failed by a case | survived |")
    print("|---|---|---|---|---|")
    survivors = []
    for path in (path for name in wanted for path in texts_of(name)):
        if path not in bench.texts:
            continue
        found = bench.run(path)
        print(_sums(path, found), flush=True)
        survivors += [_survivor(bench.texts[path], each.mutant) for each in found if each.survived]
    if survivors:
        print("\n| where | what | was -> would be |\n|---|---|---|")
        print("\n".join(survivors))
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
