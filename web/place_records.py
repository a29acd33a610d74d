"""A place's own record in words: what waits for the second office, and who holds which office."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from web.acting.said import Asked, Row, asked_of, rows
from web.acting.view import names_of
from workflow.core.catalogue import Catalogue
from workflow.core.entry import Entry
from workflow.core.facts import Field
from workflow.core.place import BODY_COUNTS, OFFICES, Term
from workflow.core.place_acts import place_actions
from workflow.installation import Installation
from workflow.store import register


@dataclass(frozen=True, slots=True)
class Waiting:
    """One entry of a place's own record that binds nothing until the second office has confirmed it."""

    entry: Entry
    title: str
    rows: list[Row]
    checks: list[Asked]
    person: str
    office: str


@dataclass(frozen=True, slots=True)
class Holder:
    """One person's time in one office; `runs` says whether it runs today, `ahead` whether it has not begun."""

    term: Term
    person: str
    office: str
    runs: bool
    ahead: bool


def waiting_records(here: Installation, conn: Connection, place: str) -> list[Waiting]:
    """Return what waits for confirmation on a place's own record, oldest first."""
    pending = sorted(here.place(conn, place).pending.items())
    texts = register.private_of(conn, [entry.seq for _, entry in pending])
    names = names_of(conn)
    found = []
    for _, entry in pending:
        catalogue = here.library.catalogue(date.fromisoformat(str(entry.acted_on)), entry.place)
        title, fields = _asked(catalogue, entry)
        private = {name: kept.value for name, kept in texts.get(entry.seq, {}).items()}
        found.append(
            Waiting(
                entry,
                title,
                rows(fields, entry, private, names),
                asked_of(entry),
                names(str(entry.actor)),
                OFFICES.get(str(entry.office), ""),
            )
        )
    return found


def _asked(catalogue: Catalogue, entry: Entry) -> tuple[str, tuple[Field, ...]]:
    action = place_actions(catalogue)[str(entry.action)]
    own = BODY_COUNTS.get(str(entry.facts.get("body")), {})
    return action.title, tuple(replace(each, title=own.get(each.name, each.title)) for each in action.fields)


def holders(here: Installation, conn: Connection, place: str, today: date) -> list[Holder]:
    """Return who holds, held or will hold an office by the place's own record, in the order of the offices."""
    own = {(term.person, term.office, term.from_) for term in _granted(conn, place)}
    names, order = names_of(conn), list(OFFICES)
    found = [
        Holder(term, names(term.person), OFFICES[term.office], term.runs(today), term.from_ > today)
        for term in here.place(conn, place).terms
        if (term.person, term.office, term.from_) in own
    ]
    return sorted(found, key=lambda each: (not each.runs, order.index(each.term.office), each.term.from_))


def related(
    here: Installation, conn: Connection, place: str, today: date
) -> list[tuple[str, str, date | None]]:
    """Return the names of each two near relatives, in the order of the record, and the day it begins where that is to come."""
    names, record = names_of(conn), here.place(conn, place)
    found: list[tuple[str, str, date | None]] = []
    for one, other in map(sorted, dict.fromkeys(each.persons for each in record.relations)):
        ahead = [each for each in record.relations if each.persons == {one, other} and each.from_ > today]
        if other in record.relatives(one, today):
            found.append((names(one), names(other), None))
        elif ahead and ahead[-1].related:
            found.append((names(one), names(other), ahead[-1].from_))
    return found


def _granted(conn: Connection, place: str) -> list[Term]:
    """The terms a place's own entries grant; `Installation.place` also holds those of the places above."""
    return [
        Term(
            str(entry.facts["person"]),
            str(entry.facts["office"]),
            date.fromisoformat(str(entry.facts["from"])),
        )
        for entry in register.of_place_itself(conn, place)
        if entry.action == "grant_office"
    ]
