"""`cunyi check` of all the software's texts, the whole process, against one that only loads the same YAML."""

import subprocess
import sys
import time
from pathlib import Path

from benchmarks.pairs import Line, Sample, in_turns
from benchmarks.scale import Scale
from workflow.check import texts_in
from workflow.library import Library
from workflow.shelves import SHIPPED

LOAD = "import sys, yaml; [yaml.load(open(each, 'rb'), yaml.CSafeLoader) for each in sys.argv[1:]]"


def line(_folder: Path, _library: Library, scale: Scale) -> Line:
    """An official runs the check after every edit: start, imports, every text with its layers, floors and every path."""
    files = [str(each) for each in texts_in(SHIPPED)]
    check = [sys.executable, "-m", "command", "check", str(SHIPPED)]
    load = [sys.executable, "-c", LOAD, *files]
    pairs = in_turns(lambda: _whole(check), lambda: _whole(load), max(1, scale.pairs // 4))
    return Line(
        "check",
        f"cunyi check, {len(files)} texts: each with its layers, the floors of its place, its safety on every path",
        "the same texts loaded by libyaml, nothing else",
        "p50",
        pairs,
    )


def _whole(command: list[str]) -> Sample:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return Sample.in_a_row([time.perf_counter() - start])
