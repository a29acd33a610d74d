"""Where texts lie: folders laid out alike, the software's own and what a county has published, read as one."""

import datetime
import os
import time
from dataclasses import dataclass, field
from pathlib import Path

from workflow.core.findings import Finding, Unreadable
from workflow.core.nodes import Mark, Node
from workflow.reading.yaml_text import read_yaml

SHIPPED = Path(__file__).resolve().parent.parent / "procedures"
DIVISIONS = (2, 6, 9, 12)
COUNTY, VILLAGE = 6, 12
# A layer that extends this sets settings of every procedure there is.
EVERY_PROCEDURE = "every_procedure"
# The catalogue every place has, in layers like a procedure (domain.md §24 matter_list).
MATTER_LIST = "matter_list"
# Two seconds, in nanoseconds: the coarsest clock of a file system in use.
_TICK = 2 * 10**9
_OnShelf = tuple[datetime.date, Path]
NO_PROCEDURES = frozenset({"statutes", "calendars", "catalogues", "layers", "schema"})


@dataclass(frozen=True, slots=True)
class Shelves:
    """Folders of texts; where two hold a text of the same name and first day, the earlier folder's stands."""

    folders: tuple[Path, ...]
    _seen: "dict[str, tuple[int, tuple[_OnShelf, ...]]]" = field(
        default_factory=dict, repr=False, compare=False
    )

    def newest(self, name: str, day: datetime.date) -> Path | None:
        """Return the file under `name` with the newest first day not later than `day`; a file's name is that day."""
        fitting = [
            (first, -index, path)
            for index, folder in enumerate(self.folders)
            for first, path in self._texts(f"{folder}/{name}")
            if first <= day
        ]
        return max(fitting)[2] if fitting else None

    def _texts(self, folder: str) -> "tuple[_OnShelf, ...]":
        """Return the texts of one folder with their first days; it is read again when it has changed."""
        try:
            changed = os.stat(folder).st_mtime_ns  # noqa: PTH116 - some ten folders at each request
        except OSError:
            return ()
        seen = self._seen.get(folder)
        if seen is not None and seen[0] == changed:
            return seen[1]
        found = tuple((first_day(path), path) for path in Path(folder).glob("*.yaml"))
        # A change within the same tick of the clock would not show: what is this young is not remembered.
        if time.time_ns() - changed > _TICK:
            self._seen[folder] = changed, found
        return found

    def base(self, procedure: str, day: datetime.date) -> Path | None:
        """Return the text a procedure, or the catalogue, begins with on a day, before any layer."""
        return self.newest(f"catalogues/{procedure}" if procedure == MATTER_LIST else procedure, day)

    def layers(self, procedure: str, place: str, day: datetime.date) -> list[Path]:
        """Return the layers that bind a place's procedure that day, province first, what is for every one before its own."""
        names = (procedure,) if procedure == MATTER_LIST else (EVERY_PROCEDURE, procedure)
        found = (
            self.newest(f"layers/{place[:length]}/{name}", day)
            for length in DIVISIONS
            if len(place) >= length
            for name in names
        )
        return [path for path in found if path is not None]

    def procedures(self) -> tuple[str, ...]:
        """Return the ids of all procedures."""
        folders = (each for root in self.folders if root.is_dir() for each in root.iterdir() if each.is_dir())
        return tuple(sorted({each.name for each in folders} - NO_PROCEDURES))

    def name_of(self, path: Path) -> str:
        """Return a text's place on its shelf, e.g. layers/371329/siyi_lianggongkai/2026-01-01.yaml."""
        root = next((each for each in self.folders if each in path.parents), None)
        return str(path.relative_to(root)) if root else path.name


def first_day(path: Path) -> datetime.date:
    """Return the day a text's file is named after; `Unreadable` where its name is none."""
    try:
        return datetime.date.fromisoformat(path.stem)
    except ValueError:
        words = "文件名应为施行日期，如 2026-01-01.yaml"
        raise Unreadable([Finding("P208", words, Mark(str(path), 1, 1))]) from None


def read_file(path: Path) -> Node:
    """Read one YAML file; its marks carry the file's name from `procedures/` on."""
    return read_yaml(path.read_bytes(), shown_name(path))


def shown_name(path: Path) -> str:
    """Return the file name people see: relative to the working directory where it lies below it."""
    full = path.resolve()
    here = Path.cwd()
    return str(full.relative_to(here)) if full.is_relative_to(here) else str(path)
