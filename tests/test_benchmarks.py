"""Every line of the benchmarks can be measured; what it measures is told by `make bench`, not here."""

import json
from pathlib import Path

import pytest

from benchmarks.__main__ import PARTS, measured
from benchmarks.machine import NoDisk, file_system, workshop
from benchmarks.pairs import Aim, Line, Sample
from benchmarks.scale import SMALLEST


@pytest.mark.parametrize(
    "part", [pytest.param(each, marks=[pytest.mark.postgresql] * (each == "postgresql")) for each in PARTS]
)
def test_the_smallest_run_of_each_part(part: str, tmp_path: Path):
    """Each part measures both sides without an error or a timeout, and its lines are JSON and text."""
    lines = list(measured([part], tmp_path, SMALLEST))

    assert lines
    for line in lines:
        assert line.ratio.median > 0
        assert all(sample.seconds and not sample.errors and not sample.timeouts for pair in line.pairs for sample in pair)  # fmt: skip
        assert json.loads(json.dumps(line.plain()))["name"] in line.text()


def test_a_ratio_is_of_each_pair():
    """The ratio is the median over the pairs, not of the medians; quartiles tell the spread."""
    pairs = [(Sample([a], a), Sample([b], b)) for a, b in ((4.0, 1.0), (2.0, 1.0), (1.0, 1.0))]

    line = Line("x", "slow", "fast", "rate", pairs, Aim(least=0.5))

    assert vars(line.ratio) == {"median": 0.5, "lower": 0.375, "upper": 0.75}
    assert "aim at least 0.50: met" in line.text()
    assert Line("x", "slow", "fast", "p99", pairs).ratio.median == 2.0


def test_nothing_is_measured_in_memory():
    """A folder in memory is refused: nothing is durable there."""
    memory = Path("/dev/shm")  # noqa: S108 - to be refused
    if not memory.is_dir() or file_system(memory) != "tmpfs":
        pytest.skip("no tmpfs here")

    with pytest.raises(NoDisk, match="tmpfs"), workshop(memory):
        pass
