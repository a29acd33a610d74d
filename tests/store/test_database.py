"""Transactions, pragmas, triggers and constraints, on the real engines."""

import sqlite3
import stat
import threading
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from tests.store.making import append, fill
from workflow.store import database, register
from workflow.store.database import Database, ReadOnly, driver, run


def test_create_again_changes_nothing(db: Database):
    """Creating an existing database keeps its rows."""
    fill(db, 3)
    db.create()
    with db.reading() as conn:
        assert register.head(conn).size == 3


def test_exists_only_after_create(database_url: str):
    """A database is there once it has been created, and asking does not create it."""
    opened = Database.open(database_url)
    assert not opened.exists()
    assert not opened.exists()
    opened.create()
    assert opened.exists()
    opened.close()


def test_a_missing_file_is_not_made_by_use(tmp_path: Path):
    """Writing to a SQLite database that is not there fails and leaves nothing behind."""
    opened = Database.open(f"sqlite:///{tmp_path / 'none.db'}")
    with pytest.raises(DBAPIError), opened.writing():
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "mysql://root@localhost/x"])
def test_other_urls_are_refused(url: str):
    """Neither a database in memory nor another engine is opened."""
    with pytest.raises(ValueError, match="sqlite file or a postgresql server"):
        Database.open(url)


def test_files_belong_to_the_owner_alone(sqlite: Database):
    """The SQLite file, its log and its shared memory have mode 0600."""
    fill(sqlite, 1)
    assert sqlite.path is not None
    files = list(sqlite.path.parent.iterdir())
    assert len(files) == 3
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_pragmas_in_force(sqlite: Database):
    """A commit is synced in full, and the seat belts are on, for writers; readers can only read."""
    expected = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "trusted_schema": 0,
        "secure_delete": 1,
        "busy_timeout": 30000,
    }
    for opened, query_only in ((sqlite.writing, 0), (sqlite.reading, 1)):
        with opened() as conn:
            found = {name: run(conn, f"PRAGMA {name}").fetchone()[0] for name in expected}
            assert found == expected
            assert run(conn, "PRAGMA query_only").fetchone()[0] == query_only


def test_an_exception_rolls_back(db: Database):
    """What was written before an exception is gone, and the next writer is not hindered."""

    def appends_and_fails() -> None:
        with db.writing() as conn:
            append(conn)
            raise KeyError

    with pytest.raises(KeyError):
        appends_and_fails()
    fill(db, 1)
    with db.reading() as conn:
        assert register.head(conn).size == 1


def test_readers_cannot_write(db: Database):
    """A reading transaction refuses to write on both engines."""
    with pytest.raises((sqlite3.OperationalError, DBAPIError)), db.reading() as conn:
        conn.exec_driver_sql("INSERT INTO lease (name, holder, until) VALUES ('a', 'b', 1)")


def test_a_reader_sees_one_moment(db: Database):
    """What is committed while a reader reads does not show in its transaction."""
    fill(db, 2)
    with db.reading() as conn:
        before = register.head(conn)
        fill(db, 2)
        assert register.head(conn) == before
        assert len(list(register.leaves(conn))) == 2
    with db.reading() as conn:
        assert register.head(conn).size == 4


def test_writing_inside_writing_is_refused(db: Database):
    """A second writing transaction in one thread would wait for itself for ever."""
    with db.writing(), pytest.raises(RuntimeError, match="inside"), db.writing():
        pass
    fill(db, 1)


def test_threads_take_turns(db: Database):
    """Eight threads appending at once leave one contiguous log."""

    def appends() -> None:
        for _ in range(10):
            with db.writing() as conn:
                append(conn, matter=None)

    threads = [threading.Thread(target=appends) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.reading() as conn:
        assert [seq for seq, _, _ in register.leaves(conn)] == list(range(80))


def test_append_only_tables_refuse(db: Database):
    """The tables of record refuse UPDATE, DELETE and, on PostgreSQL, TRUNCATE."""
    with db.writing() as conn:
        append(conn)
        register.put_text(conn, "procedure", b"text")
        run(conn, "INSERT INTO checkpoint (origin, size, note) VALUES ('o', 1, 'n')")
    changes = ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"]
    if db.dialect == "postgresql":
        changes.append("TRUNCATE {0} CASCADE")
    for table, column in (("entry", "action"), ("text", "kind"), ("checkpoint", "note")):
        for change in changes:
            with pytest.raises(DBAPIError, match="append-only"), db.writing() as conn:
                conn.exec_driver_sql(change.format(table, column))


@pytest.mark.parametrize("recursive_triggers", ["ON", "OFF"])
@pytest.mark.parametrize("clash", ["seq", "pseq", "mseq", "key"])
def test_insert_or_replace_is_refused(sqlite: Database, recursive_triggers: str, clash: str):
    """REPLACE cannot push out a row by any of its keys, even on a connection without recursive triggers."""
    fill(sqlite, 1)
    assert sqlite.path is not None
    outsider = sqlite3.connect(sqlite.path)
    outsider.execute(f"PRAGMA recursive_triggers={recursive_triggers}")
    row = {"seq": 5, "pseq": 5, "mseq": 5, "key": "k5"} | {clash: {"seq": 0, "key": "key-0"}.get(clash, 1)}
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        outsider.execute(
            "INSERT OR REPLACE INTO entry "
            "(seq, place, pseq, matter, mseq, type, recorded_at, key, leaf, hash) VALUES "
            "(:seq, '371329100201', :pseq, 'm1', :mseq, 'act', 't', :key, x'00', zeroblob(32))",
            row,
        )
    outsider.close()


IMPOSSIBLE_ROWS = (
    "-1, 'p', 1, NULL, NULL, 'act', 't', 'k', {leaf}, {hash}",
    "0, 'p', 0, NULL, NULL, 'act', 't', 'k', {leaf}, {hash}",
    "0, 'p', 1, 'm', 0, 'act', 't', 'k', {leaf}, {hash}",
    "0, 'p', 1, 'm', NULL, 'act', 't', 'k', {leaf}, {hash}",
    "0, 'p', 1, NULL, 1, 'act', 't', 'k', {leaf}, {hash}",
    "0, 'p', 1, NULL, NULL, 'forged', 't', 'k', {leaf}, {hash}",
    "0, 'p', 1, NULL, NULL, 'act', 't', 'k', {leaf}, {leaf}",
    "'x', 'p', 1, NULL, NULL, 'act', 't', 'k', {leaf}, {hash}",
    "0, 'p', 1, NULL, NULL, 'act', NULL, 'k', {leaf}, {hash}",
)


def test_rows_out_of_bounds_are_refused(db: Database):
    """Whatever the code above does, the database takes no row that cannot be an entry."""
    columns = "seq, place, pseq, matter, mseq, type, recorded_at, key, leaf, hash"
    binary = "x'{}'" if db.dialect == "sqlite" else "'\\x{}'"
    literals = {"leaf": binary.format("00"), "hash": binary.format("00" * 32)}
    for row in IMPOSSIBLE_ROWS:
        with pytest.raises(DBAPIError), db.writing() as conn:
            conn.exec_driver_sql(f"INSERT INTO entry ({columns}) VALUES ({row.format(**literals)})")  # noqa: S608


def test_a_disk_error_makes_the_database_read_only(sqlite: Database):
    """After the disk failed under a write nothing more is written until the database is opened anew."""
    fill(sqlite, 1)
    broken = sqlite3.OperationalError("disk I/O error")
    broken.sqlite_errorname = "SQLITE_IOERR_FSYNC"
    with pytest.raises(ReadOnly, match="SQLITE_IOERR_FSYNC"), sqlite.writing():
        raise broken
    with pytest.raises(ReadOnly, match="SQLITE_IOERR_FSYNC"), sqlite.writing():
        pass
    with sqlite.reading() as conn:
        assert register.head(conn).size == 1
    again = Database.open(f"sqlite:///{sqlite.path}")
    fill(again, 1)
    again.close()


def test_a_full_disk_is_no_damage(sqlite: Database):
    """When the disk is full a write fails; when there is room again the next one succeeds."""
    with sqlite.writing() as conn:
        pages = run(conn, "PRAGMA page_count").fetchone()[0]
        driver(conn).execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(sqlite3.OperationalError, match="full"):
        fill(sqlite, 200)
    with sqlite.writing() as conn:
        driver(conn).execute("PRAGMA max_page_count=1000000")
    fill(sqlite, 200)
    with sqlite.reading() as conn:
        assert register.head(conn).size == 200


def test_the_log_is_folded_in_by_us(sqlite: Database, monkeypatch: pytest.MonkeyPatch):
    """After so many commits the log is folded into the file, and not by SQLite, which would swallow errors."""
    monkeypatch.setattr(database, "COMMITS_PER_CHECKPOINT", 20)
    assert sqlite.path is not None
    before = sqlite.path.stat().st_size
    for _ in range(20):
        fill(sqlite, 1)
    assert sqlite.path.stat().st_size > before
    with sqlite.reading() as conn:
        assert run(conn, "PRAGMA wal_autocheckpoint").fetchone()[0] == 0
