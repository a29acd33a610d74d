"""`python -m benchmarks`: every line of the report, measured in one run, as text or as JSON."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from benchmarks import checking, growing, paging, posting, verifying, writing
from benchmarks.machine import NoDisk, described, workshop
from benchmarks.pairs import Line
from benchmarks.scale import FULL, QUICK, Scale
from workflow.library import Library
from workflow.shelves import SHIPPED

PARTS: Mapping[str, Callable[[Path, Library, Scale], Iterator[Line]]] = {
    "sqlite": lambda *given: iter([writing.on_sqlite(*given)]),
    "postgresql": lambda *given: iter([writing.on_postgresql(*given)]),
    "post": posting.lines,
    "page": lambda *given: iter([paging.line(*given)]),
    "verify": lambda *given: iter([verifying.line(*given)]),
    "check": lambda *given: iter([checking.line(*given)]),
    "growth": lambda *given: iter([growing.line(*given)]),
}


def measured(parts: list[str], folder: Path, scale: Scale) -> Iterator[Line]:
    """Every line of some parts, as it is ready; each part has a folder of its own."""
    library = Library(SHIPPED)
    for part in parts:
        own = folder / part
        own.mkdir()
        yield from PARTS[part](own, library, scale)


def main() -> int:
    """Measure and tell; 2 where the folder is no disk. A missed aim is told, not an error."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    asked.add_argument("parts", nargs="*", metavar="PART", help=f"some of: {', '.join(PARTS)}; none: all")
    asked.add_argument(
        "--quick", action="store_true", help="half a minute, to see that it works; tells little"
    )
    asked.add_argument("--json", action="store_true", help="one object, every number of every line")
    asked.add_argument("--folder", type=Path, help="where the databases are made; on a disk, never in memory")
    given = asked.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        asked.error(f"no such part: {', '.join(sorted(unknown))}")
    try:
        with workshop(given.folder) as folder:
            machine = described(folder)
            if not given.json:
                print(", ".join(f"{name} {value}" for name, value in machine.items()), flush=True)
            lines = []
            for line in measured(given.parts or list(PARTS), folder, QUICK if given.quick else FULL):
                lines.append(line.plain())
                if not given.json:
                    print(f"\n{line.text()}", flush=True)
    except NoDisk as refused:
        print(refused, file=sys.stderr)
        return 2
    if given.json:
        print(json.dumps({"machine": machine, "lines": lines}, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
