"""Signing committed heads, and refusing to sign two different histories.

The guard is a small file outside the database with the last signed note. It is on the disk before the note is
in the database, so a restored backup or a failover that lost commits shows as a database that is behind its
guard. Then nothing is signed until somebody begins a new epoch: the tree of leaves goes on in the same table,
under the origin with `/e2` (`/e3`, …) at its end, and its first leaf is an entry of type `epoch` that says
which head was last known before and at which size the log went on. So the old origin never has two heads of
one size, its entries keep their numbers and proofs, and an auditor who holds a checkpoint beyond the seam
finds the seam, not a false alarm.
"""

import json
import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from workflow.core.checkpoint import BadNote, Checkpoint, SigningKey, Verifier, open_note, sign
from workflow.core.entry import SALT_BYTES, Entry, Sealed, recorded_at
from workflow.core.tree import Frontier, leaf_hash
from workflow.store import register
from workflow.store.database import Database, run
from workflow.store.files import OWNER_ONLY, sync_folder, write_whole

FORKS: Final = {
    "smaller": "the database has fewer entries than have been signed",
    "root": "the stored entries do not lead from the last signed head to the head of the database",
    "bytes": "a stored entry is missing, out of order or does not hash to its stored hash",
    "origin": "the database is another log, or another epoch, than the one last signed",
    "guard_missing": "heads have been signed, but the file that remembers the last one is gone",
    "guard_damaged": "the file that remembers the last signed head is damaged",
}
_LEASE: Final = "signer"
_LEASE_MILLISECONDS: Final = 10_000


class ForkRefused(Exception):
    """Signing might tell two histories; `state` is one of FORKS."""

    def __init__(self, state: str) -> None:
        self.state = state
        super().__init__(FORKS[state])


class Status(NamedTuple):
    """How far the log is signed; `state` is `signed`, `pending` or one of FORKS."""

    origin: str
    signed_size: int
    head_size: int
    state: str


@dataclass(frozen=True, slots=True)
class _Guard:
    note: str
    checkpoint: Checkpoint
    frontier: Frontier


class Signer:
    """Signs for one log with `key`, whose name is the log's first origin."""

    def __init__(
        self, db: Database, key: SigningKey, guard: Path, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._db: Final = db
        self._key: Final = key
        self._guard: Final = guard
        self._clock: Final = clock
        self._holder: Final = secrets.token_hex(8)
        self._read: tuple[bytes, _Guard] | None = None
        self._leased = False

    @property
    def origin(self) -> str:
        """The log's first origin."""
        return self._key.name

    def verifier(self, origin: str) -> Verifier:
        """The key that signs the log under `origin`, one of its epochs'; BadNote if that is another log's."""
        if self._epoch(origin) == 0:
            raise BadNote("the note is another log's")
        return self._key.named(origin).verifier

    def opened(self, note: str) -> Checkpoint:
        """The checkpoint of a note this log signed, in whatever epoch; BadNote otherwise."""
        return open_note(note, [self.verifier(note.partition("\n")[0])])

    def signed(self) -> Checkpoint | None:
        """The last signed head as the guard remembers it, None before the first; ForkRefused if it is damaged."""
        guard = self._read_guard()
        return None if guard is None else guard.checkpoint

    def sign_pending(self) -> Checkpoint | None:
        """Sign the committed head; None if there is nothing to do or another process does it.

        Every entry since the last signed head is hashed again from its stored bytes first. Raises
        ForkRefused.
        """
        guard = self._read_guard()
        with self._db.reading() as conn:
            if guard is None:
                _refuse_lost_guard(conn)
            head, frontier = self._rechecked(conn, guard)
            unstored = guard is not None and not _is_stored(conn, guard.checkpoint)
        if guard is not None and head.size == guard.checkpoint.size:
            if unstored:
                with self._db.writing() as conn:
                    _store(conn, guard)
            return None
        if head.size == 0:
            return None
        with self._db.writing() as conn:
            if not self._take_lease(conn) or self._read_guard() != guard:
                return None
            return self._sign(conn, Checkpoint(head.origin, head.size, head.root), frontier)

    def release(self) -> None:
        """Let another process sign at once; this one may take the lease again."""
        if self._leased:
            with self._db.writing() as conn:
                run(conn, "DELETE FROM lease WHERE name = ? AND holder = ?", (_LEASE, self._holder))
            self._leased = False

    def status(self) -> Status:
        """How far the log is signed, from the two heads alone."""
        with self._db.reading() as conn:
            head = register.head(conn)
            try:
                guard = self._read_guard()
                if guard is None:
                    _refuse_lost_guard(conn)
                else:
                    _refuse_fork(head, guard.checkpoint)
            except ForkRefused as refused:
                return Status(head.origin, 0, head.size, refused.state)
        size = 0 if guard is None else guard.checkpoint.size
        return Status(head.origin, size, head.size, "signed" if size == head.size else "pending")

    def new_epoch(
        self, reason: str, *, place: str, rules: str, now: datetime, held: str | None = None
    ) -> Checkpoint:
        """Go on after a restore under a new origin; returns its first signed head.

        `held` is a note somebody kept, if it may be newer than the guard's. The entry names the newest head
        known of all; `reason` is kept as a private text. Raises ForkRefused if the stored entries do not make
        up the stored head (an epoch never papers over damage), BadNote for a note this key did not sign,
        ClockSuspect.
        """
        known = self._known(held)
        with self._db.writing() as conn:
            position = register.position(conn, place, None)
            head, frontier = self._rechecked(conn, None)
            known += self._stored(conn, head)
            last = max(known, key=lambda each: (self._epoch(each.origin), each.size))
            epoch = max(head.epoch, self._epoch(last.origin)) + 1
            origin = f"{self._key.name}/e{epoch}"
            register.begin_epoch(conn, origin, epoch)
            sealed = {"reason": Sealed.of("reason", secrets.token_bytes(SALT_BYTES), reason)}
            recorded, clock = recorded_at(now, position.last_recorded_at)
            entry = Entry(
                log=origin,
                seq=position.seq,
                place=place,
                pseq=position.pseq,
                type="epoch",
                recorded_at=recorded,
                clock=clock,
                rules=rules,
                key=f"epoch-{epoch}-{secrets.token_hex(8)}",
                facts={
                    "old_origin": last.origin,
                    "old_size": last.size,
                    "old_root": last.root.hex(),
                    "restored_size": head.size,
                    "restored_root": head.root.hex(),
                },
                private={"reason": sealed["reason"].commitment},
            )
            hash_ = register.append(
                conn, position._replace(log=origin), entry, private=sealed, body_digest=None
            )
        frontier = frontier.append(hash_)
        with self._db.writing() as conn:
            return self._sign(conn, Checkpoint(origin, frontier.size, frontier.root()), frontier)

    def _sign(self, conn: Connection, checkpoint: Checkpoint, frontier: Frontier) -> Checkpoint:
        note = sign(checkpoint, self._key.named(checkpoint.origin))
        content = {"note": note, "frontier": frontier.to_bytes().hex()}
        write_whole(self._guard, json.dumps(content, ensure_ascii=False, indent=1).encode())
        _store(conn, _Guard(note, checkpoint, frontier))
        return checkpoint

    def _rechecked(self, conn: Connection, guard: _Guard | None) -> tuple[register.Head, Frontier]:
        """The head and its frontier, made again from the bytes since `guard` (None: from the first)."""
        head = register.head(conn)
        frontier = Frontier()
        if guard is not None:
            _refuse_fork(head, guard.checkpoint)
            frontier = guard.frontier
        for seq, leaf, hash_ in register.leaves(conn, frontier.size, head.size):
            if seq != frontier.size or leaf_hash(leaf) != hash_:
                raise ForkRefused("bytes")
            frontier = frontier.append(hash_)
        if frontier.size != head.size:
            raise ForkRefused("bytes")
        if frontier.root() != head.root:
            raise ForkRefused("root")
        return head, frontier

    def _read_guard(self) -> _Guard | None:
        try:
            data = self._guard.read_bytes()
        except FileNotFoundError:
            return None
        if self._read is None or self._read[0] != data:
            self._read = data, self._parsed(data)
        return self._read[1]

    def _parsed(self, data: bytes) -> _Guard:
        try:
            content: Any = json.loads(data)
            note = str(content["note"])
            frontier = Frontier.from_bytes(bytes.fromhex(content["frontier"]))
            checkpoint = self.opened(note)
        except (ValueError, KeyError, TypeError) as error:
            raise ForkRefused("guard_damaged") from error
        if (frontier.size, frontier.root()) != (checkpoint.size, checkpoint.root):
            raise ForkRefused("guard_damaged")
        return _Guard(note, checkpoint, frontier)

    def _epoch(self, origin: str) -> int:
        """Which epoch of this log an origin is; 0 for another log's."""
        if origin == self._key.name:
            return 1
        number = origin.removeprefix(f"{self._key.name}/e")
        return int(number) if number != origin and number.isascii() and number.isdecimal() else 0

    def _known(self, held: str | None) -> list[Checkpoint]:
        known = [] if held is None else [self.opened(held)]
        try:
            guard = self._read_guard()
        except ForkRefused:
            guard = None
        return known if guard is None else [*known, guard.checkpoint]

    def _stored(self, conn: Connection, head: register.Head) -> list[Checkpoint]:
        rows = run(
            conn, "SELECT note FROM checkpoint WHERE origin = ? ORDER BY size DESC LIMIT 1", (head.origin,)
        )
        return [*(self.opened(note) for (note,) in rows), Checkpoint(head.origin, head.size, head.root)]

    def _take_lease(self, conn: Connection) -> bool:
        now = int(self._clock() * 1000)
        sql = (
            "INSERT INTO lease (name, holder, until) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE "
            "SET holder = excluded.holder, until = excluded.until "
            "WHERE lease.holder = excluded.holder OR lease.until < ?"
        )
        taken: int = run(conn, sql, (_LEASE, self._holder, now + _LEASE_MILLISECONDS, now)).rowcount
        self._leased = taken == 1
        return self._leased


def create_key(path: Path, origin: str) -> SigningKey:
    """A new key for the log `origin` in a file only its owner can read; FileExistsError if there is one."""
    key = SigningKey.generate(origin)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(key.to_text() + "\n")
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)
    return key


def read_key(path: Path) -> SigningKey:
    """The key in a file; BadNote if it holds none."""
    return SigningKey.from_text(path.read_text(encoding="utf-8").strip())


def _refuse_fork(head: register.Head, signed: Checkpoint) -> None:
    if head.origin != signed.origin:
        raise ForkRefused("origin")
    if head.size < signed.size:
        raise ForkRefused("smaller")
    if head.size == signed.size and head.root != signed.root:
        raise ForkRefused("root")


def _refuse_lost_guard(conn: Connection) -> None:
    if run(conn, "SELECT 1 FROM checkpoint LIMIT 1").fetchone() is not None:
        raise ForkRefused("guard_missing")


def _is_stored(conn: Connection, checkpoint: Checkpoint) -> bool:
    sql = "SELECT 1 FROM checkpoint WHERE origin = ? AND size = ?"
    return run(conn, sql, (checkpoint.origin, checkpoint.size)).fetchone() is not None


def _store(conn: Connection, signed: _Guard) -> None:
    if not _is_stored(conn, signed.checkpoint):
        values = (signed.checkpoint.origin, signed.checkpoint.size, signed.note)
        run(conn, "INSERT INTO checkpoint (origin, size, note) VALUES (?, ?, ?)", values)
