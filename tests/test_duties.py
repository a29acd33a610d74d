"""Duties that come back, in a real installation: due, overdue, missed, done; by the sun in 临沭, by the moon in 沂南."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.builders import COUNTY, VILLAGE, Clock, People, advance_ok, document, village
from tests.writer import LIBRARY
from workflow.core.days import civil_day
from workflow.duties import Duty, duties
from workflow.installation import Installation, create

YINAN = "371321105201"
OPENING = {
    "title": "例会", "source": "cadres_propose", "mover": "committee", "reason": "到期开会",
}  # fmt: skip
MEETING = {"place": "村委会会议室", "chair": "主持人", "recorder": "记录人", "summary": "商量了近期工作"}


@pytest.fixture
def linshu(database_url: str, tmp_path: Path) -> Iterator[Installation]:
    """A village of 临沭 on Monday 2 March 2026, on each kind of database."""
    made = create(tmp_path / "home", COUNTY, "临沭县", url=database_url, library=LIBRARY, clock=Clock())
    village(made)
    yield made
    made.close()


@pytest.fixture
def yinan(tmp_path: Path) -> Iterator[Installation]:
    """A village of 沂南, whose committees meet on the first of each lunar month."""
    url = f"sqlite:///{tmp_path / 'cunyi.db'}"
    made = create(tmp_path / "home", "371321000000", "沂南县", url=url, library=LIBRARY, clock=Clock())
    village(made, place=YINAN)
    yield made
    made.close()


def to(here: Installation, day: date) -> None:
    """Let time pass to nine in the morning of a later day."""
    here.clock.forward(days=(day - civil_day(here.clock())).days)  # type: ignore[attr-defined]


def duty(here: Installation, place: str, kind: str) -> Duty:
    """One kind's turns as they stand today."""
    with here.database.reading() as conn:
        return next(
            each for each in duties(here, conn, place, civil_day(here.clock())) if each.kind.id == kind
        )


def states(here: Installation, place: str, kind: str) -> list[tuple[str, str]]:
    """How each turn stands, by name, the oldest first."""
    return [(each.span.label, each.state) for each in duty(here, place, kind).turns]


def opened(here: Installation, place: str, kind: str) -> str:
    """The director opens a meeting of that kind today; the matter's id."""
    receipt = advance_ok(here, place, None, "open", People().director, {**OPENING, "kind": kind})
    return str(receipt.entry.matter)


def met(here: Installation, place: str, matter: str, due: int) -> None:
    """Everybody due comes; the minutes are put up and filed the same day."""
    people, paper = People(), [document(here)]
    advance_ok(
        here,
        place,
        matter,
        "record",
        people.director,
        {**MEETING, "due": due, "present": due, "minutes": paper},
    )
    facts = {"posted": True, "topics": 2, "volume": "2026-62-1", "paper": paper}
    advance_ok(here, place, matter, "enter", people.clerk, facts)


def test_a_meeting_is_due_until_its_month_ends_and_done_when_filed(linshu: Installation) -> None:
    """The record begins in March, of January it knows nothing; due still while under way, done once the minutes are filed."""
    assert states(linshu, VILLAGE, "committee_regular") == [("2026年3月", "due")]
    matter = opened(linshu, VILLAGE, "committee_regular")
    found = duty(linshu, VILLAGE, "committee_regular")
    assert (found.under_way, found.turns[-1].state) == ((matter,), "due")
    met(linshu, VILLAGE, matter, 5)
    found = duty(linshu, VILLAGE, "committee_regular")
    assert (found.under_way, found.turns[-1].state, found.turns[-1].done_on) == ((), "done", date(2026, 3, 2))
    to(linshu, date(2026, 5, 1))
    done = [("2026年3月", "done"), ("2026年4月", "missed"), ("2026年5月", "due")]
    assert states(linshu, VILLAGE, "committee_regular") == done
    assert [each.span.label for each in duty(linshu, VILLAGE, "committee_regular").missed] == ["2026年4月"]


def test_a_meeting_begun_in_time_but_filed_a_month_late_meets_the_later_month(linshu: Installation) -> None:
    """What counts is the day it was put away: begun in March, filed in April, March is missed."""
    matter = opened(linshu, VILLAGE, "committee_regular")
    to(linshu, date(2026, 4, 2))
    met(linshu, VILLAGE, matter, 5)
    assert states(linshu, VILLAGE, "committee_regular")[-2:] == [
        ("2026年3月", "missed"),
        ("2026年4月", "done"),
    ]


def test_each_duty_of_a_village_is_there_with_its_period(linshu: Installation) -> None:
    """临沭: what the nation, the province and the county ask for, each as often as its layer says."""
    with linshu.database.reading() as conn:
        found = duties(linshu, conn, VILLAGE, civil_day(linshu.clock()))
    asked = {each.kind.id: each.kind.every.period for each in found if each.kind.every}
    expected = {
        "rep_assembly_regular": "quarterly", "party_meeting_regular": "quarterly", "committee_regular": "monthly",
        "vsc_regular": "monthly", "vsc_report": "half_yearly", "appraisal": "yearly",
        "disclosure_general": "quarterly", "disclosure_finance": "monthly", "village_briefing": "quarterly",
    }  # fmt: skip
    assert expected.items() <= asked.items()


def test_a_lunar_meeting_has_its_day_and_three_days_grace(yinan: Installation) -> None:
    """The first of the second lunar month is 19 March 2026: due that day, overdue for three, missed after."""
    found = []
    for day in (19, 20, 22, 23):
        to(yinan, date(2026, 3, day))
        found.append(states(yinan, YINAN, "joint_regular")[-1])
    assert found == [("农历2026年二月", state) for state in ("due", "overdue", "overdue", "missed")]


def test_a_lunar_meeting_held_on_its_day_is_done_and_one_in_grace_says_when(yinan: Installation) -> None:
    """Held on 19 March; the next, due on 17 April, is held two days late: both done, each with its day."""
    to(yinan, date(2026, 3, 19))
    met(yinan, YINAN, opened(yinan, YINAN, "joint_regular"), 8)
    to(yinan, date(2026, 4, 19))
    met(yinan, YINAN, opened(yinan, YINAN, "joint_regular"), 8)
    held = [(each.state, each.done_on) for each in duty(yinan, YINAN, "joint_regular").turns[-2:]]
    assert held == [("done", date(2026, 3, 19)), ("done", date(2026, 4, 19))]


def test_representatives_meet_on_the_second_of_odd_lunar_months(yinan: Installation) -> None:
    """On 18 April it is the second of the third lunar month, in June of the fifth; the months between ask nothing."""
    to(yinan, date(2026, 6, 16))
    found = duty(yinan, YINAN, "rep_assembly_regular").turns
    assert [(each.span.label, each.span.first_day, each.state) for each in found] == [
        ("农历2026年三月", date(2026, 4, 18), "missed"),
        ("农历2026年五月", date(2026, 6, 16), "due"),
    ]
