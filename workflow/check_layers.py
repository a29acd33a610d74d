"""Checks a layer with every text it changes, on every day on which what it makes begins or changes."""

import datetime
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from workflow.core.findings import Finding, Unreadable, did_you_mean
from workflow.core.layer_file import LayerFile
from workflow.core.layers import apply_layer
from workflow.core.nodes import Mark, Node
from workflow.library import Library, NotInForce
from workflow.reading.explain import validate
from workflow.shelves import DIVISIONS, EVERY_PROCEDURE, MATTER_LIST, VILLAGE

HEAD = frozenset({"layer", "division", "extends", "from"})
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def layer_faults(library: Library, path: Path, node: Node) -> set[Finding]:
    """Return everything wrong with a layer: its head, its place, what it changes, and what comes of that."""
    check = _LayerCheck(library, path, node)
    try:
        check.run()
    except Unreadable as error:
        told = {str(each.mark) for each in check.findings}
        # What is of the wrong type in a layer cannot be carried out either: saying the first is enough.
        check.findings |= {
            each for each in error.findings if each.code != "Y202" or str(each.mark) not in told
        }
    return check.findings


class _LayerCheck:
    """One layer on its way through the check, and what was found so far."""

    def __init__(self, library: Library, path: Path, node: Node) -> None:
        self.library = library
        self.path = path
        self.node = node
        self.findings: set[Finding] = set()

    def report(self, code: str, message: str, mark: Mark, hint: str = "") -> None:
        self.findings.add(Finding(code, message, mark, hint=hint))

    def run(self) -> None:
        layer = self.head()
        if layer is None:
            return
        folder = self.path.resolve().parent
        if self.library.folder in folder.parents:
            if self.path.stem != layer.from_.isoformat():
                self.report("P208", f"文件名应为施行日期：{layer.from_}.yaml", self.node["from"].mark)
            if (folder.parent.name, folder.name) != (layer.division, layer.extends):
                words = f"应放在 {layer.division}/{layer.extends} 文件夹里"
                self.report("P209", words, self.node["division"].mark)
        if layer.extends == EVERY_PROCEDURE:
            self.every_procedure(layer)
            return
        try:
            for day in _days_ahead(self.library, layer, self.path):
                self.on(layer, day)
        except NotInForce:
            known = (*self.library.procedures(), MATTER_LIST, EVERY_PROCEDURE)
            first = min(_first_days([_folder_of(self.library, layer)]), default=None)
            hint = f"它自 {first} 起施行" if first else did_you_mean(layer.extends, known)
            words = f"{layer.from_} 没有施行的程序“{layer.extends}”"
            self.report("P210", words, self.node["extends"].mark, hint)

    def head(self) -> LayerFile | None:
        """Return the layer's head, though the rest be wrong, so that what it sets is checked as well; None if it is."""
        try:
            return validate(LayerFile, self.node)
        except Unreadable as error:
            self.findings.update(error.findings)
        needed = {key: child for key, child in self.node.fields.items() if key in HEAD}
        title = Node.of_scalar("本层", self.node.mark)
        try:
            return validate(LayerFile, Node.of_map({"title": title, **needed}, self.node.mark, {}))
        except Unreadable:
            return None

    def on(self, layer: LayerFile, day: datetime.date) -> None:
        """Judge what the layer makes on a day; `Unreadable` or `NotInForce`."""
        library, above = self.library, _above(layer.division)
        if self.path.resolve() in library.shelves.layers(layer.extends, layer.division, day):
            # It lies where it belongs: what it makes is what binds there, and is judged once for all who ask.
            if layer.extends == MATTER_LIST:
                library.listed(day, layer.division)
            else:
                library.effective(layer.extends, layer.division, day)
            return
        numbers_only = len(layer.division) == VILLAGE
        if layer.extends == MATTER_LIST:
            made = apply_layer(library.list_under(above, day), self.node, numbers_only=numbers_only)
            library.judged_catalogue(made, day, layer.division)
            return
        under = library.under(layer.extends, layer.division, above, day)
        made = apply_layer(under, self.node, numbers_only=numbers_only)
        library.judged(made, day, layer.division, (under, self.node["extends"].mark))

    def every_procedure(self, layer: LayerFile) -> None:
        """Judge a layer for every procedure: it sets settings, nothing else, and each procedure stands with it."""
        before = len(self.findings)
        for key, mark in self.node["set"].key_marks.items() if self.node.child("set") else ():
            if not key.startswith("settings."):
                self.report("Y202", "改每一个程序的，只能写 settings. 开头的项", mark)
        for part in ("remove", "insert_after"):
            if self.node.child(part) is not None:
                self.report("Y202", f"改每一个程序的，不能写 {part}", self.node[part].mark)
        if len(self.findings) > before:
            return
        for name in self.library.procedures():
            try:
                # A layer that lies where it belongs is among those that bind already.
                under = self.library.effective(name, layer.division, layer.from_).node
            except NotInForce:
                continue
            if self.library.folder not in self.path.resolve().parents:
                made, above = apply_layer(under, self.node), (under, self.node["extends"].mark)
                self.library.judged(made, layer.from_, layer.division, above)


def _above(division: str) -> str:
    """Return the division one level up, empty for the nation."""
    return division[: max((length for length in (0, *DIVISIONS) if length < len(division)), default=0)]


def _folder_of(library: Library, layer: LayerFile) -> Path:
    """Return the folder of the nation's texts that a layer changes."""
    under = library.folder / "catalogues" if layer.extends == MATTER_LIST else library.folder
    return under / layer.extends


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
