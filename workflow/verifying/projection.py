"""The table of matters against the log: one row for each matter, as its last entry left it."""

import dataclasses
import datetime
from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection

from workflow.core.days import civil_day
from workflow.core.entry import Entry
from workflow.core.matter import Matter
from workflow.core.place import Place
from workflow.core.summary import Summary, summarise
from workflow.installation import Installation
from workflow.store import checking, register
from workflow.verifying.report import Finding, Found


def summary_of(here: Installation, conn: Connection, entry: Entry, matter: Matter, place: Place) -> Summary:
    """What a matter's row must say after its entry, `matter` and `place` being as of then."""
    day = civil_day(datetime.datetime.fromisoformat(entry.recorded_at))
    compiled = here.compiled(conn, matter.procedure)
    return summarise(compiled, here.law_of(conn, entry), matter, place, day)


def title_of(conn: Connection, matter: Matter) -> str | None:
    """The title given when the matter was opened; None once it has been erased."""
    opening = matter.entries[0].seq
    title = register.private_of(conn, [opening]).get(opening, {}).get("title")
    return None if title is None else title.value


class Projection:
    """Compares each row when the entry it was last written for has been taken."""

    def __init__(self, here: Installation, conn: Connection, found: Found) -> None:
        self._here: Final = here
        self._conn: Final = conn
        self._found: Final = found
        self._sizes: Final = checking.matter_sizes(conn)

    def check(self, entry: Entry, matter: Matter, place: Place) -> None:
        """Compare the row, if this is the entry it was written for."""
        if self._sizes.get(matter.id) != matter.mseq:
            return
        summary = dataclasses.asdict(summary_of(self._here, self._conn, entry, matter, place))
        row = checking.matter_row(self._conn, matter.id)
        title = title_of(self._conn, matter)
        expected = summary if title is None else {**summary, "title": title}
        wrong = [
            f"{name}：一览写 {row.get(name)}，登记册是 {value}"
            for name, value in expected.items()
            if row.get(name) != value
        ]
        if wrong:
            self._found.at("V601", "；".join(wrong), entry)

    def finish(self, last: Mapping[str, int]) -> None:
        """Note the rows that are missing, behind, or of no matter; `last` is each matter's number of entries."""
        for matter, mseq in last.items():
            size = self._sizes.get(matter)
            if size is None:
                self._note("V602", f"登记册里有 {mseq} 条", matter, mseq)
            elif size != mseq:
                self._note("V601", f"一览写 {size} 条，登记册是 {mseq} 条", matter, mseq)
        for matter in self._sizes.keys() - last.keys():
            self._note("V603", "登记册里没有这件事", matter, None)

    def _note(self, code: str, message: str, matter: str, mseq: int | None) -> None:
        self._found.findings.append(Finding(code, message, matter=matter, mseq=mseq))
