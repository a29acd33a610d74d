"""Measuring honestly: subject and reference take turns, each pair gives one ratio, the median and spread are told."""

import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

Measure = Literal["rate", "p50", "p99"]


@dataclass(frozen=True)
class Sample:
    """One slice: the seconds each success took, how long the slice took in all, and what went wrong."""

    seconds: Sequence[float]
    whole: float
    errors: Counter[str] = field(default_factory=Counter)
    timeouts: int = 0

    @classmethod
    def in_a_row(cls, seconds: Sequence[float]) -> "Sample":
        """A slice of one worker: the whole is the sum."""
        return cls(seconds, sum(seconds))

    @property
    def rate(self) -> float:
        """Successes a second."""
        return len(self.seconds) / self.whole

    def percentile(self, hundredths: int) -> float:
        """The latency in milliseconds that so many of a hundred successes stay below or at."""
        ordered = sorted(self.seconds)
        return ordered[max(0, -(-len(ordered) * hundredths // 100) - 1)] * 1000 if ordered else float("nan")

    def measured(self, measure: Measure) -> float:
        """The number a line compares."""
        return self.rate if measure == "rate" else self.percentile(int(measure[1:]))


Pair = tuple[Sample, Sample]


def in_turns(subject: Callable[[], Sample], reference: Callable[[], Sample], pairs: int) -> list[Pair]:
    """Measure A B A B …; one more pair goes before and is thrown away, so that everything is warm."""
    subject(), reference()
    return [(subject(), reference()) for _ in range(pairs)]


@dataclass(frozen=True)
class Spread:
    """A median with its quartiles."""

    median: float
    lower: float
    upper: float

    @classmethod
    def of(cls, numbers: Sequence[float]) -> "Spread":
        """The spread of at least one number."""
        if len(numbers) == 1:
            return cls(numbers[0], numbers[0], numbers[0])
        lower, median, upper = statistics.quantiles(numbers, n=4, method="inclusive")
        return cls(median, lower, upper)

    def words(self, digits: int = 2) -> str:
        """0.31 [0.29–0.33]."""
        return f"{self.median:.{digits}f} [{self.lower:.{digits}f}–{self.upper:.{digits}f}]"


@dataclass(frozen=True)
class Aim:
    """What a ratio is wanted to be."""

    least: float | None = None
    most: float | None = None

    def met(self, ratio: float) -> bool:
        """Whether a ratio is as wanted."""
        return (self.least is None or ratio >= self.least) and (self.most is None or ratio <= self.most)

    def words(self) -> str:
        """At least 0.30."""
        return f"at least {self.least:.2f}" if self.least is not None else f"at most {self.most:.2f}"


@dataclass(frozen=True)
class Line:
    """One ratio of the report: `subject` and `reference` say in words what was compared, by which measure."""

    name: str
    subject: str
    reference: str
    measure: Measure
    pairs: Sequence[Pair]
    aim: Aim | None = None
    notes: tuple[str, ...] = ()

    @property
    def ratio(self) -> Spread:
        """Subject over reference, pair by pair."""
        return Spread.of([a.measured(self.measure) / b.measured(self.measure) for a, b in self.pairs])

    def raw(self, side: int, measure: Measure) -> Spread:
        """The numbers behind the ratio: side 0 is the subject, side 1 the reference."""
        return Spread.of([pair[side].measured(measure) for pair in self.pairs])

    def wrong(self, side: int) -> str:
        """Errors and timeouts of one side, in words."""
        errors = sum((pair[side].errors for pair in self.pairs), Counter[str]())
        timeouts = sum(pair[side].timeouts for pair in self.pairs)
        told = ", ".join(f"{count} × {what}" for what, count in errors.most_common())
        return f"errors {told or 'none'}, timeouts {timeouts}"

    def plain(self) -> dict[str, object]:
        """The line as JSON."""
        sides = {
            name: {
                "what": what,
                "rate": vars(self.raw(side, "rate")),
                "p50_ms": vars(self.raw(side, "p50")),
                "p99_ms": vars(self.raw(side, "p99")),
                "wrong": self.wrong(side),
            }
            for side, (name, what) in enumerate((("subject", self.subject), ("reference", self.reference)))
        }
        return {
            "name": self.name,
            "measure": self.measure,
            "pairs": len(self.pairs),
            "ratio": vars(self.ratio),
            "aim": self.aim and vars(self.aim),
            "met": self.aim and self.aim.met(self.ratio.median),
            **sides,
            "notes": self.notes,
        }

    def text(self) -> str:
        """The line as people read it."""
        verdict = ""
        if self.aim is not None:
            verdict = f"   aim {self.aim.words()}: {'met' if self.aim.met(self.ratio.median) else 'MISSED'}"
        told = [f"{self.name}: {self.ratio.words()} of {self.measure}, {len(self.pairs)} pairs{verdict}"]
        for side, what in enumerate((self.subject, self.reference)):
            told.append(
                f"    {'ab'[side]}  {what}: {self.raw(side, 'rate').words(0)}/s, p50 "
                f"{self.raw(side, 'p50').words()} ms, p99 {self.raw(side, 'p99').words()} ms; {self.wrong(side)}"
            )
        return "\n".join([*told, *(f"    –  {note}" for note in self.notes)])
