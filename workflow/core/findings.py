"""What is wrong with a text: where, what was found, what is expected, and the likely fix."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

from workflow.core.nodes import Mark, Node

TITLES: Mapping[str, str] = MappingProxyType(
    {
        "Y001": "文件不是 UTF-8 编码",
        "Y002": "文件太大",
        "Y003": "有看不见的控制字符",
        "Y004": "写法不合 YAML 规则",
        "Y005": "嵌套太深",
        "Y006": "内容太多",
        "Y007": "用了锚点或引用",
        "Y008": "用了类型标签",
        "Y009": "一个文件里有多份文档",
        "Y010": "用了 % 指令",
        "Y011": "用了合并键",
        "Y012": "同一项写了两次",
        "Y013": "项名不是文字",
        "Y014": "文件是空的",
        "Y099": "问题太多，没有全部列出",
        "Y101": "缺少必填项",
        "Y102": "不认识的项",
        "Y103": "用词不在可选范围",
        "Y104": "应为整数",
        "Y105": "应为文字",
        "Y106": "应为 true 或 false",
        "Y107": "应为一段（若干项）",
        "Y108": "应为列表",
        "Y109": "数太小",
        "Y110": "数太大",
        "Y111": "内容太少",
        "Y112": "内容太多",
        "Y113": "格式不对",
        "Y114": "应为日期",
        "Y115": "内容不符合规则",
        "Y116": "种类不认识",
        "Y117": "没有一种写法对得上",
        "Y199": "内容不符合要求",
        "Y201": "层文件所指的位置不存在",
        "Y202": "层文件的写法不对",
        "Y203": "本层只能改数字",
        "Y204": "插入的编号重复",
        "Y205": "同一层的改动互相冲突",
        "P201": "去向不存在",
        "P202": "所指的步骤不合适",
        "P203": "归档材料没有来源",
        "P204": "有走不到的步骤",
        "P205": "有走不到头的步骤",
        "P206": "步骤代号重复",
        "P207": "第一步不是动议",
        "P208": "文件名不是施行日期",
        "P209": "文件放错了地方",
        "P210": "程序不存在",
        "P211": "事项代号重复",
        "P212": "各年日历对不上",
        "P213": "各部法条对不上",
        "P214": "看不出是哪一种文件",
        "P215": "一步里的几项互相矛盾",
        "P216": "金额表不存在",
        "P217": "清单里的问题写法不对",
        "P218": "金额表缺一段",
        "P219": "金额表有重叠",
        "F301": "低于法律规定的底线",
        "F302": "法律规定由谁决定的事项被改动",
        "F303": "绕开了法律规定的底线",
        "S401": "没有通过决定就能实施",
        "S402": "党组织没有先研究讨论",
        "S403": "决议没有公示就能实施",
        "S404": "没有公示结果就能归档",
        "S405": "没有监督核验就能归档",
        "S406": "本地规定的先后没有做到",
        "C301": "例子里的词没有人认识",
    }
)
"""Every code a check can report, with its short title: Y the file, P the procedure, F the statutory floor, C a case."""

MOST_FINDINGS = 200
_LONGEST_SHOWN = 60
_LONGEST_GUESSED = 80
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem. Findings sort by place, then by code."""

    code: str
    message: str
    mark: Mark
    found: str = ""
    expected: str = ""
    hint: str = ""

    def __lt__(self, other: Finding) -> bool:
        """Order by place, then by code."""
        return (self.mark, self.code, self.message) < (other.mark, other.code, other.message)

    def line(self) -> str:
        """Return `file:line:col CODE message`: one line, with the found, the expected and the hint."""
        return f"{self.mark} {self.code} {self.said()}"

    def said(self) -> str:
        """Say what was found, what is expected and what to do, without the place."""
        words = self.message
        if self.found:
            words += f"{'' if words.endswith('？') else '，'}写的是 {self.found}"
        if self.expected:
            words += f"，应为 {self.expected}"
        if self.hint:
            words += f"。{self.hint}"
        return words

    def as_data(self) -> dict[str, str | int]:
        """Return the finding for a program: its place, its code with title, and its words apart."""
        return {
            "file": self.mark.file, "line": self.mark.line, "column": self.mark.column, "layer": self.mark.layer,
            "code": self.code, "title": TITLES[self.code], "message": self.message, "found": self.found,
            "expected": self.expected, "hint": self.hint,
        }  # fmt: skip


class Unreadable(Exception):
    """A text was refused. `findings` is sorted; past `MOST_FINDINGS` one more says that there are others."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        """Take the problems in any order."""
        ordered = sorted(findings)
        if len(ordered) > MOST_FINDINGS:
            last = ordered[MOST_FINDINGS - 1].mark
            ordered[MOST_FINDINGS:] = [Finding("Y099", f"问题太多，只列出前 {MOST_FINDINGS} 条", last)]
        self.findings: tuple[Finding, ...] = tuple(ordered)
        super().__init__("\n".join(finding.line() for finding in self.findings))


def nearest(word: str, allowed: Iterable[str]) -> str | None:
    """Return the allowed word that was probably meant, or None when none is near."""
    if len(word) > _LONGEST_GUESSED:
        return None
    return next(iter(get_close_matches(word, list(allowed), n=1, cutoff=0.6)), None)


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    """Return `是否指 "…"？` for the nearest allowed word, or an empty text when none is near."""
    near = nearest(word, allowed)
    return "" if near is None else f'是否指 "{near}"？'


def quoted(text: str) -> str:
    """Return a text in quotes for a message: one line, printable, shortened."""
    short = text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"
    return '"' + _UNPRINTABLE.sub(" ", short) + '"'


def shown(node: Node) -> str:
    """Return the words for what stands at a node."""
    if node.kind == "map":
        return "一段（若干项）"
    if node.kind == "list":
        return f"列表（{len(node.items)} 项）"
    if node.value is None:
        return "空"
    if isinstance(node.value, str):
        return quoted(node.value)
    return str(node.value).lower()
