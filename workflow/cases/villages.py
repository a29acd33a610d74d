"""From a village's text to the entries its place is replayed from, as if everything had long been recorded."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from workflow.cases.lives import EXAMPLES
from workflow.cases.texts import Delegated, Term, Village, VillageChange
from workflow.cases.words import token
from workflow.core import RULES
from workflow.core.catalogue import Catalogue
from workflow.core.entry import Entry
from workflow.core.place import BODIES, BODY_COUNTS, OFFICES
from workflow.reading.explain import validate
from workflow.shelves import read_file

LOG = "cunyi.case"


@lru_cache
def read_village(path: Path = EXAMPLES / "village.yaml") -> Village:
    """Return the standard village; `Unreadable` with every fault."""
    return validate(Village, read_file(path))


@dataclass(frozen=True, slots=True)
class Settled:
    """A village as a case begins: its code, the ids of its people, and its own record so far."""

    code: str
    people: Mapping[str, str]
    entries: list[Entry] = field(default_factory=list)


def settle(village: Village, change: VillageChange, catalogue: Catalogue) -> Settled:
    """Return the village with what a case has otherwise; `Misworded` for a word nobody knows."""
    people = {**village.people, **change.people}
    ids = {label: f"p_{number}" for number, label in enumerate(people, 1)}
    settled = Settled(change.code or village.code, ids)
    bodies = {**_bodies(village.bodies), **_bodies(change.bodies)}
    given = village.delegations if change.delegations is None else change.delegations
    first = village.first_day
    for label, terms in people.items():
        for facts in _terms(label, terms, first):
            _put(settled, "grant_office", "office", {"person": ids[label], **facts})
    for body, counts in bodies.items():
        _put(settled, "set_body", "roll", {"body": body, "from": first, **counts})
    for number, each in enumerate(given):
        _put(settled, "record_delegation", "delegation", _delegation(each, catalogue, number))
    return settled


def _terms(label: str, terms: tuple[str | Term, ...], first: str) -> Iterator[dict[str, object]]:
    for number, term in enumerate(terms):
        said = term if isinstance(term, str) else term.office
        office = token(said, OFFICES.items(), "一职务", ("村里", "任职", label, number))
        days: dict[str, object] = {"from": first}
        if isinstance(term, Term):
            days["from"] = term.first_day or first
            if term.last_day is not None:
                days["to"] = term.last_day
        yield {"office": office, **days}


def _bodies(given: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    found = {}
    for word, counts in given.items():
        path = ("村里", "组成", word)
        body = token(word, BODIES.items(), "一会议或组织", path, at_key=True)
        found[body] = {
            token(name, BODY_COUNTS[body].items(), "一人数", (*path, name), at_key=True): count
            for name, count in counts.items()
        }
    return found


def _delegation(given: Delegated, catalogue: Catalogue, number: int) -> dict[str, object]:
    kinds = [(kind.id, kind.title) for kind in catalogue.kinds]
    named = [
        token(word, kinds, "一类事项", ("村里", "授权", number, "事项", index))
        for index, word in enumerate(given.kinds)
    ]
    return {"kinds": named, "from": given.first_day, "to": given.last_day}


def _put(settled: Settled, action: str, kind: str, facts: dict[str, object]) -> None:
    number = len(settled.entries) + 1
    settled.entries.append(
        Entry(
            log=LOG, seq=number - 1, place=settled.code, pseq=number, type=kind, action=action,
            recorded_at="2025-01-01T01:00:00.000000Z", rules=RULES, key=f"case-{number}", facts=facts,
            computed={"outcome": "recorded"},
        )
    )  # fmt: skip
