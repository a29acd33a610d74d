"""What libyaml's complaints mean, in words for the person who wrote the file."""

from __future__ import annotations

import re

import yaml

from workflow.core.findings import Finding, quoted
from workflow.core.nodes import Mark

_QUOTE = "文字里有冒号、# 或以符号开头时，请给整句加英文双引号"
_INDENT = "同一段各行的缩进要一样多，用空格，不用 Tab"
_TAB = ("缩进里有 Tab", "请把 Tab 换成两个空格")
_UNQUOTED = "did not find expected comment or line break"
_WORDS: dict[str, tuple[str, str]] = {
    "found character that cannot start any token": ("不能用这个符号开头", _QUOTE),
    "mapping values are not allowed in this context": (
        "这里多了一个冒号，或者上一行的缩进不对",
        f"{_QUOTE}；{_INDENT}",
    ),
    "did not find expected key": ("缩进没有对齐", _INDENT),
    "did not find expected '-' indicator": ("列表的短横没有对齐", _INDENT),
    "did not find expected node content": ("这里缺少内容，或者括号没有配对", "括号要成对，逗号后面要有内容"),
    "did not find expected ',' or ']'": ("方括号没有配对", "每个 [ 都要有一个 ]，各项用英文逗号隔开"),
    "did not find expected ',' or '}'": ("花括号没有配对", "每个 { 都要有一个 }，各项用英文逗号隔开"),
    "found unexpected end of stream": ("引号或括号没有配对，直到文件末尾也没有关上", "请补上另一半"),
    "found unexpected document indicator": ("引号没有配对", "请补上另一半引号"),
    "could not find expected ':'": ("这一行缺少冒号", "项名后面要有英文冒号和一个空格"),
    "found unknown escape character": ("双引号里的反斜杠用法不对", "要写反斜杠本身请写两个，或改用单引号"),
    "found invalid Unicode character escape code": ("双引号里的字符编号不对", "请直接写出这个字"),
    "block sequence entries are not allowed in this context": ("列表的短横不能写在这里", "短横要另起一行"),
    "did not find expected <document start>": ("文件里有多余的内容", "一个文件只写一份，请删去 --- 和 ..."),
    _UNQUOTED: ("以 > 或 | 开头的内容没有加引号", '请给整句加英文双引号，例如 ">= 2/3 of body_all"'),
    "found a tab character where an indentation space is expected": _TAB,
    "found a tab character that violates indentation": _TAB,
}
_AT_CONTEXT = (
    _UNQUOTED,
    "could not find expected ':'",
    "found unexpected end of stream",
    "found unexpected document indicator",
)
_BY_CONTEXT = {
    "anchor": ("Y007", "不能用锚点（&）", "请把内容写全，不用 & 和 *"),
    "alias": ("Y007", "不能用引用（*）", "请把内容写全，不用 & 和 *；文字以 * 开头时加引号"),
    "tag": ("Y008", "不能用类型标签（!）", "请删去标签；文字以 ! 开头时加引号"),
    "directive": ("Y010", "不能用 % 指令", "请删去这一行"),
}
_NO_BLANK = re.compile(r"\s*(?:- )?\w+:[^\s:/][^:]*$")
LINE_BREAK = re.compile(r"\r\n|\r|\n")


def explain_syntax(error: yaml.YAMLError, text: str, file: str, last: Mark) -> Finding:
    """Return the finding for an error of libyaml; `last` is where reading had got to."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return Finding("Y004", "写法不合 YAML 规则", last, hint="请对照样本检查这一处")
    lines = LINE_BREAK.split(text)
    problem, doing = str(error.problem), str(error.context or "").rsplit(" ", 1)[-1]
    mark = _likeliest_place(error, lines, file, last)
    written = lines[mark.line - 1]
    found = quoted(written.strip()) if written.strip() else ""
    if problem == "found incompatible YAML document" or problem.startswith("found duplicate %"):
        doing = "directive"
    if doing in _BY_CONTEXT:
        code, message, hint = _BY_CONTEXT[doing]
        return Finding(code, message, mark, found=found, hint=hint)
    message, hint = _WORDS.get(problem, ("写法不合 YAML 规则", "请对照样本检查这一处"))
    if written[mark.column - 1 : mark.column] == "\t":
        message, hint = _TAB
    if problem == "did not find expected key" and written[: mark.column - 1].rstrip().endswith(('"', "'")):
        message, hint = "引号后面还有文字", "请把整句放进一对英文双引号里，句子里面的引号写成“”"
    above = lines[max(mark.line - 2, 0) : mark.line]
    if any(_NO_BLANK.match(line) for line in above):
        hint = "英文冒号后面要有一个空格"
    if any("：" in line and ": " not in line and not line.rstrip().endswith(":") for line in above):
        hint = "项名后面的冒号是不是写成了中文冒号“：”？请改成英文冒号加一个空格"
    return Finding("Y004", message, mark, found=found, hint=hint)


def _likeliest_place(error: yaml.MarkedYAMLError, lines: list[str], file: str, last: Mark) -> Mark:
    """Return a place inside the text; where it ends too early, the place of what was left open."""
    spot, start = error.problem_mark, error.context_mark
    mark = last if spot is None else Mark(file, spot.line + 1, spot.column + 1)
    if start is not None and (error.problem in _AT_CONTEXT or not _rest(lines, mark)):
        mark = Mark(file, start.line + 1, start.column + 1)
    if not _rest(lines, mark):
        mark = last
    return mark if mark.line <= len(lines) else Mark(file, len(lines), len(lines[-1]) + 1)


def _rest(lines: list[str], mark: Mark) -> str:
    return "".join(lines[mark.line - 1 :])[mark.column - 1 :].strip()
