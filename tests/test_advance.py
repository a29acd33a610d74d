"""What an act takes with it into its transaction."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection

from tests.builders import COUNTY, TOWNSHIP, Clock, village
from tests.writer import LIBRARY, opening
from workflow.advance import advance
from workflow.core.attempt import Refusal
from workflow.installation import Installation, create
from workflow.request import KeyReused, Receipt
from workflow.store import places, register
from workflow.store.database import run


@pytest.fixture
def here(database_url: str, tmp_path: Path) -> Iterator[Installation]:
    """An installation with one village, on each kind of database."""
    made = create(tmp_path / "home", COUNTY, "临沭县", url=database_url, library=LIBRARY, clock=Clock())
    village(made)
    yield made
    made.close()


def rename(conn: Connection) -> None:
    """Something else that is to be true together with an act."""
    run(conn, "UPDATE place SET name = '改名镇' WHERE code = ?", (TOWNSHIP,))


def name(here: Installation) -> str | None:
    """What `rename` changes."""
    with here.database.reading() as conn:
        return places.name_of(conn, TOWNSHIP)


def size(here: Installation) -> int:
    """How many entries there are."""
    with here.database.reading() as conn:
        return register.head(conn).size


def test_also_is_committed_with_the_act(here: Installation) -> None:
    """What is given as `also` is done when the act is recorded."""
    assert isinstance(advance(here, opening("one"), rename), Receipt)
    assert name(here) == "改名镇"


def test_also_is_done_for_a_repeated_key(here: Installation) -> None:
    """A key answered before gives the same receipt, and `also` is done."""
    advance(here, opening("one"))
    again = advance(here, opening("one"), rename)
    assert isinstance(again, Receipt)
    assert again.repeated
    assert name(here) == "改名镇"


def test_also_is_not_done_without_a_receipt(here: Installation) -> None:
    """Neither a refusal nor a key used for something else does what was given as `also`."""
    advance(here, opening("one"))
    assert isinstance(advance(here, replace(opening("two"), actor="p_nobody"), rename), Refusal)
    assert isinstance(advance(here, replace(opening("one"), actor="p_nobody"), rename), KeyReused)
    assert name(here) == "青山镇"


def test_an_act_is_undone_when_also_fails(here: Installation) -> None:
    """An exception of `also` goes to the caller and leaves no entry; the key can be used afterwards."""
    before = size(here)

    def fail(conn: Connection) -> None:
        rename(conn)
        raise RuntimeError("the draft cannot be dropped")

    with pytest.raises(RuntimeError, match="draft"):
        advance(here, opening("one"), fail)
    assert (size(here), name(here)) == (before, "青山镇")
    answer = advance(here, opening("one"))
    assert isinstance(answer, Receipt)
    assert not answer.repeated
