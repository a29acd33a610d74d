"""What the checker reads of the database: whole tables in order, a bounded number of rows in memory."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from workflow.store.database import run
from workflow.store.matters import SUMMARISED

_AT_ONCE: Final = 500
_ENTRY: Final = "seq, place, pseq, matter, mseq, type, action, recorded_at, key, leaf, hash"


class StoredEntry(NamedTuple):
    """A row of `entry`: the index columns, the exact bytes, the stored hash."""

    seq: int
    place: str
    pseq: int
    matter: str | None
    mseq: int | None
    type: str
    action: str | None
    recorded_at: str
    key: str
    leaf: bytes
    hash: bytes


class StoredNote(NamedTuple):
    """A row of `checkpoint`."""

    origin: str
    size: int
    note: str


def entries(conn: Connection) -> Iterator[list[StoredEntry]]:
    """Every row of `entry` by `seq`, some hundred at a time."""
    sql = f"SELECT {_ENTRY} FROM entry WHERE seq > ? ORDER BY seq LIMIT ?"  # noqa: S608 - a constant
    last = -1
    while rows := run(conn, sql, (last, _AT_ONCE)).fetchall():
        yield [StoredEntry(*row) for row in rows]
        last = rows[-1][0]


def entry_at(conn: Connection, seq: int) -> bytes | None:
    """The bytes of one entry."""
    row = run(conn, "SELECT leaf FROM entry WHERE seq = ?", (seq,)).fetchone()
    return None if row is None else bytes(row[0])


def notes(conn: Connection) -> Iterator[StoredNote]:
    """Every signed note by the size it was signed for."""
    sql = "SELECT origin, size, note FROM checkpoint WHERE (size, origin) > (?, ?) ORDER BY size, origin LIMIT ?"
    after = (-1, "")
    while rows := run(conn, sql, (*after, _AT_ONCE)).fetchall():
        yield from (StoredNote(*row) for row in rows)
        after = (rows[-1][1], rows[-1][0])


def texts(conn: Connection) -> Iterator[tuple[str, bytes]]:
    """Every kept text with the digest it is kept under."""
    last = ""
    while row := run(
        conn, "SELECT digest, body FROM text WHERE digest > ? ORDER BY digest LIMIT 1", (last,)
    ).fetchone():
        last = row[0]
        yield last, bytes(row[1])


def matter_sizes(conn: Connection) -> dict[str, int]:
    """The number of entries each matter had when its row of `matter` was last written."""
    return dict(run(conn, "SELECT id, mseq FROM matter").fetchall())


def matter_row(conn: Connection, matter: str) -> dict[str, Any]:
    """A matter's row by column, the title among them; empty if there is none."""
    names = ("title", *SUMMARISED)
    row = run(conn, f"SELECT {', '.join(names)} FROM matter WHERE id = ?", (matter,)).fetchone()  # noqa: S608 - our own names
    return {} if row is None else dict(zip(names, row, strict=True))


def last_of_matters(conn: Connection) -> dict[str, int]:
    """The `mseq` of the last entry of each matter."""
    return dict(
        run(conn, "SELECT matter, max(mseq) FROM entry WHERE matter IS NOT NULL GROUP BY matter").fetchall()
    )


def forget_matter(conn: Connection, matter: str) -> None:
    """Remove a matter's row from the projection, never anything from the register."""
    run(conn, "DELETE FROM matter WHERE id = ?", (matter,))


def has_private(conn: Connection, seq: int, field: str) -> bool:
    """Whether a private text is kept."""
    sql = "SELECT 1 FROM private_text WHERE seq = ? AND field = ?"
    return run(conn, sql, (seq, field)).fetchone() is not None
