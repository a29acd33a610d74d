"""How much is measured: enough to tell, or only enough to see that everything works."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """`pairs` are counted without the first, which warms; a slice of each line is as long as its number here says.

    `matters` live in one slice of `advance`; a raw slice takes `seconds`; in a slice over HTTP each client sends so
    many `requests`. The growth line compares registers of two numbers of `entries`; the verifier reads the lives of
    `checked` matters.
    """

    pairs: int
    matters: int
    seconds: float
    entries: tuple[int, int]
    requests: int
    checked: int


FULL = Scale(pairs=20, matters=20, seconds=0.5, entries=(1_000, 100_000), requests=25, checked=200)
QUICK = Scale(pairs=3, matters=4, seconds=0.1, entries=(1_000, 10_000), requests=4, checked=10)
SMALLEST = Scale(pairs=1, matters=1, seconds=0.01, entries=(100, 200), requests=1, checked=1)
