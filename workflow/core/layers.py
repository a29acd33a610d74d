"""Layers: a small file changes the one above it, and every value remembers which layer set it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from workflow.core.findings import Finding, Unreadable, nearest, quoted, shown
from workflow.core.nodes import Mark, Node

LONGEST_PATH = 20
"""Steps in a dotted path."""

Path = tuple[str, ...]


def apply_layer(base: Node, layer: Node, *, numbers_only: bool = False) -> Node:
    """Return the base with a layer's `set`, `insert_after` and `remove` carried out.

    A path is dotted; an item of a list is named by its `id`. `set` replaces a value or adds a key to a map
    that is there. `insert_after` leads from an id in `stages`, or a dotted path to an item elsewhere, to new
    items. All paths are those of the base, so an item may be removed and others put where it stood. What the
    layer brings carries the layer's title in its marks. With `numbers_only` (a village's layer) only `set` is
    allowed, from an integer to an integer or of an integer not set above.

    Raises Unreadable with every path that leads nowhere, every malformed part and every conflict.
    """
    reader = _LayerReader(layer)
    edits = reader.read()
    editor = _Editor(base, numbers_only=numbers_only)
    result = editor.edit(base, edits, ())
    findings = [*reader.findings, *editor.findings]
    if findings:
        raise Unreadable(findings)
    return result


def in_layer(node: Node, title: str) -> Node:
    """Return the same tree with `title` as the layer in all its marks."""
    mark = replace(node.mark, layer=title)
    if node.kind == "map":
        fields = {key: in_layer(child, title) for key, child in node.fields.items()}
        return Node.of_map(
            fields, mark, {key: replace(at, layer=title) for key, at in node.key_marks.items()}
        )
    if node.kind == "list":
        return Node.of_list(tuple(in_layer(child, title) for child in node.items), mark)
    return Node.of_scalar(node.scalar, mark)


@dataclass(slots=True)
class _Edit:
    """What a layer does at one path, and below it."""

    path: Path
    mark: Mark
    value: Node | None = None
    remove: bool = False
    insert: tuple[Node, ...] = ()
    below: dict[str, _Edit] = field(default_factory=dict)

    @property
    def acts(self) -> bool:
        return self.remove or self.value is not None or bool(self.insert)

    def all(self) -> Iterator[_Edit]:
        """Yield the edits at and below this path that do something."""
        if self.acts:
            yield self
        for edit in self.below.values():
            yield from edit.all()


class _LayerReader:
    """Reads a layer's three sections into one tree of edits."""

    def __init__(self, layer: Node) -> None:
        title = layer.child("title")
        words = title.scalar if title is not None else None
        self.layer = in_layer(layer, words if isinstance(words, str) else layer.mark.file)
        self.findings: list[Finding] = []
        self.top = _Edit((), self.layer.mark)

    def read(self) -> Mapping[str, _Edit]:
        if self.layer.kind != "map":
            self._malformed("层文件", self.layer, "若干项：title、extends、set …")
            return {}
        edits: list[_Edit] = []
        for key, value, mark in self._entries("set"):
            if (edit := self._at(key, mark)) is not None:
                edit.value = value
                edits.append(edit)
        for path, mark in self._removals():
            if (edit := self._at(path, mark)) is not None:
                if edit.acts:
                    self._conflict(edit.path, mark, edit.mark)
                edit.remove = True
                edits.append(edit)
        for key, value, mark in self._entries("insert_after"):
            items = self._new_items(key, value)
            edit = self._at(key if "." in key else f"stages.{key}", mark)
            if edit is not None and items:
                edit.insert = items
                edits.append(edit)
        self._refuse_overlaps(edits)
        return self.top.below

    def _entries(self, section: str) -> Iterator[tuple[str, Node, Mark]]:
        node = self.layer.child(section)
        if node is None:
            return
        if node.kind != "map":
            self._malformed(section, node, "若干行，每行一个位置和它的内容")
        for key, value in node.fields.items():
            yield key, value, node.mark_of_key(key)

    def _removals(self) -> Iterator[tuple[str, Mark]]:
        node = self.layer.child("remove")
        if node is None:
            return
        if node.kind != "list":
            self._malformed("remove", node, "列表，每项一个位置")
        for item in node.items:
            if isinstance(item.scalar, str):
                yield item.scalar, item.mark
            else:
                self._malformed("remove", item, "位置，例如 stages.review")

    def _new_items(self, key: str, node: Node) -> tuple[Node, ...]:
        if node.kind != "list" or not node.items:
            self._malformed(key, node, "列表，每项是一个带 id 的步骤")
            return ()
        named = tuple(item for item in node.items if _id(item) is not None)
        for item in node.items:
            if _id(item) is None:
                self._malformed(key, item, "带 id 的步骤")
        return named

    def _at(self, dotted: str, mark: Mark) -> _Edit | None:
        path = tuple(dotted.split("."))
        if not all(path) or len(path) > LONGEST_PATH:
            hint = "位置由英文句点连接各级名称，例如 stages.review.days"
            self.findings.append(Finding("Y202", "位置的写法不对", mark, quoted(dotted), hint=hint))
            return None
        edit = self.top
        for length, step in enumerate(path, start=1):
            edit = edit.below.setdefault(step, _Edit(path[:length], mark))
        if not edit.acts:
            edit.mark = mark
        return edit

    def _refuse_overlaps(self, edits: list[_Edit]) -> None:
        """Report each path below one set or removed; sorted, a path stands right before those below it."""
        above: _Edit | None = None
        for edit in sorted(edits, key=lambda edit: edit.path):
            if above is not None and above is not edit and edit.path[: len(above.path)] == above.path:
                self._conflict(edit.path, edit.mark, above.mark)
            elif edit.remove or edit.value is not None:
                above = edit

    def _conflict(self, path: Path, mark: Mark, other: Mark) -> None:
        hint = f"第 {other.line} 行已经改了这里或它的上一级，请只留一处"
        self.findings.append(Finding("Y205", "同一层的改动互相冲突", mark, quoted(".".join(path)), hint=hint))

    def _malformed(self, name: str, node: Node, expected: str) -> None:
        self.findings.append(Finding("Y202", f"{quoted(name)} 的写法不对", node.mark, shown(node), expected))


class _Editor:
    """Rebuilds a tree along a tree of edits, once, and notes what cannot be done."""

    def __init__(self, base: Node, *, numbers_only: bool) -> None:
        self.base = base
        self.numbers_only = numbers_only
        self.findings: list[Finding] = []

    def edit(self, node: Node, edits: Mapping[str, _Edit], path: Path) -> Node:
        if node.kind == "map":
            return self._edit_map(node, edits, path)
        if node.kind == "list":
            return self._edit_list(node, edits, path)
        for edit in edits.values():
            self._nowhere(edit, f"{quoted('.'.join(path))} 是一个值，下面没有别的项")
        return node

    def _edit_map(self, node: Node, edits: Mapping[str, _Edit], path: Path) -> Node:
        fields, key_marks = dict(node.fields), dict(node.key_marks)
        for step, edit in edits.items():
            child = fields.get(step)
            if child is None and (edit.value is None or edit.below):
                self._unknown(edit, path, step, node.fields)
                continue
            if edit.insert:
                hint = "insert_after 后面写列表里某一项的 id"
                self._report("Y202", "这里不是列表里的一项", edit, hint=hint)
            if edit.remove:
                self._allow_number(edit, child)
                del fields[step], key_marks[step]
            elif edit.value is not None:
                self._allow_number(edit, child)
                fields[step], key_marks[step] = edit.value, edit.mark
            elif child is not None:
                fields[step] = self.edit(child, edit.below, (*path, step))
        return Node.of_map(fields, node.mark, key_marks)

    def _edit_list(self, node: Node, edits: Mapping[str, _Edit], path: Path) -> Node:
        taken = {name for item in node.items if (name := _id(item)) is not None}
        for step, edit in edits.items():
            if not taken:
                self._nowhere(edit, f"{quoted('.'.join(path))} 的各项没有 id，只能整个替换")
            elif step not in taken:
                self._unknown(edit, path, step, taken)
        items: list[Node] = []
        for item in node.items:
            here = edits.get(_id(item) or "")
            if here is None:
                items.append(item)
                continue
            if here.remove:
                self._allow_number(here, item)
            else:
                items.append(self._edited_item(item, here))
            for new in here.insert:
                self._take_id(here, new, taken)
                items.append(new)
        return Node.of_list(tuple(items), node.mark)

    def _edited_item(self, item: Node, edit: _Edit) -> Node:
        if edit.value is None:
            return self.edit(item, edit.below, edit.path)
        self._allow_number(edit, item)
        if _id(edit.value) != _id(item):
            hint = f"整项替换时要写 id: {_id(item)}"
            self.findings.append(Finding("Y202", "替换后的 id 不一样", edit.value.mark, hint=hint))
        return edit.value

    def _take_id(self, edit: _Edit, new: Node, taken: set[str]) -> None:
        name = _id(new) or ""
        if self.numbers_only:
            self._report("Y203", "本层只能改数字，不能加步骤", edit, hint="请删去 insert_after")
        elif name in taken:
            mark = new["id"].mark
            hint = "请换一个 id；要改已有的步骤请用 set"
            self.findings.append(Finding("Y204", "插入的编号重复", mark, quoted(name), hint=hint))
        taken.add(name)

    def _allow_number(self, edit: _Edit, old: Node | None) -> None:
        if not self.numbers_only:
            return
        if edit.value is None:
            self._report("Y203", "本层只能改数字，不能删除", edit, hint="请删去这一行")
        elif not _is_number(edit.value) or not (old is None or _is_number(old)):
            before = f"原来是 {shown(old)}；" if old is not None else ""
            hint = f"{before}要改别的内容，请由上一层修改"
            finding = Finding("Y203", "本层只能改数字", edit.value.mark, shown(edit.value), "整数", hint)
            self.findings.append(finding)

    def _unknown(self, edit: _Edit, path: Path, step: str, names: Iterable[str]) -> None:
        near = nearest(step, names)
        likely: Path | None = None if near is None else (*path, near)
        stages = self.base.child("stages")
        if not path and stages is not None and step in {_id(item) for item in stages.items}:
            likely = ("stages", step)
        self._nowhere(edit, f"没有 {quoted('.'.join((*path, step)))} 这个位置", likely)

    def _nowhere(self, edit: _Edit, message: str, likely: Path | None = None) -> None:
        depth = len(edit.path)
        for lost in edit.all():
            hint = ""
            if likely is not None:
                hint = f'是否指 "{".".join((*likely, *lost.path[depth:]))}"？'
            self._report("Y201", message, lost, hint=hint)

    def _report(self, code: str, message: str, edit: _Edit, *, hint: str) -> None:
        self.findings.append(Finding(code, message, edit.mark, quoted(".".join(edit.path)), hint=hint))


def _id(node: Node) -> str | None:
    """Return the id of an item, when it is a map that has one."""
    name = node.child("id")
    return name.scalar if name is not None and isinstance(name.scalar, str) and name.scalar else None


def _is_number(node: Node) -> bool:
    return isinstance(node.scalar, int) and not isinstance(node.scalar, bool)


def with_settings(node: Node) -> Node:
    """Return a procedure's text with a place for settings, which a layer for every procedure may need."""
    if node.child("settings") is not None:
        return node
    empty = Node.of_map({}, node.mark, {})
    return Node.of_map(
        {**node.fields, "settings": empty}, node.mark, {**node.key_marks, "settings": node.mark}
    )
