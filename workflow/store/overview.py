"""A county's numbers and lists over the projection of matters: by index, page after page, never by counting past rows."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Index, text
from sqlmodel import SQLModel

from workflow.store.database import run
from workflow.store.matters import MatterRow
from workflow.store.places import CODE_LENGTH

PAGE: Final = 50
_PLACE: Final = f"substr(id, 1, {CODE_LENGTH})"
_MATTER: Final = SQLModel.metadata.tables[MatterRow.__tablename__]
_OPEN: Final = "waits_for IN ('secretary', 'committee', 'township', 'county')"
MARKS: Final = {
    "overdue": "last_day < :today",
    "late": "late_acts > 0",
    "objections": "open_objections > 0",
    "corrected": "corrections > 0",
}
"""What sets few matters apart. `last_day` and `waits_for` are empty once a matter has ended: what is overdue is open."""

# Only the rows with the mark are in such an index: an ordinary act writes no page of it. The marked column is in it
# too, so that counting reads no row.
for _name, _column in (
    ("late", "late_acts"),
    ("objections", "open_objections"),
    ("corrected", "corrections"),
):
    _only = text(MARKS[_name])
    Index(f"matter_{_name}", "id", _column, _table=_MATTER, sqlite_where=_only, postgresql_where=_only)
_only = text("last_day IS NOT NULL")
Index("matter_overdue", "last_day", "id", _table=_MATTER, sqlite_where=_only, postgresql_where=_only)


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many matters of a village are open, and how many carry each mark (those ended included)."""

    open: int = 0
    overdue: int = 0
    late: int = 0
    objections: int = 0
    corrected: int = 0


class Listed(NamedTuple):
    """One matter in a county's list."""

    id: str
    place: str
    place_name: str
    title: str
    stage: str
    waits_for: str
    opened_on: str
    last_day: str | None
    open_objections: int
    late_acts: int
    corrections: int


def numbers(conn: Connection, scope: str, today: date) -> dict[str, Numbers]:
    """Return the numbers of every village that has any, by its code; `scope` is the beginning of the codes."""
    first, beyond = bounds(scope)
    # A matter's number begins with its place's code, so an index of numbers is one of places. Each limit is
    # written so that the index of its mark is the one to use.
    prefix = f"substr(id, 1, {len(scope)}) = ?"
    within = {"open": ("place >= ? AND place < ?", (first, beyond)), "overdue": (prefix, (scope,))}
    counts: dict[str, dict[str, int]] = {}
    for name, condition in {"open": _OPEN, **MARKS}.items():
        limits, values = within.get(name, ("id >= ? AND id < ?", (first, beyond)))
        code = "place" if name == "open" else _PLACE
        sql = f"SELECT {code}, count(*) FROM matter WHERE {limits} AND {condition} GROUP BY 1"  # noqa: S608 - our own words
        sql, more = _with_today(sql, today)
        for place, count in run(conn, sql, (*values, *more)):
            counts.setdefault(place, {})[name] = count
    return {place: Numbers(**found) for place, found in counts.items()}


def matters(conn: Connection, scope: str, mark: str, after: str, today: date) -> tuple[list[Listed], str]:
    """Return one page of a scope's matters and the `after` of the next (empty: there is none).

    `mark` is a key of MARKS, `open`, or empty for all. What is overdue comes with the oldest last day first,
    all else by number.
    """
    first, beyond = bounds(scope)
    condition = {"open": "waits_for > ''", "": "1 = 1", **MARKS}[mark]
    day, _, last = after.rpartition("~")
    if mark == "overdue":
        order, position, start = "last_day, id", "(last_day, id) > (?, ?)", (day, last)
    else:
        order, position, start = "id", "id > ?", (max(last, first),)  # type: ignore[assignment]
    sql = (
        "SELECT id, matter.place, place.name, title, stage, waits_for, opened_on, last_day, open_objections, "  # noqa: S608 - our own words
        "late_acts, corrections FROM matter JOIN place ON place.code = matter.place "
        f"WHERE {position} AND id >= ? AND id < ? AND {condition} ORDER BY {order} LIMIT {PAGE + 1}"
    )
    sql, more = _with_today(sql, today)
    rows = [Listed(*row) for row in run(conn, sql, (*start, first, beyond, *more))]
    if len(rows) <= PAGE:
        return rows, ""
    end = rows[PAGE - 1]
    return rows[:PAGE], f"{end.last_day}~{end.id}" if mark == "overdue" else end.id


def bounds(scope: str) -> tuple[str, str]:
    """Return the first code of a scope and the first beyond it, so that a range serves on every engine."""
    return scope.ljust(CODE_LENGTH, "0"), str(int(scope) + 1).ljust(CODE_LENGTH, "0")


def _with_today(sql: str, today: date) -> tuple[str, tuple[Any, ...]]:
    return (sql.replace(":today", "?"), (today.isoformat(),)) if ":today" in sql else (sql, ())
