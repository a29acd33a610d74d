"""The projection of matters, for lists of a million: rebuilt by a command, compared by the checker, never a truth."""

import dataclasses
from collections.abc import Sequence
from typing import Any, ClassVar, Final, NamedTuple

from sqlalchemy import Connection, Index, Text
from sqlmodel import Field, SQLModel

from workflow.core.summary import Summary
from workflow.store.database import run
from workflow.store.tables import WholeNumber, table


class MatterRow(SQLModel, table=True):
    """One matter as its last entry left it; `title` is the opening's private text, erased with it."""

    __tablename__: ClassVar[str] = "matter"
    __table_args__: ClassVar[Any] = table(Index("matter_waiting", "waits_for", "place", "last_day"))
    id: str = Field(primary_key=True, sa_type=Text)
    place: str = Field(sa_type=Text)
    title: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    tier: str = Field(sa_type=Text)
    procedure: str = Field(sa_type=Text)
    procedure_id: str = Field(sa_type=Text)
    at: str = Field(sa_type=Text)
    stage: str = Field(sa_type=Text)
    phase: str = Field(sa_type=Text)
    waits_for: str = Field(sa_type=Text)
    mseq: int = Field(sa_type=WholeNumber)
    opened_on: str = Field(sa_type=Text)
    last_acted_on: str = Field(sa_type=Text)
    first_day: str | None = Field(default=None, sa_type=Text)
    last_day: str | None = Field(default=None, sa_type=Text)
    open_objections: int = Field(sa_type=WholeNumber)
    escalated: int = Field(sa_type=WholeNumber)
    late_acts: int = Field(sa_type=WholeNumber)
    corrections: int = Field(sa_type=WholeNumber)
    without_basis: int = Field(sa_type=WholeNumber)


SUMMARISED: Final = tuple(field.name for field in dataclasses.fields(Summary))
_FIXED: Final = ("id", "place", "kind", "tier", "procedure", "procedure_id", "opened_on")
_CHANGING: Final = ", ".join(f"{name} = excluded.{name}" for name in SUMMARISED if name not in _FIXED)
_PUT: Final = (
    f"INSERT INTO matter (title, {', '.join(SUMMARISED)}) VALUES ({', '.join('?' * (len(SUMMARISED) + 1))}) "  # noqa: S608 (our own column names)
    f"ON CONFLICT (id) DO UPDATE SET {_CHANGING}"
)


def put(conn: Connection, summary: Summary, title: str) -> None:
    """Write a matter's row; the title is kept from the first time."""
    run(conn, _PUT, (title, *(getattr(summary, name) for name in SUMMARISED)))


def place_of(conn: Connection, matter: str) -> str | None:
    """Return the place a matter belongs to, or None if there is no such matter."""
    row = run(conn, "SELECT place FROM matter WHERE id = ?", (matter,)).fetchone()
    return row[0] if row else None


class OfKind(NamedTuple):
    """One matter of a kind that comes back: where it stands and the ISO day of its last act."""

    kind: str
    id: str
    at: str
    last_acted_on: str


def of_kinds(conn: Connection, place: str, kinds: Sequence[str]) -> list[OfKind]:
    """Return a place's matters of these kinds, in the order of their ids, which begin with its code."""
    if not kinds:
        return []
    marks = ",".join("?" * len(kinds))
    query = f"SELECT kind, id, at, last_acted_on FROM matter WHERE id >= ? AND id < ? AND kind IN ({marks}) ORDER BY id"  # noqa: S608 (marks only)
    return [OfKind(*row) for row in run(conn, query, (f"{place}-", f"{place}.", *kinds)).fetchall()]
