"""A procedure drawn: SVG for pages and paper, Mermaid for documents. No browser, no network, no layout program.

A procedure is written in the order of life, so its stages stand in one column in that order; what leads on runs
down, what leads back runs up on the left, what skips a stage runs down on the right, and what ends the matter
stands beside the stage that ends it. The SVG has presentation attributes only, no style and no script.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

from workflow.core.kinds import KINDS, AnyStage
from workflow.core.matter import ENDS, stage_of
from workflow.core.outcomes import outcome_words
from workflow.core.procedure import Procedure, targets
from workflow.core.stage import PHASES
from workflow.saying import condition_words

OUTCOMES: Final[Mapping[str, str]] = {
    "opened": "立项", "passed": "通过", "rejected": "未通过", "agreed": "同意", "advised": "有意见", "returned": "退回",
    "filed": "备案", "closed": "期满", "accepted": "验收合格", "archived": "归档",
    "record_merged.passed": "合并开会",
}  # fmt: skip
SKIPPED: Final = "不需要时"
HERE: Final = "▶ 现在在这一步"

_BOX, _GAP, _PAD, _LINE, _SMALL = 250, 38, 10, 22, 18
_LETTERS, _SMALL_LETTERS = 13, 17
_LANE, _LABEL, _MARGIN = 16, 62, 10
_PILL, _PILL_HEIGHT = 96, 24
_GREEN, _INK, _SOFT, _RED = "#1b5e3f", "#1d2521", "#4d5852", "#a3161b"
_FONT: Final = (
    "Microsoft YaHei, PingFang SC, Noto Sans CJK SC, Source Han Sans SC, WenQuanYi Micro Hei, sans-serif"
)


@dataclass(frozen=True, slots=True)
class Edge:
    """One way from a stage to a stage or an end; `skips` is the way around a stage that is not needed."""

    source: str
    target: str
    words: str
    skips: bool = False


def edges(procedure: Procedure) -> tuple[Edge, ...]:
    """Return every way that leaves a stage, the outcomes that lead the same way joined, in the order of the file."""
    found: list[Edge] = []
    for stage in procedure.stages:
        ways: dict[str, list[str]] = {}
        for action, outcome, target in targets(stage, procedure.by_id):
            own = stage.outcome_titles().get(outcome) or outcome_words(outcome).partition("，")[0]
            words = OUTCOMES.get(f"{action}.{outcome}") or OUTCOMES.get(outcome, own)
            ways.setdefault(target, []).append(words)
        for target, outcomes in ways.items():
            found.append(Edge(stage.id, target, "、".join(dict.fromkeys(outcomes))))
            found += _around(procedure, stage.id, target)
    return tuple(dict.fromkeys(found))


def _around(procedure: Procedure, source: str, target: str) -> Iterator[Edge]:
    here = procedure.by_id.get(target)
    while here is not None and here.when is not None:
        yield Edge(source, here.then, SKIPPED, skips=True)
        here = procedure.by_id.get(here.then)


def mermaid(procedure: Procedure, at: str = "", kinds: Mapping[str, str] | None = None) -> str:
    """Return a Mermaid flow chart; ids are ASCII, labels quoted. `at` is the state of a matter to mark."""
    lines = ["flowchart TD"]
    for number, stage in enumerate(procedure.stages, 1):
        words = "<br>".join(map(_mermaid_text, (f"{number}. {stage.title}", *_about(stage, kinds or {}))))
        lines.append(f'  s_{stage.id}["{words}"]')
    ways = edges(procedure)
    lines += [
        f'  e_{end}(["{words}"])' for end, words in ENDS.items() if any(each.target == end for each in ways)
    ]
    for each in ways:
        arrow = "-.->" if each.skips else "-->"
        lines.append(
            f'  s_{each.source} {arrow}|"{_mermaid_text(each.words)}"| {_mermaid_id(procedure, each.target)}'
        )
    if at and (stage_of(at) in procedure.by_id or stage_of(at) in ENDS):
        lines += [
            f"  classDef here fill:#e6f1ea,stroke:{_GREEN},stroke-width:4px",
            f"  class {_mermaid_id(procedure, stage_of(at))} here",
        ]
    return "\n".join(lines) + "\n"


def _mermaid_id(procedure: Procedure, target: str) -> str:
    return f"s_{target}" if target in procedure.by_id else f"e_{target}"


def _mermaid_text(text: str) -> str:
    return "".join(f"#{ord(sign)};" if sign in '"#&<>`\\;' else sign for sign in text)


def _about(stage: AnyStage, kinds: Mapping[str, str]) -> tuple[str, ...]:
    words = f"{PHASES[stage.phase]} · {KINDS.get(stage.kind, stage.kind)}"
    return (words, f"{condition_words(stage.when, kinds)}才需要") if stage.when else (words,)


def svg(procedure: Procedure, at: str = "", kinds: Mapping[str, str] | None = None) -> str:
    """Return an SVG element to stand in a page as it is. `at` is the state of a matter to mark.

    Its width is about 450 units of one pixel; on a narrow screen let it scroll or shrink.
    """
    return _Drawing(procedure, stage_of(at), kinds or {}).svg()


@dataclass(frozen=True, slots=True)
class _Row:
    """One box of the column: its lines in the large and the small letters, and where it stands."""

    id: str
    large: tuple[str, ...]
    small: tuple[str, ...]
    top: int

    @property
    def height(self) -> int:
        return 2 * _PAD + _LINE * len(self.large) + _SMALL * len(self.small)

    def at(self, tenths: int) -> int:
        return self.top + self.height * tenths // 10


class _Drawing:
    def __init__(self, procedure: Procedure, here: str, kinds: Mapping[str, str]) -> None:
        self.procedure = procedure
        self.here = here
        self.conditional = {stage.id for stage in procedure.stages if stage.when}
        ways = edges(procedure)
        last = procedure.stages[-1].id
        end = next((each.target for each in ways if each.source == last and each.target in ENDS), "")
        self.rows = {row.id: row for row in _column(procedure, here, kinds, end)}
        self.numbers = {id_: number for number, id_ in enumerate(self.rows)}
        self.beside = [
            each for each in ways if each.target in ENDS and (each.source, each.target) != (last, end)
        ]
        down = [each for each in ways if each not in self.beside]
        self.straight = [each for each in down if self._span(each) == 1 and not each.skips]
        self.back = _lanes([each for each in down if self._span(each) < 1], self.numbers)
        self.skip = _lanes(
            [each for each in down if self._span(each) > 1 or (each.skips and self._span(each) == 1)],
            self.numbers,
        )
        self.left = _MARGIN + (_LABEL + _LANE * max(self.back.values()) if self.back else 0)
        self.right = self.left + _BOX
        wide = _PILL + _LANE if self.beside else _LABEL if self.skip else 0
        self.lane = self.right + wide
        self.width = self.lane + (_LANE * (1 + max(self.skip.values())) if self.skip else 0) + _MARGIN

    def _span(self, edge: Edge) -> int:
        return self.numbers[edge.target] - self.numbers[edge.source]

    def svg(self) -> str:
        bottom = max(row.top + row.height for row in self.rows.values()) + _MARGIN
        title = escape(f"{self.procedure.title}：共 {len(self.procedure.stages)} 步")
        parts = [
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" class="diagram" role="img" aria-label="{title}" '
                f'width="{self.width}" height="{bottom}" viewBox="0 0 {self.width} {bottom}" font-family="{_FONT}">'
            ),
            (
                '<defs><marker id="cunyi-arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" '
                'markerHeight="9" markerUnits="userSpaceOnUse" orient="auto">'
                f'<path d="M0 0L10 5L0 10z" fill="{_SOFT}"/></marker></defs>'
            ),
            *(part for row in self.rows.values() for part in self._box(row)),
            *(part for each in self.straight for part in self._down(each)),
            *(part for each, lane in self.back.items() for part in self._up(each, lane)),
            *(part for each, lane in self.skip.items() for part in self._past(each, lane)),
            *(part for each in self.beside for part in self._end(each)),
            "</svg>",
        ]
        return "".join(parts)

    def _box(self, row: _Row) -> Iterator[str]:
        here, end = row.id == self.here, row.id in ENDS
        fill, stroke = ("#e6f1ea", _GREEN) if here else ("#ffffff", _SOFT)
        dashes = ' stroke-dasharray="6 4"' if row.id in self.conditional else ""
        yield (
            f'<rect x="{self.left}" y="{row.top}" width="{_BOX}" height="{row.height}" rx="{row.height // 2 if end else 6}" '
            f'fill="{fill}" stroke="{stroke}" stroke-width="{3 if here else 1.5}"{dashes}/>'
        )
        x, y = self.left + (_BOX // 2 if end else 14), row.top + _PAD - 5
        for line in row.large:
            y += _LINE
            yield _text(x, y, line, 17, _INK, anchor="middle" if end else "start", bold=True)
        for line in row.small:
            y += _SMALL
            yield _text(x, y, line, 13, _GREEN if line == HERE else _SOFT, bold=line == HERE)

    def _down(self, edge: Edge) -> Iterator[str]:
        source, target = self.rows[edge.source], self.rows[edge.target]
        x, y = self.left + 40, source.top + source.height
        yield _path(f"M{x} {y}V{target.top - 1}")
        yield _text(x + 10, y + _GAP // 2 + 5, edge.words, 13, _SOFT)

    def _up(self, edge: Edge, lane: int) -> Iterator[str]:
        source, target = self.rows[edge.source], self.rows[edge.target]
        x = self.left - _LABEL - _LANE * (lane - 1)
        alone = source is target
        start, end = (source.at(9), target.at(2)) if alone else (source.at(4), target.at(6))
        yield _path(f"M{self.left} {start}H{x}V{end}H{self.left - 1}")
        yield _text(self.left - 6, start + (15 if alone else -5), edge.words, 13, _RED, anchor="end")

    def _past(self, edge: Edge, lane: int) -> Iterator[str]:
        source, target = self.rows[edge.source], self.rows[edge.target]
        x, start, end = self.lane + _LANE * lane, source.at(10) - 7, target.top + 8
        dashed = ' stroke-dasharray="6 4"' if edge.skips else ""
        yield _path(f"M{self.right} {start}H{x}V{end}H{self.right + 1}", dashed)
        nth = [each for each in self.skip if each.source == edge.source].index(edge)
        yield _text(self.right + 8, start + 16 * (1 + nth), edge.words, 13, _SOFT)

    def _end(self, edge: Edge) -> Iterator[str]:
        nth = [each for each in self.beside if each.source == edge.source].index(edge)
        row = self.rows[edge.source]
        x, y = self.right + _LANE, row.at(5) - _PILL_HEIGHT // 2 - 3 + nth * (_PILL_HEIGHT + 4)
        middle = y + _PILL_HEIGHT // 2
        yield _path(f"M{self.right} {middle}H{x - 1}")
        yield (
            f'<rect x="{x}" y="{y}" width="{_PILL}" height="{_PILL_HEIGHT}" rx="12" fill="#fcebea" '
            f'stroke="{_RED}" stroke-width="1"/>'
        )
        words = ENDS[edge.target] if edge.words in ENDS[edge.target] else f"{edge.words}：{ENDS[edge.target]}"
        yield _text(x + _PILL // 2, y + 17, f"{words}，终止", 13, _RED, anchor="middle")


def _column(procedure: Procedure, here: str, kinds: Mapping[str, str], end: str) -> Iterator[_Row]:
    top = _MARGIN
    for number, stage in enumerate(procedure.stages, 1):
        small = [part for line in _about(stage, kinds) for part in _wrapped(line, _SMALL_LETTERS)]
        small += [HERE] if stage.id == here else []
        row = _Row(stage.id, _wrapped(f"{number}. {stage.title}", _LETTERS), tuple(small), top)
        yield row
        top += row.height + _GAP
    if end:
        yield _Row(end, (ENDS[end],), (), top)


def _wrapped(text: str, letters: int) -> tuple[str, ...]:
    """Cut a text into lines of so many Chinese characters; a Latin letter or a digit is half as wide."""
    lines, width = [""], 0
    for sign in text:
        own = 1 if sign.isascii() else 2
        if width + own > 2 * letters:
            lines.append("")
            width = 0
        lines[-1] += sign
        width += own
    return tuple(lines)


def _lanes(ways: Iterable[Edge], numbers: Mapping[str, int]) -> dict[Edge, int]:
    """Give each way the innermost lane, from 1, on which no other way runs beside it; short ways first."""
    taken: dict[int, list[tuple[int, int]]] = {}
    found: dict[Edge, int] = {}
    spans: dict[Edge, tuple[int, int]] = {}
    for each in ways:
        first, last = sorted((2 * numbers[each.source], 2 * numbers[each.target]))
        # A way back to the same stage takes the room beside its box.
        spans[each] = (first - 1, last + 1) if first == last else (first, last)
    for each, (first, last) in sorted(spans.items(), key=lambda item: item[1][1] - item[1][0]):
        lane = 1
        while any(first < end and start < last for start, end in taken.get(lane, ())):
            lane += 1
        taken.setdefault(lane, []).append((first, last))
        found[each] = lane
    return found


def _path(points: str, more: str = "") -> str:
    return f'<path d="{points}" fill="none" stroke="{_SOFT}" stroke-width="1.5" marker-end="url(#cunyi-arrow)"{more}/>'


def _text(
    x: int, y: int, words: str, size: int, fill: str, *, anchor: str = "start", bold: bool = False
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{fill}" text-anchor="{anchor}"{weight}>{escape(words)}</text>'
