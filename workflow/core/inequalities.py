"""Homogeneous linear inequalities over whole numbers: whether any solution exists, and a small one to show.

A system of these has a solution in whole numbers exactly when it has one in fractions (multiply it out), so
Fourier-Motzkin elimination decides it for bodies of every size.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm


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


def solution(system: frozenset[Inequality], names: Sequence[str]) -> dict[str, int] | None:
    """Return some solution in whole numbers (not the smallest), None where there is none at all."""
    found = _eliminate(system, names)
    if found is None:
        return None
    scale = lcm(*(value.denominator for value in found.values()))
    numbers = {name: int(value * scale) for name, value in found.items()}
    divisor = gcd(*numbers.values()) or 1
    return {name: number // divisor for name, number in numbers.items()}


def _eliminate(system: frozenset[Inequality], names: Sequence[str]) -> dict[str, Fraction] | None:
    if not names:
        return None if any(row.strict for row in system) else {}
    *rest, name = names
    above = [row for row in system if row.weight(name) > 0]
    below = [row for row in system if row.weight(name) < 0]
    kept = {row for row in system if not row.weight(name)}
    kept |= {_combined(lower, upper, name) for lower in above for upper in below}
    found = _eliminate(frozenset(kept), rest)
    if found is None:
        return None
    low, low_strict = max(
        ((_bound(row, name, found), row.strict) for row in above), default=(Fraction(0), True)
    )
    high = min((_bound(row, name, found) for row in below), default=None)
    if not low_strict:
        found[name] = low
    else:
        found[name] = (low + high) / 2 if high is not None else low + 1
    return found


def _combined(lower: Inequality, upper: Inequality, name: str) -> Inequality:
    up, down = lower.weight(name), -upper.weight(name)
    weights = {each: weight * down for each, weight in lower.weights}
    for each, weight in upper.weights:
        weights[each] = weights.get(each, 0) + weight * up
    return Inequality.of(weights, strict=lower.strict or upper.strict)


def _bound(row: Inequality, name: str, found: Mapping[str, Fraction]) -> Fraction:
    rest = sum((weight * found[each] for each, weight in row.weights if each != name), start=Fraction(0))
    return rest / -row.weight(name)


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
