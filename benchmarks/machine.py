"""Where it is measured: a folder on a real disk, the cores, the pragmas in force."""

import os
import platform
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from workflow.store.database import Database, run

IN_MEMORY = frozenset({"tmpfs", "ramfs", "devtmpfs"})
PRAGMAS = (
    "journal_mode", "synchronous", "wal_autocheckpoint", "page_size", "cache_size", "secure_delete",
    "foreign_keys", "fullfsync",
)  # fmt: skip
SETTINGS = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "wal_sync_method")


class NoDisk(ValueError):
    """The folder lies in memory: nothing there is durable, so nothing measured there says anything."""


def file_system(folder: Path) -> str:
    """The type of the file system a folder lies on."""
    found = ""
    longest = -1
    for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines():
        _, mounted, kind, *_ = line.split()
        if folder.resolve().is_relative_to(mounted) and len(mounted) > longest:
            found, longest = kind, len(mounted)
    return found


@contextmanager
def workshop(under: Path | None) -> Iterator[Path]:
    """A folder for the databases, removed at the end; NoDisk where it would lie in memory."""
    with tempfile.TemporaryDirectory(prefix="cunyi-bench-", dir=under) as name:
        folder = Path(name)
        if file_system(folder) in IN_MEMORY:
            raise NoDisk(f"{folder} is on {file_system(folder)}; name a folder on a disk with --folder")
        yield folder


def described(folder: Path) -> dict[str, str]:
    """What the numbers depend on."""
    cores = sorted(os.sched_getaffinity(0))
    return {
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "kernel": platform.release(),
        "cores": ", ".join(map(str, cores)),
        "load": f"{os.getloadavg()[0]:.2f}",
        "disk": file_system(folder),
    }


def pragmas(database: Database) -> str:
    """What is in force on the connection that writes."""
    with database.writing() as conn:
        if database.dialect == "postgresql":
            found = {name: run(conn, f"SHOW {name}").fetchone()[0] for name in SETTINGS}
        else:
            found = {name: run(conn, f"PRAGMA {name}").fetchone()[0] for name in PRAGMAS}
    return ", ".join(f"{name}={value}" for name, value in found.items())


def tables_of(connection: psycopg.Connection | sqlite3.Connection) -> None:
    """Make the table of the raw commit: one row, a number and bytes."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("CREATE TABLE raw_row (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT")
    else:
        connection.execute(
            "CREATE TABLE raw_row (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body bytea)"
        )


@contextmanager
def on_core(number: int) -> Iterator[None]:
    """Keep this process to one of its cores; where there is only one, on that."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[number % len(cores)]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)
