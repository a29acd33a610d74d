"""Duties that come back, as the first pages of secretary, committee and township show them."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from sqlalchemy import Connection

from workflow.core.days import CalendarEnds
from workflow.core.findings import Unreadable
from workflow.duties import Duty, duties
from workflow.installation import Installation
from workflow.library import NotInForce
from workflow.store import places

MOST_PLACES: Final = 200
"""A first page looks at no more places than this; a township has fewer."""


@dataclass(frozen=True, slots=True)
class Owed:
    """One duty that a place has yet to do or has missed."""

    place: str
    place_name: str
    duty: Duty


def owed(here: Installation, conn: Connection, scope: str, today: date) -> list[Owed]:
    """Return what is due, overdue or was missed in the villages of a scope, in their order."""
    return [
        Owed(place.code, place.name, duty)
        for place in places.all_under(conn, scope, "village")[:MOST_PLACES]
        for duty in _of(here, conn, place.code, today)
    ]


def missed(found: list[Owed]) -> list[tuple[str, list[Owed]]]:
    """Return, village by village, what is overdue or was missed; a turn that is merely due is the village's own care."""
    late = [each for each in found if each.duty.missed or (each.duty.now and each.duty.now.state != "due")]
    return [
        (name, list(group))
        for (_, name), group in groupby(late, key=lambda each: (each.place, each.place_name))
    ]


def _of(here: Installation, conn: Connection, place: str, today: date) -> list[Duty]:
    try:
        found = duties(here, conn, place, today)
    except (NotInForce, CalendarEnds, Unreadable):
        return []
    return [each for each in found if each.missed or (each.now and each.now.state != "done")]
