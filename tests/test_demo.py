"""The demo county: every story ends where its file says, on a clock that only moves forward."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from command.answers import WrongCall
from command.county import read_stories
from command.demo import ACCOUNTS, CLOCK, made_or_opened
from command.training_clock import TrainingClock
from workflow.core.days import civil_day
from workflow.core.matter import Matter
from workflow.installation import Installation
from workflow.store.database import run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demo is made, once for all these tests."""
    return tmp_path_factory.mktemp("made") / "demo"


@pytest.fixture(scope="module")
def demo(folder: Path) -> Iterator[Installation]:
    """The demo as first made."""
    here, _ = made_or_opened(folder)
    yield here
    here.close()


@pytest.fixture(scope="module")
def matters(demo: Installation) -> dict[str, Matter]:
    """The demo's matters by title."""
    with demo.database.reading() as conn:
        rows = run(conn, "SELECT id, place, title FROM matter").fetchall()
        found = {title: demo.matter(conn, place, id_) for id_, place, title in rows}
    return {title: matter for title, matter in found.items() if matter is not None}


def test_every_story_ends_where_its_file_says(matters: dict[str, Matter]) -> None:
    """Each of the demo's matters stands where `until` names."""
    assert {story.title: story.until for story in read_stories()} == {
        title: matter.at for title, matter in matters.items()
    }


def test_the_demo_shows_what_goes_wrong_in_real_villages(matters: dict[str, Matter]) -> None:
    """A meeting without quorum, a rejected vote, an open and a dismissed objection, 补录, a correction, a withdrawal."""
    outcomes = {act.outcome for matter in matters.values() for act in matter.acts}
    objections = {each.status for matter in matters.values() for each in (matter.objections or {}).values()}

    assert {"adjourned", "rejected", "withdrawn", "changed", "unchanged"} - outcomes == {"changed"}
    assert objections == {"received", "dismissed"}
    assert [title for title, matter in matters.items() if any(act.late_days for act in matter.acts)] == [
        "硬化前街路面"
    ]


def test_one_posting_runs_over_new_year_on_the_provisional_calendar(matters: dict[str, Matter]) -> None:
    """The cemetery road's posting ends in 2027, whose holidays are not announced, and its record says so."""
    posted = matters["公墓道路修整"].entries[-2]

    assert posted.action == "post"
    assert posted.computed["provisional"] is True
    assert posted.computed["last_on"] == "2027-01-04"


def test_the_demo_is_kept_over_restarts(folder: Path, demo: Installation) -> None:
    """A second start opens the same data, accounts and clock; a folder with something else in it is refused."""
    again, accounts = made_or_opened(folder)

    assert [each.login for each in accounts][:3] == ["shuji1", "zhuren1", "wenshu1"]
    assert len(json.loads((folder / ACCOUNTS).read_text())) == len(accounts)
    assert civil_day(again.clock()) == civil_day(demo.clock())
    again.database.close()
    with pytest.raises(WrongCall, match="空文件夹"):
        made_or_opened(folder.parent)


def test_the_training_clock_moves_forward_only(tmp_path: Path) -> None:
    """Days can pass, never go back; a second clock on the same file tells the same time."""
    real = datetime(2026, 11, 22, 8, tzinfo=UTC)
    clock = TrainingClock(tmp_path / CLOCK, lambda: real)
    clock.start_at(real - timedelta(days=100))
    clock.forward(days=15)

    assert clock() == real - timedelta(days=85)
    assert TrainingClock(tmp_path / CLOCK, lambda: real)() == clock()
    with pytest.raises(ValueError, match="at least one day"):
        clock.forward(days=0)
    with pytest.raises(FileExistsError):
        clock.start_at(real)
