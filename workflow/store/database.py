"""One database, two engines: transactions, and the driver's own statements for the append path."""

import os
import select
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import psycopg
from psycopg.pq import PipelineStatus
from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool
from sqlmodel import SQLModel

from workflow.store import tables
from workflow.store.seatbelts import trigger_statements

COMMITS_PER_CHECKPOINT: Final = 200
_PRAGMAS: Final = (
    # SQLite's waiting is not fair: eight processes writing without a pause starved one of them for 5 seconds.
    "busy_timeout=30000",
    "journal_mode=WAL",
    "synchronous=FULL",
    "wal_autocheckpoint=0",
    "journal_size_limit=16777216",
    "foreign_keys=ON",
    "recursive_triggers=ON",
    "trusted_schema=OFF",
    "secure_delete=ON",
    "cache_size=-16000",
)
_SILENT_SECONDS: Final = 30
_DAMAGE: Final = ("SQLITE_IOERR", "SQLITE_CORRUPT", "SQLITE_NOTADB")


class ReadOnly(Exception):
    """The disk failed under a write: nothing is written until the database is opened anew and verified."""


class Database:
    """Opened by url: `sqlite:////abs/cunyi.db` or `postgresql://user@host/name` (or `?host=/socket/folder`).

    Writers of one process take turns; a writing transaction is one from its first statement on.
    """

    def __init__(self, url: str, *, readers: int = 16) -> None:
        parsed = make_url(url)
        self.dialect: Final = parsed.get_backend_name()
        self._lock = threading.Lock()
        self._owner: int | None = None
        self._damage: str | None = None
        self._commits = 0
        self._writer: Connection | None = None
        self.path: Final[Path | None] = (
            Path(parsed.database) if self.dialect == "sqlite" and parsed.database else None
        )
        if self.path is not None:
            self._write_engine = _sqlite_engine(self.path, 1, query_only=False)
            self._read_engine = _sqlite_engine(self.path, readers, query_only=True)
        elif self.dialect == "postgresql":
            self._write_engine = create_engine(
                parsed.set(drivername="postgresql+psycopg"), pool_size=readers, max_overflow=0
            )
            _ask_the_silent(self._write_engine)
            self._read_engine = self._write_engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        else:
            raise ValueError("the database is a sqlite file or a postgresql server")

    @classmethod
    def open(cls, url: str) -> "Database":
        """The database behind `url`, untouched before its first use; ValueError if it is of neither kind."""
        return cls(url)

    def exists(self) -> bool:
        """Whether `create` has been run there."""
        if self.path is not None and not self.path.exists():
            return False
        with self.reading() as conn:
            return inspect(conn).has_table(tables.HeadRow.__tablename__)

    def create(self) -> None:
        """Create every table imported so far, and the triggers of the append-only ones; again is harmless.

        A new SQLite file can be read and written by its owner only.
        """
        if self.path is not None:
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        with self.writing() as conn:
            SQLModel.metadata.create_all(conn)
            for statement in trigger_statements(self.dialect, SQLModel.metadata):
                run(conn, statement)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One writing transaction, committed at the end, rolled back by an exception. Not to be nested.

        SQLite: BEGIN IMMEDIATE. PostgreSQL: READ COMMITTED; `register.position` locks the head row, so ask it
        before reading anything the decision rests on. Raises ReadOnly when the disk fails, and from then on.
        """
        if self._owner == threading.get_ident():
            raise RuntimeError("writing() inside writing()")
        with self._lock:
            if self._damage is not None:
                raise ReadOnly(self._damage)
            self._owner = threading.get_ident()
            try:
                conn = self._writing_connection()
                if self.path is not None:
                    driver(conn).execute("BEGIN IMMEDIATE")
                yield conn
                _ender(conn).commit()
                self._after_commit(conn)
            except (DBAPIError, sqlite3.Error) as error:
                self._note_damage(error)
                if self._damage is not None:
                    raise ReadOnly(self._damage) from error
                raise
            finally:
                self._owner = None
                self._undo()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read-only snapshot: everything read in it is as of its first statement."""
        with self._read_engine.connect() as conn:
            if self.path is None:
                yield conn
                return
            driver(conn).execute("BEGIN")
            try:
                yield conn
            finally:
                driver(conn).rollback()

    def close(self) -> None:
        """Give back every connection; on SQLite the log is folded into the file first."""
        with self._lock:
            if self._writer is not None and self._damage is None and self.path is not None:
                run(self._writer, "PRAGMA wal_checkpoint(PASSIVE)").close()
            self._drop_writer()
        self._read_engine.dispose()
        self._write_engine.dispose()

    def _writing_connection(self) -> Connection:
        if self._writer is None:
            self._writer = self._write_engine.connect()
        return self._writer

    def _drop_writer(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _undo(self) -> None:
        """Roll back what was not committed; on PostgreSQL the pool does, when it gets the connection back."""
        if self.path is None:
            self._drop_writer()
        elif self._writer is not None:
            _ender(self._writer).rollback()

    def _after_commit(self, conn: Connection) -> None:
        # SQLite's automatic checkpoint swallows I/O errors, and the next fsync would then wrongly succeed.
        if self.path is None:
            return
        self._commits += 1
        if self._commits % COMMITS_PER_CHECKPOINT == 0:
            try:
                driver(conn).execute("PRAGMA wal_checkpoint(PASSIVE)").close()
            except sqlite3.Error as error:
                # The transaction stands all the same, so its writer is told so; the next one is refused.
                self._note_damage(error)

    def _note_damage(self, error: DBAPIError | sqlite3.Error) -> None:
        cause = error.orig if isinstance(error, DBAPIError) else error
        name = getattr(cause, "sqlite_errorname", None)
        if name is not None and name.startswith(_DAMAGE):
            self._damage = f"{name}: {cause}"


def _ender(conn: Connection) -> Any:
    """What ends the transaction: SQLAlchemy knows of it only if a statement of its own ran in it."""
    return conn if conn.in_transaction() else driver(conn)


def driver(conn: Connection) -> Any:
    """The driver's own connection under `conn`."""
    return conn.connection.driver_connection


def together(conn: Connection) -> AbstractContextManager[Any]:
    """Send what `run` runs inside in one go where the engine is across a wire; fetch rows after the outermost."""
    if conn.dialect.name != "postgresql" or driver(conn).pgconn.pipeline_status != PipelineStatus.OFF:
        return nullcontext()
    pipeline: AbstractContextManager[Any] = driver(conn).pipeline()
    return pipeline


def run(conn: Connection, sql: str, params: Sequence[Any] = ()) -> Any:
    """Run one statement on the driver's cursor, past SQLAlchemy's cost; `?` placeholders on both engines.

    `conn` is one from `writing` or `reading`; returns the driver's cursor.
    """
    return runner(conn)(sql, params)


def runner(conn: Connection) -> Callable[[str, Sequence[Any]], Any]:
    """What `run` calls, for several statements on one connection."""
    execute: Callable[[str, Sequence[Any]], Any] = driver(conn).execute
    if conn.dialect.name == "postgresql":
        return lambda sql, params: execute(_for_psycopg(sql), params)
    return execute


@lru_cache(maxsize=512)
def _for_psycopg(sql: str) -> str:
    return sql.replace("%", "%%").replace("?", "%s")


def _ask_the_silent(engine: Engine) -> None:
    """Let the pool ask a connection whether it lives, but only where it may not: it was idle, or the server spoke."""

    @event.listens_for(engine, "checkin")
    def _used(_connection: Any, record: ConnectionPoolEntry) -> None:
        record.info["used"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _ask(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
        idle = time.monotonic() - record.info.get("used", float("inf"))
        if idle < _SILENT_SECONDS and not _has_spoken(connection):
            return
        try:
            connection.execute("SELECT 1")
            connection.rollback()
        except psycopg.OperationalError as error:
            raise InvalidatePoolError(str(error)) from error


def _has_spoken(connection: Any) -> bool:
    """Whether an idle connection has something to read, as when the server has closed it."""
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return bool(waiting.poll(0))


def _sqlite_engine(path: Path, size: int, *, query_only: bool) -> Engine:
    return create_engine(
        "sqlite://",
        creator=partial(_connect, path, query_only=query_only),
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        pool_reset_on_return=None,
    )


def _connect(path: Path, *, query_only: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?mode=rw", uri=True, isolation_level=None, check_same_thread=False
    )
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()
    if query_only:
        connection.execute("PRAGMA query_only=ON").close()
    return connection
