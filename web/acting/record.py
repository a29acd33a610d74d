"""A place's own record in words: the counts of its bodies, offices with terms, delegations, and what waits."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from web.acting.said import Names, Row, in_words_of
from workflow.core.days import civil_day
from workflow.core.entry import Entry
from workflow.core.place import BODIES, BODY_COUNTS, OFFICES, TOWNSHIP, Place
from workflow.core.place_acts import place_actions
from workflow.installation import Installation


@dataclass(frozen=True, slots=True)
class BodyLine:
    """One body: its counts in force today, empty where none are on record, and since when."""

    body: str
    title: str
    counts: list[Row]
    since: date | None


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """One person in one office; `from_` and `to` are days, `to` None while it runs."""

    office: str
    person: str
    from_: date
    to: date | None
    of_township: bool


@dataclass(frozen=True, slots=True)
class DelegationLine:
    """What was delegated, from which day to which, and whether it runs today."""

    kinds: str
    from_: date
    to: date
    runs: bool


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """One act that binds nothing until the supervisory committee confirms it."""

    number: int
    title: str
    who: str
    acted_on: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Record:
    """The whole of it, as of today."""

    bodies: list[BodyLine]
    offices: list[OfficeLine]
    delegations: list[DelegationLine]
    waiting: list[WaitingLine]


def record_of(here: Installation, conn: Connection, code: str, names: Names) -> Record:
    """What the register says of a place today."""
    today = civil_day(here.clock())
    place = here.place(conn, code)
    catalogue = here.library.catalogue(today, code)
    titles = {kind.id: kind.title for kind in catalogue.kinds}
    actions = place_actions(catalogue)
    return Record(
        bodies=[_body(place, body, title, today) for body, title in BODIES.items() if BODY_COUNTS[body]],
        offices=[
            OfficeLine(
                OFFICES.get(term.office, term.office), names(term.person), term.from_, term.to, term.office in TOWNSHIP
            )
            for term in sorted(place.terms, key=lambda each: list(OFFICES).index(each.office))
            if term.runs(today)
        ],
        delegations=[
            DelegationLine(
                "、".join(sorted(titles.get(kind, kind) for kind in each.kinds)), each.from_, each.to,
                each.from_ <= today <= each.to,
            )
            for each in place.delegations
        ],
        waiting=[
            WaitingLine(
                number, actions[str(entry.action)].title, names(str(entry.actor)), str(entry.acted_on),
                [
                    Row(each.title, in_words_of(each, entry.facts[each.name], names))
                    for each in actions[str(entry.action)].fields
                    if each.name in entry.facts and _said(entry, each.name)
                ],
            )
            for number, entry in sorted(place.pending.items())
        ],
    )  # fmt: skip


def _said(entry: Entry, name: str) -> bool:
    return entry.action != "set_body" or name in ("body", "from", *BODY_COUNTS[str(entry.facts["body"])])


def _body(place: Place, body: str, title: str, today: date) -> BodyLine:
    counts = place.counts(body, today)
    since = [each.from_ for each in place.bodies if each.body == body and each.from_ <= today]
    rows = [Row(words, str(counts[name])) for name, words in BODY_COUNTS[body].items() if name in counts]
    return BodyLine(body, title, rows, max(since, default=None))
