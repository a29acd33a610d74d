"""Entries for tests: the next one of a place, and many at once."""

from typing import Any

from sqlalchemy import Connection

from workflow.core.entry import Entry, commitment
from workflow.store import register
from workflow.store.database import Database, driver

ORIGIN = "cunyi.example/371329"
PLACE = "371329100201"
NEIGHBOUR = "371329100202"
SALT = b"s" * 32


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
    private = {} if title is None else {"title": (SALT, title)}
    commitments = {field: commitment(field, salt, value) for field, (salt, value) in private.items()}
    entry = next_entry(conn, place, matter, private=commitments, **changes)
    register.append(conn, entry, private=private, body_digest=None)
    return entry


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
