"""The divisions an installation serves: 12-digit codes as text, so that scope is a prefix."""

from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Connection, Text, insert, select
from sqlmodel import Field, SQLModel

from workflow.core.place import level_of
from workflow.store.database import run
from workflow.store.tables import one_of, table

CODE_LENGTH = 12
LEVELS = ("county", "township", "village")


class PlaceRow(SQLModel, table=True):
    """One division. Everything about it that binds (bodies, offices, delegations) is in the register instead."""

    __tablename__: ClassVar[str] = "place"
    __table_args__: ClassVar[Any] = table(
        CheckConstraint("length(code) = 12", name="code_length"), one_of("level", LEVELS)
    )
    code: str = Field(primary_key=True, sa_type=Text)
    name: str = Field(sa_type=Text)
    level: str = Field(sa_type=Text)


def scope_of(code: str) -> str:
    """Return the prefix all places under this one share."""
    return {"county": code[:6], "township": code[:9], "village": code}[level_of(code)]


def above(code: str) -> tuple[str, ...]:
    """Return the codes of the county and township above a place, nearest last; never the place itself."""
    found = (code[:6] + "000000", code[:9] + "000")
    return tuple(each for each in dict.fromkeys(found) if each != code)


def of_rule(code: str) -> tuple[str, ...]:
    """Return the place itself, then those above it: whose own records say who may act there."""
    return (code, *above(code))


def add(conn: Connection, code: str, name: str) -> None:
    """Add a place; its level follows from the code."""
    conn.execute(insert(PlaceRow).values(code=code, name=name, level=level_of(code)))


def all_under(conn: Connection, scope: str = "", level: str | None = None) -> list[PlaceRow]:
    """Return the places whose code begins with `scope`, in code order."""
    query = select(PlaceRow.code, PlaceRow.name, PlaceRow.level).where(PlaceRow.code.startswith(scope))  # type: ignore[call-overload]
    if level is not None:
        query = query.where(PlaceRow.level == level)
    return [
        PlaceRow(code=code, name=name, level=its) for code, name, its in conn.execute(query.order_by("code"))
    ]


def name_of(conn: Connection, code: str) -> str | None:
    """Return a place's name, None for a code nobody added."""
    row = run(conn, "SELECT name FROM place WHERE code = ?", (code,)).fetchone()
    return None if row is None else str(row[0])
