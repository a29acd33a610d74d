"""Who looked at what the register keeps apart as private: which entry, which fields, when. Rows are only added."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Connection, Index, Text, insert, select
from sqlmodel import Field, SQLModel

from web.store import stamp
from workflow.store.tables import WholeNumber, table


class ReadingRow(SQLModel, table=True):
    """One person was shown private fields of one entry; `fields` is a JSON list of their names."""

    __tablename__: ClassVar[str] = "reading"
    __table_args__: ClassVar[Any] = table(Index("reading_of_entry", "seq"), append_only=True)
    id: int | None = Field(default=None, primary_key=True, sa_type=WholeNumber)
    at: str = Field(sa_type=Text)
    person: str = Field(sa_type=Text)
    place: str = Field(sa_type=Text)
    seq: int = Field(sa_type=WholeNumber)
    fields: str = Field(sa_type=Text)


READING = SQLModel.metadata.tables[ReadingRow.__tablename__]


@dataclass(frozen=True, slots=True)
class Reading:
    """One line of the access log; `at` is a UTC text."""

    at: str
    person: str
    fields: tuple[str, ...]


def note(
    conn: Connection, person: str, place: str, shown: Mapping[int, Iterable[str]], now: datetime
) -> None:
    """Log that `person` was shown these private fields, by the entry's `seq`; entries without any are left out."""
    rows = [
        {
            "at": stamp(now),
            "person": person,
            "place": place,
            "seq": seq,
            "fields": json.dumps(sorted(fields)),
        }
        for seq, fields in shown.items()
        if fields
    ]
    if rows:
        conn.execute(insert(READING), rows)


def of_entry(conn: Connection, seq: int) -> list[Reading]:
    """Return who was shown private fields of an entry, oldest first."""
    rows = conn.execute(
        select(READING.c.at, READING.c.person, READING.c.fields)
        .where(READING.c.seq == seq)
        .order_by(READING.c.id)
    )
    return [Reading(at, person, tuple(json.loads(fields))) for at, person, fields in rows]
