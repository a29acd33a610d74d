"""Write the table of matters anew from the register: it is derived, and this is how one knows."""

import dataclasses
from dataclasses import dataclass

from sqlalchemy import Connection

from workflow.core.entry import Entry
from workflow.core.matter import Matter
from workflow.core.place import Place
from workflow.installation import Installation
from workflow.library import NotInForce
from workflow.store import checking, matters
from workflow.verifying.course import FAULTS, Course
from workflow.verifying.projection import summary_of, title_of


class Damaged(Exception):
    """The register itself cannot be played again, so nothing was rebuilt; `verify` says where it is damaged."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many matters there are, and the ids of those whose row was wrong, missing, or of no matter."""

    matters: int
    changed: tuple[str, ...]


def rebuild(here: Installation) -> Rebuilt:
    """Rebuild every row of the projection in one transaction; the register is only read.

    Raises Damaged where an entry cannot be folded or a text it rests on is gone.
    """
    with here.database.writing() as conn:
        last = checking.last_of_matters(conn)
        extra = sorted(checking.matter_sizes(conn).keys() - last.keys())
        for each in extra:
            checking.forget_matter(conn, each)
        changed = [*extra, *_rewritten(here, conn, last)]
    return Rebuilt(len(last), tuple(sorted(changed)))


def _rewritten(here: Installation, conn: Connection, last: dict[str, int]) -> list[str]:
    course = Course(conn)
    changed: list[str] = []
    for rows in checking.entries(conn):
        for row in rows:
            try:
                entry = Entry.from_own_leaf(row.leaf)
                before = course.matter(entry) if entry.matter is not None else None
                place = course.place(entry.place)
                after = course.take(entry, before)
                if after is None:
                    if entry.matter is not None and before is None:
                        raise LookupError("an earlier entry is missing")
                elif last.get(after.id) == after.mseq and _put(here, conn, entry, after, place):
                    changed.append(after.id)
            except (*FAULTS, NotInForce) as error:
                raise Damaged(f"总第 {row.seq} 条读不出来（{error}）；请先运行 cunyi verify") from error
    return changed


def _put(here: Installation, conn: Connection, entry: Entry, matter: Matter, place: Place) -> bool:
    """Write a matter's row if it differs; whether it did."""
    summary = summary_of(here, conn, entry, matter, place)
    title = title_of(conn, matter) or ""
    row = checking.matter_row(conn, matter.id)
    if row == {"title": title, **dataclasses.asdict(summary)}:
        return False
    checking.forget_matter(conn, matter.id)
    matters.put(conn, summary, title)
    return True
