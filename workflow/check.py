"""Checks texts as written: each file by itself, and each layer on what it changes, with the statutory floors.

What a file is follows from the items it has, not from where it lies. A procedure, layer or catalogue is judged with
the texts of the folder it lies in, or, alone, with those that come with the software.
"""

import datetime
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

from pydantic import BaseModel

from workflow.cases.texts import CaseFile, Lives, Village
from workflow.check_cases import CaseWords
from workflow.core.catalogue import Catalogue
from workflow.core.days import CalendarYear
from workflow.core.findings import Finding, Unreadable, did_you_mean, nearest
from workflow.core.layer_file import LayerFile
from workflow.core.layers import apply_layer
from workflow.core.nodes import Mark, Node
from workflow.core.procedure import Procedure
from workflow.core.statutes import Rule, ShareValue, StatuteFile
from workflow.library import (
    DIVISIONS,
    EVERY_PROCEDURE,
    MATTER_LIST,
    SHIPPED,
    VILLAGE,
    Library,
    NotInForce,
    read_file,
    shown_name,
)
from workflow.reading.explain import validate
from workflow.reading.yaml_text import MOST_BYTES, read_as_far

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

HEAD = frozenset({"layer", "division", "extends", "from"})
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def page_of(code: str) -> str:
    """Return the page that explains a code, from the root of a checkout."""
    return f"docs/checks/{code}.md"


def texts_in(path: Path) -> list[Path]:
    """Return the file itself, or the YAML files of a folder and those below it, in order; none if there is none."""
    if path.is_dir():
        return sorted(each for each in path.rglob("*") if each.suffix in SUFFIXES and each.is_file())
    return [path] if path.exists() else []


def check_paths(files: Iterable[Path], more: Mapping[str, type[BaseModel]] | None = None) -> list[Finding]:
    """Return everything wrong with these files, sorted by place; `OSError` for one that cannot be read.

    `more` are further kinds of file: by an item that only they have, what they must be.
    """
    checking = _Checking(more or {})
    for path in files:
        checking.file(path)
    checking.together()
    return sorted(checking.findings)


class _Checking:
    """The findings so far, and the texts that must also fit each other."""

    def __init__(self, more: Mapping[str, type[BaseModel]]) -> None:
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
            kind = next((each for each in self.kinds if node.child(each) is not None), None)
            if kind is None:
                raise Unreadable([_unknown_kind(node)])
            self.kinds[kind](path, node)
        except Unreadable as error:
            told = {str(each.mark) for each in self.findings}
            # What is of the wrong type in a layer cannot be carried out either: saying the first is enough.
            self.findings.update(
                each for each in error.findings if each.code != "Y202" or str(each.mark) not in told
            )

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
        library.judged(node, procedure.from_, procedure.division)

    def layer(self, path: Path, node: Node) -> None:
        layer = self.head(node)
        if layer is None:
            return
        library = self.library_of(path)
        folder = path.resolve().parent
        if library.folder in folder.parents:
            self.named(path, node, layer.from_)
            if (folder.parent.name, folder.name) != (layer.division, layer.extends):
                self.report(
                    "P209", f"应放在 {layer.division}/{layer.extends} 文件夹里", node["division"].mark
                )
        numbers_only = len(layer.division) == VILLAGE
        if layer.extends == EVERY_PROCEDURE:
            self.settings(layer, node, library)
            return
        try:
            for day in _days_ahead(library, layer, path):
                above = _above(layer.division)
                if layer.extends == MATTER_LIST:
                    made = apply_layer(_list_above(library, above, day), node, numbers_only=numbers_only)
                    library.judged_catalogue(made, day, layer.division)
                    continue
                under = library.under(layer.extends, layer.division, above, day)
                library.judged(apply_layer(under, node, numbers_only=numbers_only), day, layer.division)
        except NotInForce:
            known = (*library.procedures(), MATTER_LIST)
            first = min(_first_days([_folder_of(library, layer)]), default=None)
            hint = f"它自 {first} 起施行" if first else did_you_mean(layer.extends, known)
            words = f"{layer.from_} 没有施行的程序“{layer.extends}”"
            self.report("P210", words, node["extends"].mark, hint)

    def settings(self, layer: LayerFile, node: Node, library: Library) -> None:
        """Check a layer for every procedure: it sets settings, nothing else, and each procedure stands with it."""
        for key, mark in node["set"].key_marks.items() if node.child("set") else ():
            if not key.startswith("settings."):
                self.report("Y202", "改每一个程序的，只能写 settings. 开头的项", mark)
        for part in ("remove", "insert_after"):
            if node.child(part) is not None:
                self.report("Y202", f"改每一个程序的，不能写 {part}", node[part].mark)
        if self.findings:
            return
        for name in library.procedures():
            try:
                under = library.effective(name, layer.division, layer.from_).node
            except NotInForce:
                continue
            library.judged(apply_layer(under, node), layer.from_, layer.division)

    def head(self, node: Node) -> LayerFile | None:
        """Return a layer's head, though the rest be wrong, so that what it sets is checked as well; None if it is."""
        try:
            return validate(LayerFile, node)
        except Unreadable as error:
            self.findings.update(error.findings)
        needed = {key: child for key, child in node.fields.items() if key in HEAD}
        title = Node.of_scalar("本层", node.mark)
        try:
            return validate(LayerFile, Node.of_map({"title": title, **needed}, node.mark, {}))
        except Unreadable:
            return None

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


def _above(division: str) -> str:
    """Return the division one level up, empty for the nation."""
    return division[: max((length for length in (0, *DIVISIONS) if length < len(division)), default=0)]


def _folder_of(library: Library, layer: LayerFile) -> Path:
    """Return the folder of the nation's texts that a layer changes."""
    under = library.folder / "catalogues" if layer.extends == MATTER_LIST else library.folder
    return under / layer.extends


def _list_above(library: Library, above: str, day: datetime.date) -> Node:
    """Return the catalogue as it binds the division above a layer; `Unreadable` or `NotInForce`."""
    library.listed(day, above)
    folder = library.folder / "catalogues" / MATTER_LIST
    first = max(each for each in _first_days([folder]) if each <= day)
    node = read_file(folder / f"{first}.yaml")
    for path in library.layer_paths(MATTER_LIST, above, day):
        node = apply_layer(node, read_file(path))
    return node


def _days_ahead(library: Library, layer: LayerFile, path: Path) -> Sequence[datetime.date]:
    """Return the days on which what the layer makes begins or changes: its own first, then those of the texts above it."""
    above = _above(layer.division)
    folders = [_folder_of(library, layer)]
    folders += [
        library.folder / "layers" / above[:length] / layer.extends
        for length in DIVISIONS
        if length <= len(above)
    ]
    days = _first_days(folders)
    own = [day for day in _first_days([path.resolve().parent]) if day > layer.from_]
    return [
        layer.from_,
        *sorted(day for day in days if layer.from_ < day < min(own, default=datetime.date.max)),
    ]


def _first_days(folders: Iterable[Path]) -> set[datetime.date]:
    return {
        datetime.date.fromisoformat(path.stem)
        for folder in folders
        for path in folder.glob("*.yaml")
        if _DAY.fullmatch(path.stem)
    }
