"""Homogeneous linear inequalities over whole numbers: whether any solution exists, and a small one to show.

A system of these has a solution in whole numbers exactly when it has one in fractions (multiply it out), so linear
programming in exact fractions decides it for bodies of every size.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Inequality:
    """The weighted sum of the variables is at least 0; above 0 where `strict`."""

    weights: tuple[tuple[str, int], ...]
    strict: bool

    @classmethod
    def of(cls, weights: Mapping[str, int], *, strict: bool = False) -> "Inequality":
        """Build it in lowest terms, so that equal inequalities are equal."""
        divisor = gcd(*weights.values()) or 1
        return cls(tuple(sorted((name, each // divisor) for name, each in weights.items() if each)), strict)

    def weight(self, name: str) -> int:
        """Return the weight of a variable, 0 where it does not occur."""
        return dict(self.weights).get(name, 0)


@lru_cache(maxsize=4096)
def solution(system: frozenset[Inequality], names: tuple[str, ...]) -> Mapping[str, int] | None:
    """Return some positive solution in whole numbers (not the smallest), None where there is none at all.

    Kept by its question: the same few shares stand in every text of a county, each held against the same law.

    At least one inequality must be strict, or all zeros would do. Within a sum of 1, the simplex method looks for
    values that exceed every strict inequality by the same slack; the first slack above 0 is enough.
    """
    rows = sorted(system, key=lambda row: row.weights)
    width = len(names) + 1  # the variables, then the slack
    table = [[Fraction(-row.weight(name)) for name in names] + [Fraction(int(row.strict))] for row in rows]
    table.append([Fraction(1)] * len(names) + [Fraction(0)])
    table = [[*row, Fraction(0)] for row in table]
    table[-1][-1] = Fraction(1)
    goal = [Fraction(0)] * len(names) + [Fraction(-1), Fraction(0)]
    outside, inside = list(range(width)), list(range(width, width + len(table)))
    while goal[-1] <= 0:
        # Bland's rule, lowest index in and out: it never goes round in circles.
        entering = min(
            (place for place in range(width) if goal[place] < 0), key=outside.__getitem__, default=None
        )
        if entering is None:
            return None
        ratios = [
            (row[-1] / row[entering], inside[at], at) for at, row in enumerate(table) if row[entering] > 0
        ]
        leaving = min(ratios)[2]
        _pivot([*table, goal], leaving, entering)
        outside[entering], inside[leaving] = inside[leaving], outside[entering]
    found = {place: row[-1] for place, row in zip(inside, table, strict=True)}
    values = {name: found.get(place, Fraction(0)) for place, name in enumerate(names)}
    scale = lcm(*(value.denominator for value in values.values()))
    numbers = {name: int(value * scale) for name, value in values.items()}
    divisor = gcd(*numbers.values())
    return MappingProxyType({name: number // divisor for name, number in numbers.items()})


def _pivot(table: list[list[Fraction]], leaving: int, entering: int) -> None:
    """Exchange the two variables: solve the leaving row for the entering one and put it into all others."""
    chosen = table[leaving]
    factor = 1 / chosen[entering]
    chosen[:] = [value * factor for value in chosen]
    chosen[entering] = factor
    for row in table:
        times = row[entering]
        if row is chosen or not times:
            continue
        row[:] = [value - times * other for value, other in zip(row, chosen, strict=True)]
        row[entering] = -times * factor


def small_solution(
    system: frozenset[Inequality],
    names: Sequence[str],
    rising: frozenset[str],
    sizes: Sequence[int],
    steps: int,
) -> dict[str, int] | None:
    """Return the first solution of an exhaustive search, the first variable taking each of `sizes` in turn.

    Every other variable runs from 1 to that size: upwards if it is `rising`, else downwards. None where there
    is no such solution, or none within so many `steps`.
    """
    decided: dict[str, list[Inequality]] = {name: [] for name in names}
    for row in system:
        last = max((name for name, _ in row.weights), key=names.index)
        decided[last].append(row)
    left = iter(range(steps))
    for size in sizes:
        for found in _fill(decided, list(names), {}, rising, size, left):
            return found
    return None


def _fill(
    decided: Mapping[str, list[Inequality]],
    names: list[str],
    found: dict[str, int],
    rising: frozenset[str],
    size: int,
    left: Iterator[int],
) -> Iterator[dict[str, int]]:
    if not names:
        yield found
        return
    name, *rest = names
    low, high = (1 if found else size), size
    for row in decided[name]:
        own = row.weight(name)
        others = sum(weight * found[each] for each, weight in row.weights if each != name) - row.strict
        if own > 0:
            low = max(low, -(others // own))
        else:
            high = min(high, others // -own)
    values = range(low, high + 1)
    for value in values if name in rising else reversed(values):
        if next(left, None) is None:
            return
        yield from _fill(decided, rest, {**found, name: value}, rising, size, left)
