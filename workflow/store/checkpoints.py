"""The signed notes in the database."""

from sqlalchemy import Connection

from workflow.store.database import run


def newest(conn: Connection, origin: str) -> tuple[int, str] | None:
    """The size and the note of the newest checkpoint of an origin, None before the first."""
    sql = "SELECT size, note FROM checkpoint WHERE origin = ? ORDER BY size DESC LIMIT 1"
    row = run(conn, sql, (origin,)).fetchone()
    return None if row is None else (row[0], row[1])
