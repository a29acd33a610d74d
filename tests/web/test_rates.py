"""How often one address may do one thing, on both engines."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from web.rates import Rate, take, wait_words
from workflow.store.database import Database, run

NOW = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
TWICE = Rate("twice", 2, timedelta(minutes=10))
ONCE = Rate("once", 1, timedelta(hours=1))


@pytest.fixture
def database(database_url) -> Iterator[Database]:
    """An empty database."""
    opened = Database.open(database_url)
    opened.create()
    yield opened
    opened.close()


def test_a_window_counts_from_its_first_time_and_then_begins_anew(database):
    """Twice in ten minutes are free, the third waits for the rest of them, and after them all is free again."""
    times = [(0, 0), (60, 0), (61, 539), (300, 300), (599, 1), (600, 0), (601, 0), (602, 598)]
    with database.writing() as conn:
        for seconds, wait in times:
            assert take(conn, TWICE, "192.0.2.1", NOW + timedelta(seconds=seconds)) == wait


def test_addresses_and_kinds_are_counted_apart(database):
    """A neighbour, and another thing done from the same address, have counts of their own."""
    with database.writing() as conn:
        assert take(conn, ONCE, "192.0.2.1", NOW) == 0
        assert take(conn, ONCE, "192.0.2.1", NOW) == 3600
        assert take(conn, ONCE, "192.0.2.2", NOW) == 0
        assert take(conn, TWICE, "192.0.2.1", NOW) == 0


def test_addresses_are_kept_as_digests_and_no_longer_than_needed(database):
    """No address stands in the table, and a window that has ended is gone with the next count."""
    with database.writing() as conn:
        take(conn, TWICE, "192.0.2.1", NOW)
        assert "192.0.2.1" not in str(run(conn, "SELECT * FROM rate").fetchall())
        take(conn, ONCE, "192.0.2.9", NOW + timedelta(minutes=10))
        assert run(conn, "SELECT count(*) FROM rate").fetchone()[0] == 1


@pytest.mark.parametrize(
    "seconds, words", [(1, "1 秒"), (119, "119 秒"), (120, "2 分钟"), (3600, "60 分钟"), (3601, "61 分钟")]
)
def test_a_wait_is_said_in_round_words(seconds, words):
    """Short waits in seconds, long ones in minutes, never less than they are."""
    assert wait_words(seconds) == words
