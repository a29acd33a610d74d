"""A village with its people, bodies and delegation, and the life of one matter there, all through `advance`.

The clock of the installation is moved by `here.clock.forward(days=…)`; `Clock` is one, the tests' watch another.
"""

import io
import itertools
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from tests.lives import LIFE, OPENING
from workflow.advance import advance
from workflow.core.days import civil_day
from workflow.installation import Installation
from workflow.request import Receipt, Request
from workflow.store import places
from workflow.store.database import run

VILLAGE, TOWNSHIP, COUNTY = "371329105201", "371329105000", "371329000000"
_keys = itertools.count(1)


def png(width: int = 2, height: int = 2) -> bytes:
    """A small real picture, grey."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\x80" * width for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@dataclass
class Clock:
    """A clock that stands still until it is moved: Monday 2 March 2026, nine in the morning in China."""

    now: datetime = field(default_factory=lambda: datetime(2026, 3, 2, 1, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        """The instant now."""
        return self.now

    def forward(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)


@dataclass(frozen=True)
class People:
    """Person ids by what they do; give the ids of accounts where a test logs in."""

    secretary: str = "p_secretary"
    clerk: str = "p_clerk"
    director: str = "p_director"
    vsc_chair: str = "p_vsc_chair"
    vsc_member: str = "p_vsc_member"
    township_officer: str = "p_township"
    administrator: str = "p_administrator"


def document(here: Installation, content: bytes | None = None) -> str:
    """The digest of a kept picture."""
    stored = here.documents.put(io.BytesIO(content or png()), 1_000_000)
    with here.database.writing() as conn:
        insert = "INSERT INTO document (digest, size, kind) VALUES (?, ?, 'image/png') ON CONFLICT DO NOTHING"
        run(conn, insert, (stored.digest, stored.size))
    return stored.digest


def advance_ok(
    here: Installation, place: str, matter: str | None, action: str, actor: str, facts: Mapping[str, object],
    *, acted_on: date | None = None,
) -> Receipt:  # fmt: skip
    """Record an act today (or on that day); anything but a receipt fails the test, with the answer shown."""
    day = acted_on or civil_day(here.clock())
    answer = advance(here, Request(place, matter, action, actor, day, facts, f"builder-{next(_keys)}"))
    assert isinstance(answer, Receipt), answer
    return answer


def grant(here: Installation, place: str, by: str, person: str, office: str) -> None:
    """Give an office from the first day of 2026."""
    facts = {"person": person, "office": office, "from": "2026-01-01"}
    advance_ok(here, place, None, "grant_office", by, facts)


BODIES: Mapping[str, Mapping[str, int]] = {
    "villagers_assembly": {"villagers_18plus": 800, "households": 300},
    "rep_assembly": {"body_all": 45, "reps_all": 40, "women_reps": 15, "vacant": 0},
    "party_meeting": {"voting_members": 40},
    "branch_committee": {"body_all": 5},
    "joint_meeting": {"body_all": 8},
    "committee": {"body_all": 5},
    "vsc": {"body_all": 3},
    "boards": {"places": 2},
}


def appoint(here: Installation, people: People, place: str = VILLAGE) -> People:
    """Add the village and its township and grant the offices; no body has counts yet."""
    with here.database.writing() as conn:
        for code, name in ((place[:9] + "000", "青山镇"), (place, "张庄村")):
            if places.name_of(conn, code) is None:
                places.add(conn, code, name)
    offices = {
        "secretary": people.secretary, "clerk": people.clerk, "committee_director": people.director,
        "vsc_chair": people.vsc_chair, "vsc_member": people.vsc_member,
    }  # fmt: skip
    with here.database.reading() as conn:
        ruled = any(term.office == "administrator" for term in here.place(conn, place).terms)
    if not ruled:
        grant(here, place[:6] + "000000", "installation", people.administrator, "administrator")
    grant(here, place[:9] + "000", people.administrator, people.township_officer, "township_officer")
    for office, person in offices.items():
        grant(here, place, people.township_officer, person, office)
    return people


def village(here: Installation, people: People | None = None, place: str = VILLAGE) -> People:
    """Add the village and its township, grant the offices, set the bodies and record the delegation, confirmed."""
    people = appoint(here, people or People(), place)
    for body, counts in BODIES.items():
        entry = advance_ok(
            here, place, None, "set_body", people.clerk, {"body": body, "from": "2026-01-01", **counts}
        ).entry
        advance_ok(here, place, None, "confirm", people.vsc_chair, {"confirms": entry.pseq})
    delegation = {
        "mode": "households", "due": 300, "present": 210, "in_favour": 180, "against": 20, "abstain": 10,
        "kinds": ["public_works"], "from": "2026-02-01", "to": "2029-12-31",
        "posted_on": "2026-02-01", "filed_on": "2026-02-02",
    }  # fmt: skip
    entry = advance_ok(here, place, None, "record_delegation", people.clerk, delegation).entry
    advance_ok(here, place, None, "confirm", people.vsc_chair, {"confirms": entry.pseq})
    return people


def life(
    here: Installation, people: People, until: str = "archived", place: str = VILLAGE, **opening: object
) -> str:
    """Open the drainage matter and lead it to the step of that name (`opened`, or one of LIFE); returns its id.

    The place must be in 临沭县 (371329), whose layer asks the township's opinion and filing.
    """
    matter = (
        advance_ok(here, place, None, "open", people.secretary, {**OPENING, **opening}).entry.matter or ""
    )
    for step in () if until == "opened" else LIFE:
        here.clock.forward(days=step.days)  # type: ignore[attr-defined]
        facts = step.facts(civil_day(here.clock()), [document(here)])
        advance_ok(here, place, matter, step.action, getattr(people, step.who), facts)
        if step.name == until:
            return matter
    return matter
