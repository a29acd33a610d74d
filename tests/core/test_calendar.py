"""Calendars: the files as shipped, and what makes a calendar of years."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
import pytest
import yaml
from pydantic import ValidationError

from workflow.core.days import Calendar, CalendarYear

FOLDER = Path(__file__).parents[2] / "procedures" / "calendars"


class DaysAsText(yaml.SafeLoader):
    """YAML whose days stay text, as the product's own reader has them."""


DaysAsText.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_years() -> Iterator[dict[str, Any]]:
    """Give the data of every calendar file."""
    for path in sorted(FOLDER.glob("*.yaml")):
        yield yaml.load(path.read_bytes(), Loader=DaysAsText)  # noqa: S506 (a SafeLoader)


CALENDAR = Calendar.from_data(read_years(), digest="sha256:00")


def year(number: int = 2027, status: str = "published", **changes: object) -> dict[str, object]:
    """Spell a small valid calendar year, with changes."""
    rest = [{"day": f"{number}-01-01", "name": "元旦"}]
    return {"year": number, "status": status, "source": "通知", "rest": rest, **changes}


def lined(*days: str) -> list[dict[str, str]]:
    """Spell lines of a calendar file."""
    return [{"day": day, "name": "元旦"} for day in days]


# The files


def test_published_years_are_the_official_ones() -> None:
    """Every day of 2024 to 2026 rests or works as the State Council arranged, and none is provisional."""
    day = date(2024, 1, 1)
    while day.year < 2027:
        assert CALENDAR.is_rest(day) == chinese_calendar.is_holiday(day), day
        assert not CALENDAR.is_provisional(day)
        day += timedelta(days=1)


@pytest.mark.parametrize(
    "eve, qingming, duanwu, zhongqiu",
    [
        ("2027-02-05", "2027-04-05", "2027-06-09", "2027-09-15"),
        ("2028-01-25", "2028-04-04", "2028-05-28", "2028-10-03"),
        ("2029-02-12", "2029-04-04", "2029-06-16", "2029-09-22"),
        ("2030-02-02", "2030-04-05", "2030-06-05", "2030-09-12"),
        ("2031-01-22", "2031-04-05", "2031-06-24", "2031-10-01"),
        ("2032-02-10", "2032-04-04", "2032-06-12", "2032-09-19"),
        ("2033-01-30", "2033-04-04", "2033-06-01", "2033-09-08"),
        ("2034-02-18", "2034-04-05", "2034-06-20", "2034-09-27"),
        ("2035-02-07", "2035-04-05", "2035-06-10", "2035-09-16"),
        ("2036-01-27", "2036-04-04", "2036-05-30", "2036-10-04"),
    ],
)
def test_provisional_years_hold_the_statutory_days(eve, qingming, duanwu, zhongqiu) -> None:
    """Without a notice exactly the days of art. 2 are listed: 春节 has four, from its eve on."""
    first = date.fromisoformat(eve)
    number = first.year
    expected = {first + timedelta(days=n) for n in range(4)}
    expected |= {date.fromisoformat(day) for day in (qingming, duanwu, zhongqiu)}
    expected |= {date(number, *day) for day in ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))}
    assert {day for day in CALENDAR.rest if day.year == number} == expected
    assert not {day for day in CALENDAR.work if day.year == number}
    assert CALENDAR.is_provisional(first)


# From data to a calendar


def test_published_year_outranks_its_provisional_one() -> None:
    """Adding the notice's file is enough: its days count, the provisional ones of that year do not."""
    provisional = year(2027, "provisional", rest=lined("2027-01-01", "2027-02-05"))
    published = year(2027, rest=lined("2027-01-01", "2027-02-08"), work=lined("2027-02-06"))
    for pair in ([provisional, published], [published, provisional]):
        calendar = Calendar.from_data(pair)
        assert not calendar.is_provisional(date(2027, 2, 5))
        assert not calendar.is_rest(date(2027, 2, 5))
        assert not calendar.is_rest(date(2027, 2, 6))
        assert calendar.is_rest(date(2027, 2, 8))


def test_notice_may_reach_back_into_december() -> None:
    """A notice for 2028 can make 31 December 2027 a rest day; 30 November is not its business."""
    calendar = Calendar.from_data([year(2027), year(2028, rest=lined("2027-12-31", "2028-01-01"))])
    assert calendar.is_rest(date(2027, 12, 31))
    with pytest.raises(ValidationError, match="不在2028年，也不在上一年12月"):
        Calendar.from_data([year(2028, rest=lined("2027-11-30"))])


def test_calendar_keeps_its_digest_and_accepts_read_years() -> None:
    """The loader's digest stays with the calendar; years that were validated before are taken as they are."""
    assert CALENDAR.digest == "sha256:00"
    assert Calendar.from_data([CalendarYear.model_validate(year())]) == Calendar.from_data([year()])


@pytest.mark.parametrize(
    "years, words",
    [
        ([], "一年的日历也没有"),
        ([year(2027), year(2030), year(2028)], "日历中间缺了2029年"),
        ([year(2027), year(2027)], "2027年的日历有两份"),
        ([year(2027, "provisional"), year(2027), year(2027, "provisional")], "2027年的日历有两份"),
    ],
)
def test_years_that_make_no_calendar_are_refused(years: list[dict[str, object]], words: str) -> None:
    """No year, a hole, or two files for one year are refused with a sentence."""
    with pytest.raises(ValueError, match=f"^{words}$"):
        Calendar.from_data(years)


@pytest.mark.parametrize(
    "changes, place, words",
    [
        ({"rest": lined("2027-01-01", "2026-11-30")}, ("rest", 1, "day"), "2026-11-30 不在2027年"),
        ({"rest": lined("2027-01-01", "2028-01-01")}, ("rest", 1, "day"), "2028-01-01 不在2027年"),
        ({"rest": lined("2027-01-02", "2027-01-01")}, ("rest", 1, "day"), "没有按先后排列"),
        ({"rest": lined("2027-01-01", "2027-01-01")}, ("rest", 1, "day"), "重复了"),
        ({"rest": lined("2027-02-30")}, ("rest", 0, "day"), "没有 2027-02-30 这一天"),
        ({"rest": lined("20270101")}, ("rest", 0, "day"), "日期要写成 2026-03-01 这样"),
        ({"rest": lined("2027-W01-1")}, ("rest", 0, "day"), "日期要写成 2026-03-01 这样"),
        ({"rest": [{"day": date(2027, 1, 1), "name": "元旦"}]}, ("rest", 0, "day"), "日期要写成"),
        ({"rest": []}, ("rest",), "至少写一天"),
        ({"work": lined("2027-02-05")}, ("work", 0, "day"), "2027-02-05 是星期五，调休上班只会在周六、周日"),
        (
            {"rest": lined("2027-01-02"), "work": lined("2027-01-02")},
            ("work", 0, "day"),
            "既写了放假，又写了上班",
        ),
        (
            {"status": "provisional", "work": lined("2027-01-02")},
            ("work", 0, "day"),
            "暂定的年份还没有调休上班日",
        ),
        ({"year": "2027"}, ("year",), "valid integer"),
        ({"holidays": []}, ("holidays",), "not permitted"),
    ],
)
def test_faults_name_their_place(changes: dict[str, object], place: tuple[object, ...], words: str) -> None:
    """A fault has its own place in the data, so that its line and column can be shown."""
    with pytest.raises(ValidationError) as caught:
        CalendarYear.model_validate(year(2027, **changes))
    (fault,) = caught.value.errors()
    assert fault["loc"] == place
    assert words in fault["msg"]


def test_all_faults_are_shown_at_once() -> None:
    """Two wrong days give two faults."""
    with pytest.raises(ValidationError) as caught:
        CalendarYear.model_validate(year(2027, rest=lined("2028-01-01"), work=lined("2027-02-05")))
    assert [fault["loc"] for fault in caught.value.errors()] == [("rest", 0, "day"), ("work", 0, "day")]
