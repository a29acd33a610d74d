"""Checks texts as written: each file by itself, and each layer on what it changes, with the statutory floors.

What a file is follows from the items it has, not from where it lies. A procedure, layer or catalogue is judged with
the texts of the folder it lies in, or, alone, with those that come with the software.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

from pydantic import BaseModel

from workflow.cases.texts import CaseFile, Lives, Village
from workflow.check_cases import CaseWords
from workflow.check_layers import layer_faults
from workflow.core.catalogue import Catalogue
from workflow.core.days import CalendarYear
from workflow.core.findings import Finding, Unreadable, nearest
from workflow.core.layer_file import LayerFile
from workflow.core.nodes import Mark, Node
from workflow.core.procedure import Procedure
from workflow.core.statutes import Rule, ShareValue, StatuteFile
from workflow.library import Library
from workflow.reading.explain import validate
from workflow.reading.yaml_text import MOST_BYTES, read_as_far
from workflow.shelves import SHIPPED, shown_name

SUFFIXES = frozenset({".yaml", ".yml"})


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file: what people call it, what it must be, and the name of its schema."""

    words: str
    model: type[BaseModel]
    schema: str


KINDS: Mapping[str, Kind] = {
    "law": Kind("法条", StatuteFile, "statute"),
    "year": Kind("日历", CalendarYear, "calendar"),
    "catalogue": Kind("事项清单", Catalogue, "catalogue"),
    "procedure": Kind("程序", Procedure, "procedure"),
    "extends": Kind("省、县、村的文本", LayerFile, "layer"),
    "情形": Kind("例子", CaseFile, "cases"),
    "走法": Kind("标准走法", Lives, "standard_life"),
    "任职": Kind("例子里的村", Village, "village"),
}
"""Every kind of file that is checked, by an item that only it has."""


def page_of(code: str) -> str:
    """Return the page that explains a code, from the root of a checkout."""
    return f"docs/checks/{code}.md"


def texts_in(path: Path) -> list[Path]:
    """Return the file itself, or the YAML files of a folder and those below it, in order; none if there is none."""
    if path.is_dir():
        return sorted(each for each in path.rglob("*") if each.suffix in SUFFIXES and each.is_file())
    return [path] if path.exists() else []


def check_paths(
    files: Iterable[Path],
    more: Mapping[str, type[BaseModel]] | None = None,
    library: Library | None = None,
) -> list[Finding]:
    """Return everything wrong with these files, sorted by place; `OSError` for one that cannot be read.

    `more` are further kinds of file: by an item that only they have, what they must be. `library` is what they are
    judged with; without it, the folder each lies in, or the software's own.
    """
    checking = _Checking(more or {}, library)
    for path in files:
        checking.file(path)
    checking.together()
    return sorted(checking.findings)


class _Checking:
    """The findings so far, and the texts that must also fit each other."""

    def __init__(self, more: Mapping[str, type[BaseModel]], library: Library | None) -> None:
        self.library = library
        self.findings: set[Finding] = set()
        self.libraries: dict[Path, Library] = {}
        self.words: dict[Path, CaseWords] = {}
        self.statutes: dict[Path, list[tuple[StatuteFile, Node]]] = {}
        self.years: dict[Path, list[tuple[CalendarYear, Node]]] = {}
        self.kinds: Mapping[str, Callable[[Path, Node], None]] = {
            "law": self.statute,
            "year": self.calendar,
            "catalogue": self.catalogue,
            "procedure": self.procedure,
            "extends": self.layer,
            "情形": self.cases,
            "走法": partial(_shaped, Lives),
            "任职": partial(_shaped, Village),
            **{key: partial(_shaped, model) for key, model in more.items()},
        }

    def file(self, path: Path) -> None:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        try:
            node, faults = read_as_far(data, shown_name(path))
            self.findings.update(faults)
            if node is None:
                return
            if not faults and (library := self.library_of(path)).folder in path.resolve().parents:
                library.know(path.resolve(), node)
            kind = next((each for each in self.kinds if node.child(each) is not None), None)
            if kind is None:
                raise Unreadable([_unknown_kind(node)])
            self.kinds[kind](path, node)
        except Unreadable as error:
            self.findings.update(error.findings)

    def statute(self, path: Path, node: Node) -> None:
        self.statutes.setdefault(path.parent, []).append((validate(StatuteFile, node), node))

    def calendar(self, path: Path, node: Node) -> None:
        year = validate(CalendarYear, node)
        if not path.stem.startswith(str(year.year)):
            self.report("P209", f"文件名应以年份开头：{year.year}", node["year"].mark)
        self.years.setdefault(path.parent, []).append((year, node))

    def catalogue(self, path: Path, node: Node) -> None:
        catalogue = validate(Catalogue, node)
        library = self.library_of(path)
        if library.folder in path.resolve().parents:
            self.named(path, node, catalogue.from_)
        library.judged_catalogue(node, catalogue.from_, "")

    def procedure(self, path: Path, node: Node) -> None:
        procedure = validate(Procedure, node)
        library = self.library_of(path)
        if library.folder in path.resolve().parents:
            self.named(path, node, procedure.from_)
            if path.resolve().parent.name != procedure.procedure:
                self.report("P209", f"应放在 {procedure.procedure} 文件夹里", node["procedure"].mark)
        if library.shelves.base(procedure.procedure, procedure.from_) == path.resolve():
            library.effective(procedure.procedure, procedure.division, procedure.from_)
        else:
            library.judged(node, procedure.from_, procedure.division)

    def layer(self, path: Path, node: Node) -> None:
        self.findings |= layer_faults(self.library_of(path), path, node)

    def cases(self, path: Path, node: Node) -> None:
        library = self.library_of(path)
        if library.folder not in self.words:
            self.words[library.folder] = CaseWords(library)
        self.words[library.folder].check(node)

    def named(self, path: Path, node: Node, first: datetime.date) -> None:
        if path.stem != first.isoformat():
            self.report("P208", f"文件名应为施行日期：{first}.yaml", node["from"].mark)

    def together(self) -> None:
        for statutes in self.statutes.values():
            self.agree(statutes)
        for years in self.years.values():
            self.follow(years)

    def agree(self, statutes: Sequence[tuple[StatuteFile, Node]]) -> None:
        """Report each key of the statutes that an earlier file has as something else."""
        first: dict[str, tuple[str, str, Node]] = {}
        for file, node in statutes:
            for key, rule in file.values.items():
                here = node["values"][key]["kind"]
                law, kind, _ = first.setdefault(key, (file.law, _what(rule), here))
                if kind != _what(rule):
                    words = f"{key} 在《{law}》里是 {kind}，在《{file.law}》里是 {_what(rule)}"
                    self.report("P213", words, here.mark, "两部法要用同一种写法；意思不同的另起名称")

    def follow(self, years: Sequence[tuple[CalendarYear, Node]]) -> None:
        """Report each year that is there twice and each gap between two."""
        ordered = sorted(years, key=lambda each: each[0].year)
        for (before, old), (year, node) in pairwise(ordered):
            mark = node["year"].mark
            if (year.year, year.status) == (before.year, before.status):
                self.report("P212", f"{year.year}年的日历有两份，另一份是 {old.mark.file}", mark)
            elif year.year > before.year + 1:
                missing = "、".join(str(each) for each in range(before.year + 1, year.year))
                self.report("P212", f"{before.year}年和{year.year}年之间缺{missing}年", mark)

    def report(self, code: str, message: str, mark: Mark, hint: str = "") -> None:
        self.findings.add(Finding(code, message, mark, hint=hint))

    def library_of(self, path: Path) -> Library:
        if self.library is not None:
            return self.library
        root = next((each for each in path.resolve().parents if (each / "statutes").is_dir()), SHIPPED)
        return self.libraries.setdefault(root, Library(root))


def _shaped(model: type[BaseModel], _path: Path, node: Node) -> None:
    validate(model, node)


def _what(rule: Rule) -> str:
    return f"{rule.kind}（{rule.subject}）" if isinstance(rule, ShareValue) else rule.kind


def _unknown_kind(node: Node) -> Finding:
    called = {**{key: key for key in KINDS}, **{each.words: key for key, each in KINDS.items()}}
    near = next((called[each] for key in node.fields if (each := nearest(key, called))), None)
    hint = f'是否指 "{near}"？' if near else ""
    if node.kind != "map":
        hint = "文件要一行一项：项名、英文冒号、一个空格、内容"
    expected = "其中一项：" + "、".join(f"{key}（{each.words}）" for key, each in KINDS.items())
    return Finding("P214", "看不出是哪一种文件", node.mark, expected=expected, hint=hint)
