"""Runs files of cases and reports, for each case, where it stands and its first difference, if there is one."""

import datetime
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workflow.cases.lives import life_of, read_lives
from workflow.cases.telling import answer_words, difference
from workflow.cases.texts import EARLIEST, Case, CaseFile, Life, Lives, Situation, Step, Village
from workflow.cases.villages import read_village, settle
from workflow.cases.walking import Answer, Walk, Watch
from workflow.cases.words import Misworded, day_of, token
from workflow.core.attempt import Decision
from workflow.core.catalogue import Catalogue
from workflow.core.findings import Finding, Unreadable
from workflow.core.nodes import Mark, Node
from workflow.library import Library, NotInForce
from workflow.reading.explain import validate
from workflow.shelves import read_file

CASES = "情形"
COMMON = "每例都"
MERGED = ("facts", "changes")


@dataclass(frozen=True, slots=True)
class Result:
    """One case as it came out: `difference` is None where all was as it says."""

    case: str
    mark: Mark
    difference: str | None

    def line(self) -> str:
        """Return the case's place, its sentence and how it came out, in one line."""
        return f"{self.mark} 例“{self.case}”：{self.difference or '与所说的一样'}"

    def as_data(self) -> dict[str, object]:
        """Return the result for a program."""
        return {
            "file": self.mark.file, "line": self.mark.line, "column": self.mark.column, "case": self.case,
            "difference": self.difference,
        }  # fmt: skip


@dataclass
class Cases:
    """What cases run on: the texts of procedures, the standard lives and the standard village."""

    library: Library
    lives: Lives = field(default_factory=read_lives)
    village: Village = field(default_factory=read_village)
    watch: Watch | None = None
    _catalogues: dict[tuple[datetime.date, str], Catalogue] = field(default_factory=dict)

    @property
    def titles(self) -> dict[str, str]:
        """The titles of the kinds of matter in every catalogue read so far, by id."""
        return {kind.id: kind.title for each in self._catalogues.values() for kind in each.kinds}

    def run_file(self, path: Path) -> list[Result]:
        """Run all cases of a file; `Unreadable` with every fault, words nobody knows among them."""
        return self.run_node(read_file(path))

    def run_node(self, node: Node) -> list[Result]:
        """Run all cases of a text already read."""
        text = validate(CaseFile, node)
        results, findings = [], []
        for index, each in enumerate(text.cases):
            where = node.at((CASES, index))
            try:
                results.append(Result(each.case, where.mark, self.run(joined(text.common, each), text.life)))
            except Misworded as error:
                findings.append(_finding(node, where, error))
            except NotInForce as error:
                findings.append(Finding("C301", str(error), where.mark))
        if findings:
            raise Unreadable(findings)
        return results

    def run(self, case: Case, own: Life | None = None) -> str | None:
        """Run one case, under its file's own life if it has one; return its first difference in words, None if none."""
        walk, answer = self.answer(case, own)
        return answer if isinstance(answer, str) else difference(case, walk, answer)

    def answer(self, case: Case, own: Life | None = None) -> tuple[Walk, Answer | str]:
        """Return what comes of a case's act, or in words what went wrong before it; `Misworded` for an unknown word."""
        lives = (
            self.lives if own is None else self.lives.model_copy(update={"lives": (own, *self.lives.lives)})
        )
        walk = self._walk(case, lives)
        procedure = walk.compiled.procedure.procedure
        life = life_of(lives, procedure)
        if case.until is not None:
            if life is None:
                raise Misworded(("先办到",), f"“{procedure}”没有写标准走法")
            wrong = walk.follow(life, case.until, case.changes)
            if wrong is not None:
                return walk, f"照标准走法办到“{wrong[0]}”就没有办成。{answer_words(wrong[1])}"
        for index, each in enumerate(case.more):
            try:
                answer = walk.take(each)
            except Misworded as error:
                raise error.under("接着", index) from None
            if not isinstance(answer, Decision):
                return walk, f"接着办的第 {index + 1} 件“{each.action}”没有办成。{answer_words(answer)}"
        if case.action is None:
            raise Misworded((), "没有写办什么", "加一项 办: 登记会议结果")
        walk.unknown = "keep" if case.malformed else "refuse"
        return walk, walk.take(_step(case))

    def _walk(self, case: Case, lives: Lives) -> Walk:
        usual = lives.lives[0]
        day = datetime.date.fromisoformat(case.first_day or usual.first_day)
        if case.day not in (None, EARLIEST) and not (case.first_day or case.until or case.more):
            day = day_of(str(case.day), day)
        catalogue = self.catalogue(day, case.village.code or self.village.code)
        kinds = [(each.id, each.title) for each in catalogue.kinds]
        kind = catalogue.by_id[token(case.kind or usual.kind, kinds, "一种事", ("事项",))]
        village = settle(self.village, case.village, catalogue)
        return Walk(self.library, lives, catalogue, village, kind, day, watch=self.watch)

    def catalogue(self, day: datetime.date, place: str) -> Catalogue:
        """Return the catalogue that binds the place that day, read once."""
        if (day, place) not in self._catalogues:
            self._catalogues[day, place] = self.library.catalogue(day, place)
        return self._catalogues[day, place]


def _step(case: Case) -> Step:
    said = case.model_dump(by_alias=True, include=set(Step.model_fields))
    return Step.model_validate({key: value for key, value in said.items() if value is not None})


def joined(common: Situation, case: Case) -> Case:
    """Return the case with what the file says of all its cases; answers and changes are joined one by one."""
    update: dict[str, Any] = {
        name: getattr(common, name) for name in common.model_fields_set if name not in case.model_fields_set
    }
    for name in MERGED:
        update[name] = {**getattr(common, name), **getattr(case, name)}
    return case.model_copy(update=update)


def _finding(node: Node, where: Node, error: Misworded) -> Finding:
    """Place a word nobody knows: in the case, or in what the file says of all its cases."""
    inherited = error.path and where.child(error.path[0]) is None
    here = node.at((COMMON,)) if inherited else where
    mark = here.at(error.path).mark
    if error.at_key:
        mark = here.at(error.path[:-1]).mark_of_key(str(error.path[-1]))
    return Finding("C301", error.message, mark, hint=error.hint)


def case_files(path: Path) -> list[Path]:
    """Return the file itself, or the files of cases in a folder and below it, in order."""
    if not path.is_dir():
        return [path] if path.exists() else []
    return [each for each in sorted(path.rglob("*.yaml")) if is_cases(read_file(each))]


def is_cases(node: Node) -> bool:
    """Whether a text is a file of cases, and not a village or the standard life beside it."""
    return node.child(CASES) is not None
