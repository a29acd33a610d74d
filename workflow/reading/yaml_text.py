"""A strict, bounded part of YAML: maps, lists and scalars, each with its place in the file.

Reads libyaml's event stream and builds the nodes itself. The stock loaders crash on deep nesting, retype
`no`, `0411722` and `1:30`, and let the last of two equal keys win.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, field
from typing import cast

import yaml
from yaml._yaml import Mark as _LibMark

from workflow.core.findings import MOST_FINDINGS, Finding, Unreadable, quoted
from workflow.core.nodes import Mark, Node, Scalar
from workflow.reading.syntax import LINE_BREAK, explain_syntax

__all__ = ["MOST_BYTES", "MOST_DEPTH", "MOST_EVENTS", "Unreadable", "read_as_far", "read_yaml"]

MOST_BYTES = 256 * 1024
MOST_DEPTH = 20
MOST_EVENTS = 20_000
# A key written twice and a tag leave the rest of the text as it is.
_CLEAR = frozenset({"Y008", "Y012"})
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")
_CONSTANTS: dict[str, Scalar] = {"true": True, "false": False, "null": None, "~": None, "": None}
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)


def read_yaml(data: bytes, file: str) -> Node:
    """Read one YAML document; `file` is the name shown in marks.

    Plain `true` and `false` become bool, plain integers of up to 15 digits without a leading zero become int,
    plain `null`, `~` and nothing become None; every other scalar, and every quoted one, is text.
    Raises Unreadable for anything outside the allowed part of YAML, with line and column of each problem.
    """
    root, findings = read_as_far(data, file)
    if findings or root is None:
        raise Unreadable(findings)
    return root


def read_as_far(data: bytes, file: str) -> tuple[Node | None, list[Finding]]:
    """Return what `read_yaml` would with everything wrong: who wants all faults at once may go on with the rest.

    There is no node where a fault leaves open what was meant. Raises Unreadable for what is no text at all.
    """
    text = _decode(data, file)
    _refuse_hidden(text, file)
    builder = _Builder(text, file)
    events = cast("Generator[yaml.Event, None, None]", yaml.parse(text, Loader=yaml.CLoader))
    with closing(events):
        try:
            for event in events:
                builder.take(event)
        except yaml.YAMLError as error:
            builder.findings.append(explain_syntax(error, text, file, builder.last))
        except UnicodeDecodeError:
            # libyaml hands out a tag such as !<%ED%A0%80> without checking what its escapes amount to.
            builder.report("Y008", "不能用类型标签（!）", builder.last, hint="请删去标签")
        except _Enough:
            pass
    if not builder.findings and (builder.root is None or builder.root.value is None):
        builder.report("Y014", "文件是空的", Mark(file, 1, 1), hint="请对照样本填写")
    clear = all(each.code in _CLEAR for each in builder.findings)
    return builder.root if clear else None, builder.findings


def _decode(data: bytes, file: str) -> str:
    if len(data) > MOST_BYTES:
        head = data[:MOST_BYTES].decode("utf-8", "replace")
        raise Unreadable(
            [
                Finding(
                    "Y002",
                    "文件太大",
                    _place(head, len(head), file),
                    expected=f"不超过 {MOST_BYTES} 字节",
                    hint="请分成几个文件",
                )
            ]
        )
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        head = data[: error.start].decode("utf-8").removeprefix("\ufeff")
        found = " ".join(f"{byte:02X}" for byte in data[error.start : error.end])
        raise Unreadable(
            [
                Finding(
                    "Y001",
                    "文件不是 UTF-8 编码",
                    _place(head, len(head), file),
                    found=f"字节 {found}",
                    hint="请在编辑器里另存为 UTF-8 编码（可能是 GBK 或 UTF-16）",
                )
            ]
        ) from None


def _place(text: str, offset: int, file: str) -> Mark:
    line, start = 1, 0
    for found in LINE_BREAK.finditer(text, 0, offset):
        line, start = line + 1, found.end()
    return Mark(file, line, offset - start + 1)


def _refuse_hidden(text: str, file: str) -> None:
    findings: list[Finding] = []
    for number, line in enumerate(LINE_BREAK.split(text), start=1):
        findings.extend(
            _hidden(found.group(), Mark(file, number, found.start() + 1)) for found in _HIDDEN.finditer(line)
        )
        if len(findings) > MOST_FINDINGS:
            break
    if findings:
        raise Unreadable(findings)


def _hidden(character: str, mark: Mark) -> Finding:
    return Finding(
        "Y003",
        "有看不见的控制字符",
        mark,
        found=f"U+{ord(character):04X}",
        hint="请删去这个字符（常由复制粘贴带入）",
    )


class _Enough(Exception):
    """Reading further makes no sense."""


@dataclass(slots=True)
class _Open:
    """A map or list whose end has not come yet."""

    is_map: bool
    mark: Mark
    fields: dict[str, Node] = field(default_factory=dict)
    key_marks: dict[str, Mark] = field(default_factory=dict)
    items: list[Node] = field(default_factory=list)
    key: str | None = None
    key_mark: Mark | None = None

    @property
    def wants_key(self) -> bool:
        return self.is_map and self.key_mark is None

    def close(self) -> Node:
        if self.is_map:
            return Node.of_map(self.fields, self.mark, self.key_marks)
        return Node.of_list(tuple(self.items), self.mark)


class _Builder:
    """Turns events into nodes with a stack of its own, and notes every refusal."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.findings: list[Finding] = []
        self.root: Node | None = None
        self.last = Mark(file, 1, 1)
        self.events = 0
        self.open: list[_Open] = []

    def report(self, code: str, message: str, mark: Mark, *, found: str = "", hint: str = "") -> None:
        self.findings.append(Finding(code, message, mark, found=found, hint=hint))
        if len(self.findings) > MOST_FINDINGS:
            raise _Enough

    def take(self, event: yaml.Event) -> None:
        mark = self._mark(event.start_mark)
        self.last = self._mark(event.end_mark)
        self.events += 1
        if self.events > MOST_EVENTS:
            self.report("Y006", "内容太多", mark, hint=f"一个文件不超过 {MOST_EVENTS} 处，请分成几个文件")
            raise _Enough
        if isinstance(event, yaml.NodeEvent):
            self._node(event, mark)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._place(self.open.pop().close())
        elif isinstance(event, yaml.DocumentStartEvent):
            self._document(event, mark)

    def _mark(self, mark: yaml.error.Mark | _LibMark | None) -> Mark:
        return self.last if mark is None else Mark(self.file, mark.line + 1, mark.column + 1)

    def _document(self, event: yaml.DocumentStartEvent, mark: Mark) -> None:
        if self.root is not None:
            self.report("Y009", "一个文件里有多份文档", mark, hint="请删去 ---，或分成几个文件")
            raise _Enough
        if event.version or event.tags:
            self.report("Y010", "不能用 % 指令", mark, hint="请删去以 % 开头的行")

    def _node(self, event: yaml.NodeEvent, mark: Mark) -> None:
        if isinstance(event, yaml.AliasEvent):
            found = quoted(f"*{event.anchor}")
            self.report("Y007", "不能用引用（*）", mark, found=found, hint="请把内容写全")
            self._stand_in(mark)
            return
        if event.anchor is not None:
            found = quoted(f"&{event.anchor}")
            self.report("Y007", "不能用锚点（&）", mark, found=found, hint="请把内容写全")
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag is not None:
            hint = "请删去标签；文字以 ! 开头时加引号"
            self.report("Y008", "不能用类型标签（!）", mark, found=quoted(event.tag), hint=hint)
        if isinstance(event, yaml.ScalarEvent):
            self._text(event, mark)
        else:
            self._begin(isinstance(event, yaml.MappingStartEvent), mark)

    def _stand_in(self, mark: Mark) -> None:
        """Put an empty key or value where an alias stood, so that reading goes on."""
        if self._wants_key():
            self.open[-1].key_mark = mark
        else:
            self._place(Node.of_scalar(None, mark))

    def _wants_key(self) -> bool:
        return bool(self.open) and self.open[-1].wants_key

    def _begin(self, is_map: bool, mark: Mark) -> None:  # noqa: FBT001
        if self._wants_key():
            self.report("Y013", "项名不是文字", mark, found="一段或列表", hint="项名只能是一个词")
            raise _Enough
        if len(self.open) >= MOST_DEPTH:
            self.report("Y005", "嵌套太深", mark, hint=f"不超过 {MOST_DEPTH} 层，请减少层次")
            raise _Enough
        self.open.append(_Open(is_map, mark))

    def _text(self, event: yaml.ScalarEvent, mark: Mark) -> None:
        hidden = _HIDDEN.search(event.value)
        if hidden:
            self.findings.append(_hidden(hidden.group(), mark))
            if len(self.findings) > MOST_FINDINGS:
                raise _Enough
        plain = event.implicit[0]
        value: Scalar = event.value
        if plain and event.value in _CONSTANTS:
            value = _CONSTANTS[event.value]
        elif plain and _INTEGER.fullmatch(event.value):
            value = int(event.value)
        if plain and event.value == "<<" and self._wants_key():
            self.report("Y011", "不能用合并键（<<）", mark, hint="请把内容写全")
        if self._wants_key():
            self._key(value, mark)
        else:
            self._place(Node.of_scalar(value, mark))

    def _key(self, value: Scalar, mark: Mark) -> None:
        top = self.open[-1]
        top.key_mark = mark
        if not isinstance(value, str):
            found = "空" if value is None else str(value).lower()
            self.report("Y013", "项名不是文字", mark, found=found, hint="请给项名加英文双引号")
        elif value in top.fields:
            hint = f"第 {top.key_marks[value].line} 行已经写过，请删去一处"
            self.report("Y012", "同一项写了两次", mark, found=quoted(value), hint=hint)
        else:
            top.key = value

    def _place(self, node: Node) -> None:
        if not self.open:
            self.root = node
            return
        top = self.open[-1]
        if not top.is_map:
            top.items.append(node)
            return
        if top.key is not None and top.key_mark is not None:
            top.fields[top.key] = node
            top.key_marks[top.key] = top.key_mark
        top.key = top.key_mark = None
