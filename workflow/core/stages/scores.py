"""The scores of a panel as the acts amount to: pairs of judge and applicant, exact averages, places and ties."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from workflow.core.matter import Act
from workflow.core.stages.scoring_text import ScoringText
from workflow.core.stages.tallies import whole_number

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Panel:
    """Applicants still in, judges present (numbered from 1), and per (judge, applicant) the weighed points."""

    entered: int = 0
    applicants: tuple[int, ...] = ()
    judges: int = 0
    points: Mapping[Pair, int] = field(default_factory=dict)
    recused: frozenset[Pair] = frozenset()
    concluded: tuple[object, ...] = ()

    @property
    def missing(self) -> tuple[Pair, ...]:
        """The pairs without a score, a recused judge's excepted."""
        return tuple(
            (judge, applicant)
            for applicant in self.applicants
            for judge in range(1, self.judges + 1)
            if (judge, applicant) not in self.points and (judge, applicant) not in self.recused
        )

    def totals(self, applicant: int) -> list[int]:
        """Return the judges' totals for an applicant in order, a recused judge's excepted."""
        return sorted(
            points
            for pair, points in self.points.items()
            if pair[1] == applicant and pair not in self.recused
        )


@dataclass(frozen=True, slots=True)
class Ranking:
    """The result: totals by applicant from the best down, places, the shortlist; `tried` bands were asked."""

    outcome: str
    totals: Mapping[int, Fraction]
    places: tuple[int, ...]
    ties: tuple[tuple[int, ...], ...]
    shortlisted: tuple[int, ...]
    tried: int = 0


def follow(stage: ScoringText, acts: Iterable[Act]) -> Panel:
    """Return the panel that the stage's standing acts amount to."""
    panel = Panel()
    for act in acts:
        if act.stage == stage.id:
            panel = _step(stage, panel, act)
    return panel


def _step(stage: ScoringText, panel: Panel, act: Act) -> Panel:
    applicant = whole_number(act.facts, "applicant")
    pair = (whole_number(act.facts, "judge"), applicant)
    if act.action == "enter":
        number = panel.entered + 1
        return replace(panel, entered=number, applicants=(*panel.applicants, number))
    if act.action in ("strike", "leave"):
        return replace(panel, applicants=tuple(each for each in panel.applicants if each != applicant))
    if act.action == "convene" and act.outcome == "convened":
        start = ("convened", panel.applicants)
        return replace(panel, judges=whole_number(act.facts, "present"), concluded=(*panel.concluded, start))
    if act.action == "score":
        total = sum(one.weight * whole_number(act.facts, f"points_{one.id}") for one in stage.criteria)
        return replace(panel, points={**panel.points, pair: total})
    if act.action == "recuse":
        return replace(panel, recused=panel.recused | {pair})
    if act.action == "close":
        ranking = rank(stage, panel)
        closed = (ranking.outcome, ranking.shortlisted, panel.missing)
        return replace(panel, concluded=(*panel.concluded, closed))
    return panel


def rank(stage: ScoringText, panel: Panel) -> Ranking:
    """Rank the applicants by their exact average; equal totals share a place.

    The shortlist takes those at or above the pass mark, best first; equals across its last place are all in or all out.
    """
    averages = {each: _average(stage, panel.totals(each)) for each in panel.applicants}
    order = sorted(averages, key=lambda number: (-averages[number], number))
    totals = {number: averages[number] for number in order}
    places = tuple(1 + sum(other > total for other in totals.values()) for total in totals.values())
    groups = [
        tuple(each for each in order if totals[each] == total) for total in dict.fromkeys(totals.values())
    ]
    ties = tuple(group for group in groups if len(group) > 1)
    if stage.bands:
        best = totals[order[0]] if order else Fraction(0)
        reached = next(index for index, band in enumerate(stage.bands) if best >= band.at_least)
        return Ranking(stage.bands[reached].id, totals, places, ties, (), reached + 1)
    shortlisted: tuple[int, ...] = ()
    for group in groups:
        passed = stage.pass_mark is None or totals[group[0]] >= stage.pass_mark
        room = len(totals) if stage.shortlist is None else stage.shortlist - len(shortlisted)
        if not passed or room <= 0 or (len(group) > room and stage.ties == "none_in"):
            break
        shortlisted += group
    return Ranking("shortlisted" if shortlisted else "none_passed", totals, places, ties, shortlisted)


def _average(stage: ScoringText, totals: list[int]) -> Fraction:
    """Return the exact mean, without the highest and the lowest where they are dropped and others are left."""
    kept = totals[1:-1] if stage.trim and len(totals) >= stage.scores_min else totals
    return Fraction(sum(kept), len(kept)) if kept else Fraction(0)


def said(total: Fraction) -> str:
    """Spell a total exactly: 85, or 256/3."""
    return str(total)


def in_words(total: Fraction) -> str:
    """Say a total as people write it by hand: 85, or 85又1/3."""
    whole, rest = divmod(total.numerator, total.denominator)
    if not rest:
        return str(whole)
    return f"{whole}又{rest}/{total.denominator}" if whole else str(total)
