"""A county's numbers and lists over many matters, on both engines."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import insert
from sqlmodel import SQLModel

from workflow.store import overview, places
from workflow.store.database import Database, run
from workflow.store.matters import MatterRow
from workflow.store.overview import MARKS, Numbers

MATTER = SQLModel.metadata.tables[MatterRow.__tablename__]
TODAY = date(2026, 6, 1)
HERE, THERE, ELSEWHERE = "371329105201", "371329106201", "371330105201"


@pytest.fixture
def matters(database_url) -> Iterator[Database]:
    """Twelve matters in each of three villages, one of them in the next county: every third ended, some marked."""
    database = Database.open(database_url)
    database.create()
    with database.writing() as conn:
        for place in (HERE, THERE, ELSEWHERE):
            places.add(conn, place, place)
            for number in range(12):
                conn.execute(insert(MATTER).values(row(place, number)))
    yield database
    database.close()


def row(place: str, number: int) -> dict[str, object]:
    """A matter: 0, 3, 6, 9 have ended; 1, 4 and 7 share one day that is past; 2 runs to the day itself."""
    ended = number % 3 == 0
    late = {1: "2026-03-05", 4: "2026-03-05", 7: "2026-03-05", 10: "2026-01-05", 2: TODAY.isoformat()}
    return {
        "id": f"{place}-2026-{number:04d}", "place": place, "title": "修路", "kind": "public_works", "tier": "major",
        "procedure": "sha256:" + "a" * 64, "procedure_id": "siyi_lianggongkai",
        "at": "archived" if ended else "resolve", "stage": "决议", "phase": "" if ended else "vote",
        "waits_for": "" if ended else "secretary", "mseq": 9, "opened_on": "2026-01-01",
        "last_acted_on": "2026-02-01", "first_day": None, "last_day": late.get(number),
        "open_objections": int(number == 5), "late_acts": int(number in (0, 1)), "corrections": int(number == 6),
        "without_basis": 0, "escalated": 0,
    }  # fmt: skip


def test_numbers_are_counted_per_village_of_the_scope(matters):
    """Open, overdue and objected to are counted among the open ones, late and corrected among all."""
    expected = Numbers(open=8, overdue=4, late=2, objections=1, corrected=1)
    with matters.reading() as conn:
        assert overview.numbers(conn, "371329", TODAY) == {HERE: expected, THERE: expected}
        assert overview.numbers(conn, THERE[:9], TODAY) == {THERE: expected}
        assert overview.numbers(conn, HERE, TODAY) == {HERE: expected}
        assert overview.numbers(conn, "371331", TODAY) == {}


@pytest.mark.parametrize(
    "mark, count", [("", 24), ("open", 16), ("overdue", 8), ("late", 4), ("objections", 2), ("corrected", 2)]
)
@pytest.mark.parametrize("size", [1, 3, 50])
def test_the_pages_of_a_list_hold_each_matter_once(matters, monkeypatch, mark, count, size):
    """Going on from the last row seen, every matter comes once and in order, also where many share one last day."""
    monkeypatch.setattr(overview, "PAGE", size)
    found, after = [], ""
    with matters.reading() as conn:
        while True:
            rows, after = overview.matters(conn, "371329", mark, after, TODAY)
            assert len(rows) <= size
            found += rows
            if not after:
                break
    ids = [each.id for each in found]
    assert len(ids) == len(set(ids)) == count
    order = [(each.last_day if mark == "overdue" else "", each.id) for each in found]
    assert order == sorted(order)


def test_a_list_is_narrowed_to_a_scope(matters):
    """The next county's matters are never listed, and a village's list holds its own alone."""
    with matters.reading() as conn:
        for scope, mark in (("371329", ""), ("371329", "overdue"), (HERE, ""), (THERE[:9], "late")):
            rows, _ = overview.matters(conn, scope, mark, "", TODAY)
            assert rows
            assert all(each.place.startswith(scope) for each in rows)


@pytest.mark.parametrize("mark", [each for each in MARKS if each != "overdue"])
def test_counting_a_mark_reads_its_own_index(tmp_path, mark):
    """Of a million matters, only those with the mark are touched."""
    database = Database.open(f"sqlite:///{tmp_path / 'cunyi.db'}")
    database.create()
    sql = f"SELECT substr(id, 1, 12), count(*) FROM matter WHERE id >= ? AND id < ? AND {MARKS[mark]} GROUP BY 1"  # noqa: S608 - our own words
    with database.reading() as conn:
        plan = [str(each[3]) for each in run(conn, f"EXPLAIN QUERY PLAN {sql}", ("1", "2"))]
    assert f"INDEX matter_{mark} " in plan[0]
    database.close()


def test_what_is_overdue_comes_in_the_order_of_its_index(tmp_path):
    """No sorting: the page begins in the index where the last one ended."""
    database = Database.open(f"sqlite:///{tmp_path / 'cunyi.db'}")
    database.create()
    sql = (
        "SELECT id FROM matter WHERE (last_day, id) > (?, ?) AND id >= ? AND id < ? AND last_day < ? "
        "ORDER BY last_day, id LIMIT 51"
    )
    with database.reading() as conn:
        plan = [str(each[3]) for each in run(conn, f"EXPLAIN QUERY PLAN {sql}", ("", "", "1", "2", "3"))]
    assert len(plan) == 1
    assert "INDEX matter_overdue " in plan[0]
    database.close()
