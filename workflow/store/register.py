"""The append-only log in the database: where the next entry goes, appending it, reading it back."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from sqlalchemy import Connection

from workflow.core.entry import Entry, Sealed, digest
from workflow.core.tree import Frontier, leaf_hash
from workflow.store.database import run, runner, together
from workflow.store.tables import NOT_AN_ACT

_READ_AT_ONCE: Final = 1000
_COLUMNS: Final = "seq, place, pseq, matter, mseq, type, action, recorded_at, key, body_digest, leaf, hash"
_INSERT: Final = f"INSERT INTO entry ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"  # noqa: S608 - a constant
_HEAD: Final = "SELECT origin, size, frontier, last_recorded_at, epoch FROM head WHERE id = 1"
_LOCK: Final = "SELECT 1 FROM head WHERE id = 1 FOR UPDATE"
_LAST_OF_PLACE_ITSELF: Final = "(SELECT max(pseq) FROM entry WHERE place = ? AND matter IS NULL)"
_NEXT: Final = (
    "SELECT origin, size, last_recorded_at, frontier, (SELECT max(pseq) FROM entry WHERE place = ?), "
    "(SELECT max(mseq) FROM entry WHERE matter = ?), (SELECT seq FROM entry WHERE key = ?)"
)
# Where the size is another, the head's bounds are broken: the database refuses, and nobody need wait to ask it.
_MOVE: Final = "UPDATE head SET size = CASE size WHEN ? THEN ? ELSE -1 END, frontier = ?, last_recorded_at = ? WHERE id = 1"


class OutOfPlace(Exception):
    """An entry that is not the next one: its position was not asked for in this transaction."""


class NotBegun(Exception):
    """The register has no head yet, or has one already when it is begun."""


class Position(NamedTuple):
    """Where the next entry goes; `pseq` and `mseq` count from 1, `mseq` is None without a matter.

    `answered` is the entry the key already made, if it did; `itself` the `pseq` of the last entry of each asked
    place's own record, 0 where there is none.
    """

    log: str
    seq: int
    pseq: int
    mseq: int | None
    last_recorded_at: str | None
    frontier: Frontier
    answered: int | None
    itself: Mapping[str, int]


class Head(NamedTuple):
    """The committed state of the log."""

    origin: str
    size: int
    root: bytes
    last_recorded_at: str | None
    epoch: int


class Private(NamedTuple):
    """A private field's salt and value; the pair opens the entry's commitment."""

    salt: bytes
    value: str


def begin(conn: Connection, origin: str) -> None:
    """Begin the empty log `origin`; NotBegun if there is one already."""
    if run(conn, _HEAD).fetchone() is not None:
        raise NotBegun("this register has already begun")
    run(
        conn,
        "INSERT INTO head (id, origin, size, frontier, last_recorded_at, epoch) VALUES (1, ?, 0, ?, NULL, 1)",
        (origin, Frontier().to_bytes()),
    )


def position(
    conn: Connection, place: str, matter: str | None, *, key: str = "", themselves: Sequence[str] = ()
) -> Position:
    """The next entry's position; locks the head row, so that it stays the next until this transaction ends.

    On PostgreSQL read nothing a decision rests on before this: what the lock waited for shows only after it.
    """
    with together(conn):
        lock(conn)
        found = run(conn, _next(len(themselves)), (place, matter, key, *themselves))
    row = found.fetchone()
    if row is None:
        raise NotBegun("this register has not begun")
    origin, size, last_recorded_at, frontier, pseq, mseq, answered, *lasts = row
    return Position(
        log=origin,
        seq=size,
        pseq=(pseq or 0) + 1,
        mseq=None if matter is None else (mseq or 0) + 1,
        last_recorded_at=last_recorded_at,
        frontier=Frontier.from_bytes(frontier),
        answered=answered,
        itself=dict(zip(themselves, (last or 0 for last in lasts), strict=True)),
    )


def lock(conn: Connection) -> None:
    """Let no other writer go on until this writing transaction ends; on SQLite it has begun with that."""
    if conn.dialect.name == "postgresql":
        run(conn, _LOCK)


@cache
def _next(themselves: int) -> str:
    return f"{_NEXT}{f', {_LAST_OF_PLACE_ITSELF}' * themselves} FROM head WHERE id = 1"


def append(
    conn: Connection, at: Position, entry: Entry, *, private: Mapping[str, Sealed], body_digest: str | None
) -> bytes:
    """Append `entry` and return its leaf hash; `at` is its position, asked for in this transaction.

    Raises ValueError for a faulty entry or private values that do not open its commitments, OutOfPlace for an
    entry not next in the log, its place and its matter, or dated before the last. The database refuses, with an
    error of the driver, what is not the next because `at` is of another transaction.
    """
    found, expected = (entry.log, entry.seq, entry.pseq, entry.mseq), at[:4]
    if found != expected:
        raise OutOfPlace(f"log, seq, pseq and mseq are {found}, the next are {expected}")
    if at.last_recorded_at is not None and entry.recorded_at < at.last_recorded_at:
        raise OutOfPlace(f"recorded at {entry.recorded_at}, the last entry at {at.last_recorded_at}")
    if {field: each.commitment for field, each in private.items()} != entry.private:
        raise ValueError("the private values do not open the entry's commitments")
    leaf = entry.leaf()
    hash_ = leaf_hash(leaf)
    index = (
        entry.seq,
        entry.place,
        entry.pseq,
        entry.matter,
        entry.mseq,
        entry.type,
        entry.action,
        entry.recorded_at,
        entry.key,
    )
    execute = runner(conn)
    with together(conn):
        edge = at.frontier.append(hash_).to_bytes()
        execute(_MOVE, (entry.seq, entry.seq + 1, edge, entry.recorded_at))
        execute(_INSERT, (*index, body_digest, leaf, hash_))
        if private:
            rows = ",".join(["(?,?,?,?)"] * len(private))
            values = [
                x for field, (salt, value, _) in private.items() for x in (entry.seq, field, salt, value)
            ]
            execute(f"INSERT INTO private_text (seq, field, salt, value) VALUES {rows}", values)  # noqa: S608 - question marks
    return hash_


def begin_epoch(conn: Connection, origin: str, epoch: int) -> None:
    """Go on with the same tree under a new origin; the caller then appends the `epoch` entry."""
    run(conn, "UPDATE head SET origin = ?, epoch = ? WHERE id = 1", (origin, epoch))


def head(conn: Connection) -> Head:
    """The head as this transaction sees it; NotBegun if there is none."""
    row = run(conn, _HEAD).fetchone()
    if row is None:
        raise NotBegun("this register has not begun")
    origin, size, frontier, last_recorded_at, epoch = row
    return Head(origin, size, Frontier.from_bytes(frontier).root(), last_recorded_at, epoch)


def by_key(conn: Connection, key: str) -> tuple[Entry, str | None] | None:
    """The entry an idempotency key already made, with the digest of the body it came with."""
    row = run(conn, "SELECT leaf, body_digest FROM entry WHERE key = ?", (key,)).fetchone()
    return None if row is None else (Entry.from_own_leaf(row[0]), row[1])


def of_matter(conn: Connection, place: str, matter: str) -> list[Entry]:
    """The entries of a matter in order; none if the matter is another place's."""
    sql = "SELECT leaf FROM entry WHERE matter = ? AND place = ? ORDER BY mseq"
    return [Entry.from_own_leaf(leaf) for (leaf,) in run(conn, sql, (matter, place))]


def of_place(conn: Connection, place: str, types: Sequence[str] | None = None) -> list[Entry]:
    """The entries of exactly this place in order, all or those of some types."""
    sql = "SELECT leaf FROM entry WHERE place = ?"
    if types is not None:
        sql += f" AND type IN ({','.join('?' * len(types)) or 'NULL'})"
        if "act" not in types:
            sql += f" AND {NOT_AN_ACT}"
    rows = run(conn, sql + " ORDER BY pseq", (place, *(types or ())))
    return [Entry.from_own_leaf(leaf) for (leaf,) in rows]


def last_of_places_themselves(conn: Connection, places: Sequence[str]) -> dict[str, int]:
    """The `pseq` of the last entry of each place's own record (no matter), 0 where there is none."""
    row = run(conn, f"SELECT {','.join([_LAST_OF_PLACE_ITSELF] * len(places))}", places).fetchone()
    return {place: last or 0 for place, last in zip(places, row, strict=True)}


def of_place_itself(conn: Connection, place: str) -> list[Entry]:
    """The entries of the place's own record in order: rolls, offices, delegations, their confirmations."""
    sql = "SELECT leaf FROM entry WHERE place = ? AND matter IS NULL ORDER BY pseq"
    return [Entry.from_own_leaf(leaf) for (leaf,) in run(conn, sql, (place,))]


def document_sizes(conn: Connection, digests: Sequence[str]) -> dict[str, int]:
    """The sizes of those of the documents that are kept here, by digest."""
    if not digests:
        return {}
    sql = f"SELECT digest, size FROM document WHERE digest IN ({','.join('?' * len(digests))})"  # noqa: S608 - question marks
    return dict(run(conn, sql, digests).fetchall())


def put_document(conn: Connection, name: str, size: int, kind: str, shown: str | None = None) -> None:
    """Note a kept file by its digest: bytes, media type, and the name it came with, which may be personal."""
    sql = "INSERT INTO document (digest, size, kind, name_private) VALUES (?,?,?,?) ON CONFLICT (digest) DO NOTHING"
    run(conn, sql, (name, size, kind, shown))


def begun_at(conn: Connection, place: str) -> str | None:
    """When a place's record began, as its first entry says it; None where it has none."""
    row = run(conn, "SELECT recorded_at FROM entry WHERE place = ? AND pseq = 1", (place,)).fetchone()
    return str(row[0]) if row else None


def opened_at(conn: Connection, place: str) -> int:
    """How many matters a place has opened."""
    sql = f"SELECT count(*) FROM entry WHERE place = ? AND type = 'opened' AND {NOT_AN_ACT}"  # noqa: S608 (a constant)
    return int(run(conn, sql, (place,)).fetchone()[0])


def leaves(conn: Connection, start: int = 0, end: int | None = None) -> Iterator[tuple[int, bytes, bytes]]:
    """Every stored (seq, leaf, hash) with start <= seq < end, in order, a bounded number in memory."""
    sql = "SELECT seq, leaf, hash FROM entry WHERE seq >= ? ORDER BY seq LIMIT ?"
    while end is None or start < end:
        room = _READ_AT_ONCE if end is None else min(_READ_AT_ONCE, end - start)
        rows = run(conn, sql, (start, room)).fetchall()
        for seq, leaf, hash_ in rows:
            if end is not None and seq >= end:
                return
            yield seq, leaf, hash_
        if len(rows) < room:
            return
        start = rows[-1][0] + 1


def private_of(conn: Connection, seqs: Sequence[int]) -> dict[int, dict[str, Private]]:
    """The private fields still kept of these entries, by seq and field."""
    found: dict[int, dict[str, Private]] = {}
    for first in range(0, len(seqs), _READ_AT_ONCE // 2):
        part = seqs[first : first + _READ_AT_ONCE // 2]
        places = ",".join("?" * len(part))
        sql = f"SELECT seq, field, salt, value FROM private_text WHERE seq IN ({places})"  # noqa: S608 - question marks
        for seq, field, salt, value in run(conn, sql, part):
            found.setdefault(seq, {})[field] = Private(salt, value)
    return found


def put_text(conn: Connection, kind: str, body: bytes) -> str:
    """Keep the exact bytes of a text once; returns their digest."""
    name = digest(body)
    if run(conn, "SELECT 1 FROM text WHERE digest = ?", (name,)).fetchone() is None:
        run(conn, "INSERT INTO text (digest, kind, body) VALUES (?,?,?)", (name, kind, body))
    return name


def text(conn: Connection, name: str) -> bytes | None:
    """The bytes of the text with this digest."""
    row = run(conn, "SELECT body FROM text WHERE digest = ?", (name,)).fetchone()
    return None if row is None else bytes(row[0])
