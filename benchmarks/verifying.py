"""How many entries a second are verified, every decision made again, against only hashing them into the tree."""

import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.county import county
from benchmarks.pairs import Line, Sample, in_turns
from benchmarks.scale import Scale
from workflow.core.tree import Frontier, leaf_hash
from workflow.library import Library
from workflow.store import register
from workflow.verify import verify

LIVES_AT_ONCE = 10


def line(folder: Path, library: Library, scale: Scale) -> Line:
    """A register of whole lives made through `advance`; a finding would mean that something else was timed."""
    made = county(folder, library)
    for _ in range(-(-scale.checked // LIVES_AT_ONCE)):
        made.live(min(LIVES_AT_ONCE, scale.checked))
    made.here.signer.sign_pending()
    with made.here.database.reading() as conn:
        size = register.head(conn).size

    def check() -> None:
        report = verify(made.here)
        if report.findings or report.decided == 0:
            raise ValueError(f"the register is not whole: {report.findings[:3]}")

    def hash_() -> None:
        frontier = Frontier()
        with made.here.database.reading() as conn:
            for _, leaf, _ in register.leaves(conn):
                frontier = frontier.append(leaf_hash(leaf))
            if frontier.root() != register.head(conn).root:
                raise ValueError("another root")

    pairs = in_turns(lambda: _each(size, check), lambda: _each(size, hash_), max(1, scale.pairs // 3))
    made.here.close()
    return Line(
        "verify",
        f"verify, {size} entries: bytes, tree, signatures, texts, every decision again",
        "the same entries read and hashed into the tree, nothing else",
        "rate",
        pairs,
        notes=("latencies are the mean of a pass",),
    )


def _each(size: int, check: Callable[[], None]) -> Sample:
    """One pass, told as so many entries of equal length."""
    start = time.perf_counter()
    check()
    whole = time.perf_counter() - start
    return Sample([whole / size] * size, whole)
