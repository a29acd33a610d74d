"""What the tests of the register make and ask: entries, one or many at once, notes, refusals."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import Connection

from workflow.core.checkpoint import SigningKey
from workflow.core.entry import Entry, Sealed
from workflow.store import register
from workflow.store.database import Database, driver, run
from workflow.store.signing import ForkRefused, Signer

ORIGIN = "cunyi.example/371329"
PLACE = "371329100201"
NEIGHBOUR = "371329100202"
SALT = b"s" * 32
KEY = SigningKey(ORIGIN, bytes(range(32)))


def next_entry(conn: Connection, place: str = PLACE, matter: str | None = "m1", **changes: Any) -> Entry:
    """The entry that fits next, with `changes`."""
    at = register.position(conn, place, matter)
    fields: dict[str, Any] = {
        "log": at.log,
        "seq": at.seq,
        "place": place,
        "pseq": at.pseq,
        "matter": matter,
        "mseq": at.mseq,
        "type": "act",
        "recorded_at": at.last_recorded_at or "2026-03-01T00:00:00.000000Z",
        "rules": "1",
        "key": f"key-{at.seq}",
    }
    return Entry(**(fields | changes))


def append(conn: Connection, place: str = PLACE, matter: str | None = "m1", **changes: Any) -> Entry:
    """Append the next entry; a `title` in the changes is its private text."""
    title = changes.pop("title", None)
    private = {} if title is None else {"title": Sealed.of("title", SALT, title)}
    commitments = {field: each.commitment for field, each in private.items()}
    entry = next_entry(conn, place, matter, private=commitments, **changes)
    put(conn, entry, private)
    return entry


def put(conn: Connection, entry: Entry, private: Mapping[str, Sealed] | None = None) -> None:
    """Append an entry at the position its place and matter are at."""
    at = register.position(conn, entry.place, entry.matter)
    register.append(conn, at, entry, private=private or {}, body_digest=None)


def fill(db: Database, count: int) -> None:
    """Append `count` entries in one transaction."""
    with db.writing() as conn:
        for _ in range(count):
            append(conn)


def without_triggers(conn: Connection) -> None:
    """Take the seat belt off `entry`, as an attacker with the database's own rights would."""
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql("ALTER TABLE entry DISABLE TRIGGER USER")
        return
    names = driver(conn).execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'entry'"
    )
    for (name,) in names.fetchall():
        driver(conn).execute(f"DROP TRIGGER {name}")


def notes(db: Database) -> list[str]:
    """The stored notes, the smallest size first."""
    with db.reading() as conn:
        return [note for (note,) in run(conn, "SELECT note FROM checkpoint ORDER BY origin, size")]


def refused(signer: Signer) -> str:
    """The state for which the signer refuses."""
    with pytest.raises(ForkRefused) as refusal:
        signer.sign_pending()
    assert signer.status().state in {refusal.value.state, "pending"}
    return refusal.value.state
