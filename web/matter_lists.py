"""Lists of matters from their projection, as the supervisory committee, auditors and the township filter them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, Connection, Select, and_, false, func, select
from sqlmodel import SQLModel

from workflow.core.matter import ENDS
from workflow.core.stage import PHASES
from workflow.store.matters import MatterRow

MATTER, PLACE = SQLModel.metadata.tables["matter"], SQLModel.metadata.tables["place"]
PAGE: Final = 50
AT: Final[Mapping[str, str]] = {**PHASES, **ENDS}
"""Where a matter may stand, for the filter: the phases, then the ends."""
MARKED: Final[Mapping[str, str]] = {
    "late": "有补录",
    "corrected": "有更正",
    "overdue": "超过期限",
    "objections": "异议没办完",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of a list with its place's name; `days_over` is how long its last day is past, 0 while it is not."""

    row: MatterRow
    place_name: str
    days_over: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to: a place (any beginning of a code), where matters stand, and what marks they carry."""

    place: str = ""
    at: str = ""
    marks: tuple[str, ...] = ()
    page: int = 1


def matters(conn: Connection, scope: str, wanted: Wanted, today: date) -> tuple[list[Listed], int]:
    """Return one page of the matters of a scope, the newest act first, and how many there are in all."""
    conditions = [_under(scope), *_conditions(wanted, today)]
    total = conn.execute(select(func.count()).select_from(MATTER).where(*conditions)).scalar_one()
    query = (
        _listed(*conditions)
        .order_by(MATTER.c.last_acted_on.desc(), MATTER.c.id)
        .limit(PAGE)
        .offset((wanted.page - 1) * PAGE)
    )
    return _rows(conn, query, today), total


def waiting(conn: Connection, scope: str, group: str, today: date) -> list[Listed]:
    """Return the open matters whose next step is that account group's, the nearest last day first."""
    return _open(conn, scope, today, MATTER.c.waits_for == group)


def objected(conn: Connection, scope: str, today: date) -> list[Listed]:
    """Return the open matters with objections that nobody has answered, dismissed or passed on."""
    return _open(conn, scope, today, MATTER.c.open_objections > 0)


def overdue(conn: Connection, scope: str, today: date) -> list[Listed]:
    """Return the open matters whose legal last day is past."""
    return _open(conn, scope, today, MATTER.c.last_day < today.isoformat())


def under_way(conn: Connection, scope: str, today: date) -> list[Listed]:
    """Return the open matters."""
    return _open(conn, scope, today)


def corrected(conn: Connection, scope: str, today: date) -> list[Listed]:
    """Return the matters with corrections, ended ones too; whether an outcome changed, their entries tell."""
    query = (
        _listed(_under(scope), MATTER.c.corrections > 0).order_by(MATTER.c.last_acted_on.desc()).limit(PAGE)
    )
    return _rows(conn, query, today)


def escalated(conn: Connection, scope: str, today: date) -> list[Listed]:
    """Return the open matters in which an objection was passed on to the township and waits for its answer."""
    return _open(conn, scope, today, MATTER.c.escalated > 0)


def places_of(conn: Connection, scope: str, level: str = "village") -> list[tuple[str, str]]:
    """Return the codes and names of the places of one level in a scope."""
    query = (
        select(PLACE.c.code, PLACE.c.name)
        .where(PLACE.c.code.startswith(scope, autoescape=True), PLACE.c.level == level)
        .order_by(PLACE.c.code)
    )
    return [(code, name) for code, name in conn.execute(query)]


def _under(scope: str) -> ColumnElement[bool]:
    return MATTER.c.place.startswith(scope, autoescape=True)


def _conditions(wanted: Wanted, today: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.place:
        found.append(_under(wanted.place))
    if wanted.at in ENDS:
        found.append(MATTER.c.at == wanted.at)
    elif wanted.at:
        found.append(MATTER.c.phase == wanted.at if wanted.at in PHASES else false())
    marked: Mapping[str, ColumnElement[bool]] = {
        "late": MATTER.c.late_acts > 0,
        "corrected": MATTER.c.corrections > 0,
        "overdue": and_(MATTER.c.last_day < today.isoformat(), MATTER.c.at.not_in(ENDS)),
        "objections": MATTER.c.open_objections > 0,
    }
    return [*found, *(marked[each] for each in wanted.marks if each in marked)]


def _listed(*conditions: ColumnElement[bool]) -> Select[tuple[object, ...]]:
    return (
        select(*MATTER.c, PLACE.c.name.label("place_name"))
        .join(PLACE, PLACE.c.code == MATTER.c.place)
        .where(*conditions)
    )


def _open(conn: Connection, scope: str, today: date, *conditions: ColumnElement[bool]) -> list[Listed]:
    query = _listed(_under(scope), MATTER.c.at.not_in(ENDS), *conditions)
    order = query.order_by(MATTER.c.last_day.is_(None), MATTER.c.last_day, MATTER.c.opened_on, MATTER.c.id)
    return _rows(conn, order.limit(4 * PAGE), today)


def _rows(conn: Connection, query: Select[tuple[object, ...]], today: date) -> list[Listed]:
    found = []
    for values in conn.execute(query).mappings():
        row = dict(values)
        name = str(row.pop("place_name"))
        last = row["last_day"]
        over = (today - date.fromisoformat(str(last))).days if last and row["at"] not in ENDS else 0
        found.append(Listed(MatterRow(**row), name, max(over, 0)))
    return found
