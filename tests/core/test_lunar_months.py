"""The lunar months of the calendar files: the real ones, whole, and refused where they do not follow each other."""

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from lunar_python import Solar
from pydantic import ValidationError

from workflow.core.days import Calendar, CalendarYear
from workflow.reading.explain import validate
from workflow.shelves import read_file

FOLDER = Path(__file__).parents[2] / "procedures" / "calendars"
CALENDAR = Calendar.from_data(
    validate(CalendarYear, read_file(path)) for path in sorted(FOLDER.glob("*.yaml"))
)


def test_the_lunar_months_on_file_are_the_real_ones() -> None:
    """Each is what the lunar package says of its first day; none is left out between the first and the last."""
    months = CALENDAR.lunar
    moons = [Solar.fromYmd(each.first.year, each.first.month, each.first.day).getLunar() for each in months]

    assert {moon.getDay() for moon in moons} == {1}
    assert [(each.month, each.leap) for each in months] == [
        (abs(moon.getMonth()), moon.getMonth() < 0) for moon in moons
    ]
    assert all(one.precedes(other) for one, other in pairwise(months))
    assert months[0].first < date(2024, 1, 31)
    assert months[-1].first > date(2036, 12, 1)


@pytest.mark.parametrize(
    "day",
    [
        "2024-02-10",
        "2025-01-29",
        "2026-02-17",
        "2027-02-06",
        "2028-01-26",
        "2029-02-13",
        "2030-02-03",
        "2033-01-31",
    ],
)
def test_spring_festival_is_the_first_of_the_first_month(day: str) -> None:
    """The days everybody knows stand in the files."""
    (month,) = [each for each in CALENDAR.lunar if each.first.isoformat() == day]

    assert (month.month, month.leap) == (1, False)


def test_a_notice_without_months_keeps_those_of_the_provisional_year() -> None:
    """The moon waits for no notice: a published year typed without lunar months does not lose them."""
    years = [validate(CalendarYear, read_file(path)) for path in sorted(FOLDER.glob("*.yaml"))]
    (of_2027,) = [each for each in years if each.year == 2027]
    typed = of_2027.model_copy(update={"status": "published", "lunar_months": ()})

    assert Calendar.from_data([*years, typed]).lunar == CALENDAR.lunar


@pytest.mark.parametrize(
    "change, place, words",
    [
        (lambda months: months[1:], ("lunar_months",), "写全"),
        (lambda months: months[:-1], ("lunar_months",), "写全"),
        (lambda months: [*months[:3], *months[4:]], ("lunar_months", 3, "first"), "接不上"),
        (lambda months: [*months[:4], {**months[4], "month": 7}, *months[5:]], ("lunar_months", 4, "first"), "接不上"),
        (lambda months: [*months[:4], {**months[4], "leap": True}, *months[5:]], ("lunar_months", 4, "first"), "接不上"),
        (lambda months: [{**months[0], "first": "2025-12-20"}, *months[1:]], ("lunar_months", 0, "first"), "不在2026年"),
    ],
)  # fmt: skip
def test_lunar_months_that_do_not_follow_each_other_are_refused(
    change: Any, place: tuple[Any, ...], words: str
) -> None:
    """A month left out, misnumbered or of another year is named where it stands."""
    plain: Any = read_file(FOLDER / "2026.yaml").plain()
    with pytest.raises(ValidationError) as caught:
        CalendarYear.model_validate({**plain, "lunar_months": change(plain["lunar_months"])})
    fault = caught.value.errors()[0]

    assert fault["loc"] == place
    assert words in fault["msg"]
