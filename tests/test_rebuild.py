"""The table of matters, written anew from the register: on both databases the same rows come out."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.attacks import Attacker, Copy
from tests.builders import COUNTY, VILLAGE, Clock, People, advance_ok, life, village
from workflow.installation import Installation, create
from workflow.rebuild import Damaged, rebuild
from workflow.store.database import run
from workflow.verify import verify


@pytest.fixture
def here(database_url: str, tmp_path: Path) -> Iterator[Installation]:
    """A village with one matter archived, one under way, one with an open objection and one corrected."""
    made = create(tmp_path / "data", COUNTY, "临沭县", url=database_url, clock=Clock())
    people = village(made)
    life(made, people)
    life(made, people, "called")
    objected = life(made, people, "posting_confirmed")
    advance_ok(
        made, VILLAGE, objected, "object", "public", {"channel": "web", "named": False, "content": "太贵"}
    )
    _correct(made, people, life(made, people, "resolution_confirmed"))
    made.signer.sign_pending()
    yield made
    made.database.close()


def _correct(here: Installation, people: People, matter: str) -> None:
    with here.database.reading() as conn:
        found = here.matter(conn, VILLAGE, matter)
    assert found
    number = next(act.mseq for act in found.acts if "women_present" in act.facts)
    facts = {"corrects": number, "reason": "数错了", "in_favour": 12, "against": 19}
    advance_ok(here, VILLAGE, matter, "correct", people.secretary, facts)
    advance_ok(here, VILLAGE, matter, "confirm", people.vsc_chair, {})


def rows(here: Installation) -> list[Any]:
    """The whole table."""
    with here.database.reading() as conn:
        return list(run(conn, "SELECT * FROM matter ORDER BY id").fetchall())


def attacked(here: Installation, url: str, *statements: str) -> None:
    """Change the tables directly."""
    with Attacker(Copy(here.documents.folder.parent, url)).database() as execute:
        for each in statements:
            execute(each)


def test_what_advance_wrote_is_what_rebuild_writes(here: Installation) -> None:
    """Rebuilding an untouched table changes no row."""
    before = rows(here)

    assert (rebuild(here).matters, rebuild(here).changed) == (4, ())
    assert rows(here) == before
    assert verify(here).holds


@pytest.mark.parametrize(
    "damage, changed",
    [
        ("DELETE FROM matter", 4),
        ("UPDATE matter SET at = 'withdrawn', mseq = 1, title = '别的'", 4),
        ("UPDATE matter SET open_objections = 0", 1),
        ("UPDATE matter SET without_basis = 0, corrections = 0", 1),
        ("UPDATE matter SET id = id || 'x' WHERE at = 'archived'", 2),
    ],
)
def test_a_damaged_table_is_restored(
    here: Installation, database_url: str, damage: str, changed: int
) -> None:
    """Every row comes back as it was, titles included, and rows of no matter go."""
    before = rows(here)
    attacked(here, database_url, damage)
    assert not verify(here).holds

    assert len(rebuild(here).changed) == changed
    assert rows(here) == before
    assert verify(here).holds


def test_an_erased_title_stays_erased(here: Installation, database_url: str) -> None:
    """The title comes from the opening's words; where those are gone, the row has none."""
    attacked(here, database_url, "DELETE FROM private_text WHERE field = 'title'")

    rebuild(here)

    with here.database.reading() as conn:
        assert set(run(conn, "SELECT title FROM matter").fetchall()) == {("",)}


def test_a_register_with_a_gap_is_not_rebuilt(here: Installation, database_url: str) -> None:
    """Where an entry is missing nothing is changed, whatever could still be read."""
    with here.database.reading() as conn:
        (seq,) = run(conn, "SELECT min(seq) FROM entry WHERE mseq = 3").fetchone()
    attacked(here, database_url, f"DELETE FROM entry WHERE seq = {seq}", "DELETE FROM matter")  # noqa: S608 - a number

    with pytest.raises(Damaged, match=f"总第 {seq + 1} 条"):
        rebuild(here)

    assert rows(here) == []
