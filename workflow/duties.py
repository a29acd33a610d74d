"""Duties that come back: which are due, overdue or missed in a place today, computed on reading from its matters."""

import datetime
from dataclasses import dataclass

from sqlalchemy import Connection

from workflow.core.catalogue import Kind
from workflow.core.days import civil_day
from workflow.core.duties import Due, due
from workflow.core.matter import ENDS
from workflow.installation import Installation
from workflow.store import matters, register

# How many past turns a page shows besides the one that runs.
LOOKED_BACK_DAYS = 400


@dataclass(frozen=True, slots=True)
class Duty:
    """One kind's turns in a place, oldest first, the one that runs today last; `under_way` matters are not done yet."""

    kind: Kind
    turns: tuple[Due, ...]
    under_way: tuple[str, ...]

    @property
    def now(self) -> Due | None:
        """The turn that runs today."""
        return self.turns[-1] if self.turns else None

    @property
    def missed(self) -> tuple[Due, ...]:
        """The turns nobody met."""
        return tuple(each for each in self.turns if each.state == "missed")


def duties(here: Installation, conn: Connection, place: str, today: datetime.date) -> list[Duty]:
    """Return the duties of a place (a division code) that come back, as they stand today.

    Turns are counted from the day the place's record began: of what was before, it knows nothing. A turn is met on the day a matter of its kind was put into the archive. Raises `NotInForce`, `CalendarEnds`.
    """
    catalogue = here.library.catalogue(today, place)
    calendar = here.library.calendar[0]
    begun = register.begun_at(conn, place)
    first = civil_day(datetime.datetime.fromisoformat(begun)) if begun else today
    since = max(catalogue.from_, first, today - datetime.timedelta(days=LOOKED_BACK_DAYS))
    coming_back = [kind for kind in catalogue.kinds if kind.every is not None]
    rows = matters.of_kinds(conn, place, [kind.id for kind in coming_back])
    found = []
    for kind in coming_back:
        own = [each for each in rows if each.kind == kind.id]
        done = [datetime.date.fromisoformat(each.last_acted_on) for each in own if each.at == "archived"]
        under_way = tuple(each.id for each in own if each.at not in ENDS)
        turns = due(kind.every, calendar, since, done, today) if kind.every else ()
        found.append(Duty(kind, turns, under_way))
    return found
