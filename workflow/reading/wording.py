"""The Chinese words for each kind of error pydantic knows."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic_core import ErrorDetails

from workflow.core.findings import Finding, nearest, quoted, shown
from workflow.core.nodes import Mark, Node, Step
from workflow.reading import spelling
from workflow.reading.places import Place
from workflow.reading.tokens import token_of, with_titles

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_QUOTED_WORD = re.compile(r"'([^']*)'")
_DIGITS = re.compile(r"(?:\\d|\[0-9\])\{(\d+)\}")
_SEVERAL = re.compile(r"[，、；]")
# What the sentences of a share and of a day hold that say how one is spelled.
_SHARE, _DAY = " of ", "日期要写成"
_MOST_NAMES = 30
_MOST_DIGITS = 15
_YES = frozenset({"yes", "on", "true", "y", "是", "要", "有", "对"})
_NO = frozenset({"no", "off", "false", "n", "否", "不", "不要", "没有", "无"})
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TYPES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "Y104": ("整数", "例如 15", ("int_type", "int_parsing", "int_from_float", "int_parsing_size")),
    "Y105": ("文字", "", ("string_type", "string_sub_type", "string_unicode")),
    "Y106": ("true 或 false", "", ("bool_type", "bool_parsing")),
    "Y107": (
        "一段（若干项）",
        "请换一行，缩进两个空格，一行一项",
        ("model_type", "model_attributes_type", "dict_type", "mapping_type", "dataclass_type"),
    ),
    "Y108": (
        "列表",
        "每项以短横开头",
        ("list_type", "tuple_type", "set_type", "frozen_set_type", "iterable_type"),
    ),
    "Y114": (
        "日期",
        "例如 2026-01-01",
        ("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"),
    ),
}
_BY_TYPE = {
    kind: (code, expected, example) for code, (expected, example, kinds) in _TYPES.items() for kind in kinds
}
_BOUNDS: dict[str, tuple[str, str, str, str]] = {
    "greater_than": ("Y109", "数太小", "gt", "大于 {}"),
    "greater_than_equal": ("Y109", "数太小", "ge", "不小于 {}"),
    "less_than": ("Y110", "数太大", "lt", "小于 {}"),
    "less_than_equal": ("Y110", "数太大", "le", "不大于 {}"),
    "too_short": ("Y111", "内容太少", "min_length", "至少 {} 项"),
    "string_too_short": ("Y111", "内容太少", "min_length", "至少 {} 个字"),
    "too_long": ("Y112", "内容太多", "max_length", "至多 {} 项"),
    "string_too_long": ("Y112", "内容太多", "max_length", "至多 {} 个字"),
}
TYPE_CODES = frozenset({*_TYPES, "Y103"})
"""Codes saying that a value is of another type, or of another set of words, than the model's."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A finding with its place; `meant` is the path a misspelled key should have had."""

    finding: Finding
    place: Place
    meant: tuple[Step, ...] = ()

    @property
    def is_missing(self) -> bool:
        """Whether something is not there."""
        return self.finding.code == "Y101"


def put_in_words(detail: ErrorDetails, place: Place, root: Node) -> Fault:
    """Return the fault for one pydantic error at a place of the text with this root."""
    return _Wording(detail, place, root).fault()


class _Wording:
    def __init__(self, detail: ErrorDetails, place: Place, root: Node) -> None:
        self.type = detail["type"]
        self.detail = detail
        self.context: dict[str, Any] = detail.get("ctx", {})
        self.place = place
        self.node = root.at(place.path)
        self.parent = root.at(place.path[:-1])
        self.key = place.path[-1] if place.path else ""

    def fault(self) -> Fault:
        special: dict[str, Callable[[], Fault]] = {
            "missing": self._missing,
            "extra_forbidden": self._unknown_key,
            "literal_error": self._word,
            "enum": self._word,
            "union_tag_invalid": self._tag,
            "union_tag_not_found": self._no_tag,
            "string_pattern_mismatch": self._pattern,
        }
        if self.type in special:
            return special[self.type]()
        if self.type in _BY_TYPE:
            return self._of_type()
        if self.type in _BOUNDS:
            code, message, name, words = _BOUNDS[self.type]
            return self._about(code, message, expected=words.format(self.context[name]))
        return self._own_sentence()

    @property
    def mark(self) -> Mark:
        if self.place.at_key and isinstance(self.key, str):
            return self.parent.mark_of_key(self.key)
        return self.node.mark

    def _about(self, code: str, words: str, *, expected: str = "", hint: str = "") -> Fault:
        """Return a fault of the value at the place."""
        found = quoted(str(self.key)) if self.place.at_key else shown(self.node)
        return Fault(Finding(code, f"{self._name()}{words}", self.mark, found, expected, hint), self.place)

    def _name(self) -> str:
        keys = [number for number, step in enumerate(self.place.path) if isinstance(step, str)]
        if not keys:
            items = self.place.path
            return "".join(f"第 {int(item) + 1} 项" for item in items) or "文件"
        key = str(self.place.path[keys[-1]])
        items = self.place.path[keys[-1] + 1 :]
        name = quoted(key) + "".join(f" 第 {int(item) + 1} 项" for item in items)
        has_title = bool(_CHINESE.search(self.place.title)) and not items
        return f"{name}（{self.place.title}）" if has_title else f"{name} "

    def _missing(self) -> Fault:
        hint = f"请加一行 {self.key}: …" + self._choices(self.place.allowed)
        return Fault(
            Finding("Y101", f"缺少 {self._name().rstrip()}", self.parent.mark, hint=hint), self.place
        )

    def _choices(self, allowed: tuple[str, ...]) -> str:
        return "，可以写：" + _listed(with_titles(allowed, str(self.key))) if allowed else ""

    def _unknown_key(self) -> Fault:
        key = str(self.key)
        free = [name for name in self.place.names if name not in self.parent.fields]
        near = nearest(key, free) or self._key_called(key, free)
        if set(key) & set(":：\u3000"):
            hint = "项名后面要有英文冒号和一个空格；前面的空格不能是全角的"
        elif near is not None:
            hint = _perhaps(near)
        elif self.place.elsewhere:
            hint = self._belongs(key)
        elif nearest(key, self.place.names):
            hint = "可能重复了；多余的请删去"
        else:
            hint = "请删去，或改成可用的项名"
        near = near or next((name for name in free if re.split(r"[:：]", key.strip())[0] == name), None)
        mark = self.parent.mark_of_key(key)
        finding = Finding("Y102", "不认识的项", mark, quoted(key), _listed(tuple(self.place.names)), hint)
        return Fault(finding, self.place, (*self.place.path[:-1], near) if near else ())

    def _key_called(self, key: str, free: list[str]) -> str | None:
        """Return the key whose title was written in its stead: 天数, 提前几天通知."""
        titles = {self.place.names[name]: name for name in free if _CHINESE.search(self.place.names[name])}
        near = nearest(key, titles) if _CHINESE.search(key) else None
        return titles[near] if near else None

    def _belongs(self, key: str) -> str:
        first = self.place.elsewhere[0]
        if "." in first:
            return f"{quoted(key)} 写在 {first.rpartition('.')[0]} 下面"
        here = "、".join(with_titles((self.place.tag,), "kind"))
        return (
            f"这一步是 {here}；{quoted(key)} 是 {'、'.join(with_titles(self.place.elsewhere, 'kind'))} 的项"
        )

    def _word(self) -> Fault:
        allowed = _QUOTED_WORD.findall(str(self.context["expected"]))
        written = str(self.key) if self.place.at_key else self.node.scalar
        expected = _listed(with_titles(allowed, self._field()))
        expected = expected or str(self.context["expected"]).replace(" or ", "、")
        return self._about("Y103", "用词不在可选范围", expected=expected, hint=self._meant(written, allowed))

    def _meant(self, written: object, allowed: list[str]) -> str:
        """Return the hint to the word that was meant: nearly so spelled, or the one these Chinese words stand for."""
        if not isinstance(written, str):
            return ""
        if set(_SEVERAL.split(written)) <= set(allowed):
            return "各项之间用英文逗号和一个空格"
        near = nearest(written, allowed) or token_of(written, allowed, self._field())
        return _perhaps(near) if near else ""

    def _field(self) -> str:
        """Return the key under which the value stands."""
        return next((step for step in reversed(self.place.path) if isinstance(step, str)), "")

    def _tag(self) -> Fault:
        name = str(self.context["discriminator"]).strip("'")
        allowed = _QUOTED_WORD.findall(str(self.context["expected_tags"]))
        written = self.node.child(name) or self.node
        expected = _listed(with_titles(allowed, name))
        hint = self._meant(written.scalar, allowed)
        message = f"{quoted(name)} 不认识"
        return Fault(Finding("Y116", message, written.mark, shown(written), expected, hint), self.place)

    def _no_tag(self) -> Fault:
        name = str(self.context["discriminator"]).strip("'")
        choices = "，可以写：" + _listed(with_titles(self.place.allowed, name)) if self.place.allowed else ""
        hint = f"请加一行 {name}: …{choices}"
        finding = Finding("Y101", f"缺少 {quoted(name)}", self.node.mark, hint=hint)
        return Fault(finding, self.place)

    def _pattern(self) -> Fault:
        pattern = str(self.context["pattern"])
        hint = ""
        if pattern.startswith("^[a-z][a-z0-9_]"):
            expected = "小写英文字母开头，只含小写字母、数字和下划线"
            written = str(self.key) if self.place.at_key else str(self.node.scalar)
            made = spelling.name(written)
            hint = _perhaps(made) if made else ""
        elif not _DIGITS.sub("", pattern).strip("^$()|?"):
            expected = "、".join(_DIGITS.findall(pattern)) + " 位数字"
        else:
            expected = f"符合 {pattern}"
        return self._about("Y113", "格式不对", expected=expected, hint=hint)

    def _of_type(self) -> Fault:
        code, expected, example = _BY_TYPE[self.type]
        value = self.node.scalar
        hint = example
        if self.node.kind == "scalar" and value is None:
            hint = "冒号后面没有内容，请填写或删去这一行"
        elif code == "Y105" and isinstance(value, int):
            hint = f'请加英文双引号："{str(value).lower()}"'
        elif isinstance(value, str):
            hint = self._likely(code, value) or example
        return self._about(code, "日期不对" if code == "Y114" else "类型不对", expected=expected, hint=hint)

    def _likely(self, code: str, value: str) -> str:
        """Return the hint to what was probably meant by a text where another type is wanted."""
        if code == "Y104" and value.isdecimal() and value.isascii():
            return "请去掉引号和前面的 0" if len(value.lstrip("0")) <= _MOST_DIGITS else "数太大，最多 15 位"
        if code == "Y104":
            number = spelling.whole_number(value, self._field())
            return "" if number is None else f"请写 {number}" + self._in_fen()
        if code == "Y106":
            said = value.lower()
            return "请写 true" if said in _YES else "请写 false" if said in _NO else ""
        if code == "Y108":
            return f"请写 [{value}]" if value.isidentifier() else ""
        if code == "Y114" and (day := spelling.day(value)):
            return f"请写 {day}"
        return f"没有 {value} 这一天" if code == "Y114" and _ISO.fullmatch(value) else ""

    def _in_fen(self) -> str:
        return "（单位是分）" if self._field().endswith("_fen") else ""

    def _own_sentence(self) -> Fault:
        sentence = " ".join(str(self.context.get("error", self.detail["msg"])).split())
        if isinstance(self.node.scalar, str):
            sentence = sentence.replace(repr(self.node.scalar), quoted(self.node.scalar))
        if _CHINESE.search(sentence):
            hint = self._spelled() if isinstance(self.node.scalar, str) else ""
            return Fault(Finding("Y115", sentence, self.mark, found=self._scalar(), hint=hint), self.place)
        return self._about("Y199", "不符合要求", hint=sentence)

    def _spelled(self) -> str:
        """Return the hint to the share or day that was meant, where the model wants one."""
        written = str(self.node.scalar)
        wants = str(self.context.get("error", ""))
        if _SHARE in wants and (share := spelling.share(written, self._field())):
            return _perhaps(share)
        return _perhaps(day) if _DAY in wants and (day := spelling.day(written)) else ""

    def _scalar(self) -> str:
        return shown(self.node) if self.node.kind == "scalar" and self.place.path else ""


def _perhaps(word: str) -> str:
    return f'是否指 "{word}"？'


def _listed(names: tuple[str, ...] | list[str]) -> str:
    more = f" 等 {len(names)} 个" if len(names) > _MOST_NAMES else ""
    return "、".join(names[:_MOST_NAMES]) + more
