"""A register just begun, on each kind of database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.making import KEY, ORIGIN
from workflow.store import register
from workflow.store.database import Database
from workflow.store.signing import Signer


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    """A database with its tables and an empty register, once on SQLite and once on PostgreSQL."""
    database = Database.open(database_url)
    database.create()
    with database.writing() as conn:
        register.begin(conn, ORIGIN)
    yield database
    database.close()


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    """A SQLite database with its tables and an empty register."""
    database = Database.open(f"sqlite:///{tmp_path / 'only.db'}")
    database.create()
    with database.writing() as conn:
        register.begin(conn, ORIGIN)
    yield database
    database.close()


@pytest.fixture
def guard(tmp_path: Path) -> Path:
    """Where the guard file is kept."""
    return tmp_path / "signed"


@pytest.fixture
def signer(db: Database, guard: Path) -> Signer:
    """The signer of an empty register."""
    return Signer(db, KEY, guard)
