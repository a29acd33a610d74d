"""Civil days and statutory periods: both sides of every edge, then what holds for all of them."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from workflow.core.days import (
    SHANGHAI,
    Calendar,
    CalendarEnds,
    CalendarYear,
    civil_day,
    day_words,
    latest_notice_day,
    period,
    weekday_words,
)

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

starts = st.dates(date(2024, 1, 1), date(2035, 6, 30))
lengths = st.integers(1, 400)
counts = st.sampled_from(["civil_code", "inclusive"])


def year(number: int = 2027, status: str = "published", **changes: object) -> dict[str, object]:
    """Spell a small valid calendar year, with changes."""
    rest = [{"day": f"{number}-01-01", "name": "元旦"}]
    return {"year": number, "status": status, "source": "通知", "rest": rest, **changes}


def lined(*days: str) -> list[dict[str, str]]:
    """Spell lines of a calendar file."""
    return [{"day": day, "name": "元旦"} for day in days]


# Days and words


def test_day_turns_at_midnight_in_china() -> None:
    """16:00 UTC is already the next day in China, a microsecond earlier is not."""
    assert civil_day(datetime(2026, 3, 1, 16, tzinfo=UTC)) == date(2026, 3, 2)
    assert civil_day(datetime(2026, 3, 1, 15, 59, 59, 999999, tzinfo=UTC)) == date(2026, 3, 1)
    assert civil_day(datetime(2026, 3, 1, 0, 0, tzinfo=SHANGHAI)) == date(2026, 3, 1)


def test_naive_instant_is_refused() -> None:
    """An instant without a zone has no civil day."""
    with pytest.raises(ValueError, match="aware"):
        civil_day(datetime(2026, 3, 1))  # noqa: DTZ001


def test_days_are_written_as_people_do() -> None:
    """A day is spelled without leading zeros; the week starts on 星期一 and ends on 星期日."""
    assert day_words(date(2026, 3, 1)) == "2026年3月1日"
    monday = date(2026, 3, 2)
    assert [weekday_words(monday + timedelta(days=n)) for n in range(7)] == [
        "星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日",
    ]  # fmt: skip


# Periods


def test_fifteen_days_close_on_day_sixteen() -> None:
    """A posting of 15 days begun on 2 March runs through the 17th: it closes on the 18th, not before."""
    posting = period(date(2026, 3, 2), 15, CALENDAR)
    assert (posting.start, posting.days) == (date(2026, 3, 2), 15)
    assert posting.last == posting.nominal_last == date(2026, 3, 17)
    assert posting.closes_on == date(2026, 3, 18)
    assert not posting.shifted
    assert not posting.provisional


@pytest.mark.parametrize(
    "start, days, nominal, last",
    [
        pytest.param("2026-03-05", 15, "2026-03-20", "2026-03-20", id="Friday stays"),
        pytest.param("2026-03-06", 15, "2026-03-21", "2026-03-23", id="Saturday to Monday"),
        pytest.param("2026-03-07", 15, "2026-03-22", "2026-03-23", id="Sunday to Monday"),
        pytest.param("2026-09-20", 10, "2026-09-30", "2026-09-30", id="the day before National Day stays"),
        pytest.param(
            "2026-09-21", 10, "2026-10-01", "2026-10-08", id="National Day to the first workday after"
        ),
        pytest.param("2026-09-27", 10, "2026-10-07", "2026-10-08", id="a weekday off in lieu is a rest day"),
        pytest.param("2026-09-30", 10, "2026-10-10", "2026-10-10", id="a make-up Saturday is a workday"),
        pytest.param("2026-10-01", 10, "2026-10-11", "2026-10-12", id="the Sunday after it is not"),
        pytest.param("2026-01-23", 22, "2026-02-14", "2026-02-14", id="make-up Saturday before 春节"),
        pytest.param("2026-01-23", 23, "2026-02-15", "2026-02-24", id="春节 of nine days"),
    ],
)
def test_last_day_moves_off_rest_days(start: str, days: int, nominal: str, last: str) -> None:
    """A last day that is a rest day moves to the next workday (民法典 art. 203); others stay."""
    counted = period(date.fromisoformat(start), days, CALENDAR)
    assert counted.nominal_last == date.fromisoformat(nominal)
    assert counted.last == date.fromisoformat(last)
    assert counted.shifted == (nominal != last)


def test_rest_days_inside_a_period_count() -> None:
    """Only the last day is asked: the seven days of National Day inside a period do not lengthen it."""
    assert period(date(2026, 9, 28), 15, CALENDAR).last == date(2026, 10, 13)


def test_period_is_provisional_from_new_year_2027() -> None:
    """A period ending on 31 December 2026 is certain; a day longer asks the provisional calendar of 2027."""
    certain = period(date(2026, 12, 16), 15, CALENDAR)
    assert (certain.last, certain.provisional) == (date(2026, 12, 31), False)
    provisional = period(date(2026, 12, 16), 16, CALENDAR)
    assert (provisional.nominal_last, provisional.last) == (date(2027, 1, 1), date(2027, 1, 4))
    assert provisional.provisional
    assert period(date(2026, 12, 16), 20, CALENDAR).provisional


def test_shift_into_a_provisional_year_is_provisional() -> None:
    """A last day in a published year that moves into a provisional one is provisional, too."""
    calendar = Calendar.from_data([year(2027, rest=lined("2027-12-31")), year(2028, "provisional")])
    moved = period(date(2027, 12, 21), 10, calendar)
    assert (moved.nominal_last, moved.last) == (date(2027, 12, 31), date(2028, 1, 3))
    assert moved.provisional


def test_inclusive_counting_is_one_shorter() -> None:
    """Counting both ends, seven days from Monday end on Sunday and move; eight end on Monday unmoved."""
    start = date(2026, 3, 2)
    assert period(start, 7, CALENDAR).nominal_last == date(2026, 3, 9)
    assert period(start, 7, CALENDAR, "inclusive").nominal_last == date(2026, 3, 8)
    assert period(start, 7, CALENDAR, "inclusive").last == date(2026, 3, 9)
    assert not period(start, 8, CALENDAR, "inclusive").shifted
    assert period(start, 1, CALENDAR, "inclusive").last == start


def test_period_without_days_is_refused() -> None:
    """One day is the shortest period; none is refused under either way of counting."""
    assert period(date(2026, 3, 2), 1, CALENDAR).last == date(2026, 3, 3)
    with pytest.raises(ValueError, match="at least one day"):
        period(date(2026, 3, 2), 0, CALENDAR)
    with pytest.raises(ValueError, match="at least one day"):
        period(date(2026, 3, 2), 0, CALENDAR, "inclusive")


def test_notice_counts_backwards_without_shift() -> None:
    """Five days' notice is in time on D-5 and late on D-4, even when D-5 is a Saturday."""
    meeting = date(2026, 3, 12)
    assert latest_notice_day(meeting, 5) == date(2026, 3, 7)
    assert weekday_words(latest_notice_day(meeting, 5)) == "星期六"
    assert date(2026, 3, 8) > latest_notice_day(meeting, 5)
    assert latest_notice_day(meeting, 0) == meeting
    with pytest.raises(ValueError, match="negative"):
        latest_notice_day(meeting, -1)


# The end of the calendar


def test_period_ends_with_the_calendar() -> None:
    """The last day of 2036 can be computed; a day later is refused with a sentence that names the period."""
    assert period(date(2036, 12, 30), 1, CALENDAR).last == date(2036, 12, 31)
    sentence = "日历只编了2024年到2036年，算不出2036年12月30日起2日的期限；请管理员先补上那一年的日历。"
    with pytest.raises(CalendarEnds, match=f"^{re.escape(sentence)}$") as caught:
        period(date(2036, 12, 30), 2, CALENDAR)
    assert (caught.value.first, caught.value.last) == (2024, 2036)


def test_shift_past_the_calendar_is_refused() -> None:
    """A last day that is covered but rests until the calendar ends has no answer."""
    calendar = Calendar.from_data([year(2028, rest=lined("2028-12-29"))])
    assert period(date(2028, 12, 18), 10, calendar).last == date(2028, 12, 28)
    with pytest.raises(CalendarEnds, match="2028年12月19日起10日的期限"):
        period(date(2028, 12, 19), 10, calendar)


@pytest.mark.parametrize("days", [4_000, 10**7, 10**30])
def test_absurd_lengths_end_the_calendar(days: int) -> None:
    """However long the period, the answer is a sentence and never an overflow."""
    with pytest.raises(CalendarEnds, match=f"起{days}日的期限"):
        period(date(2026, 3, 2), days, CALENDAR)


def test_days_outside_the_calendar_are_refused() -> None:
    """The first and last covered days answer; the days beside them do not."""
    assert CALENDAR.is_rest(date(2024, 1, 1))
    assert not CALENDAR.is_rest(date(2036, 12, 31))
    with pytest.raises(CalendarEnds, match="2023年12月31日"):
        CALENDAR.is_rest(date(2023, 12, 31))
    with pytest.raises(CalendarEnds, match="2037年1月1日"):
        CALENDAR.is_provisional(date(2037, 1, 1))


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


# What holds for every period


@given(starts, lengths, counts)
def test_last_day_is_the_first_workday_from_the_nominal_one(start: date, days: int, count: Any) -> None:
    """The last day is a workday, never before the nominal one, and only rest days lie between the two."""
    counted = period(start, days, CALENDAR, count)
    assert not CALENDAR.is_rest(counted.last)
    assert counted.last >= counted.nominal_last
    skipped = (counted.last - counted.nominal_last).days
    assert all(CALENDAR.is_rest(counted.nominal_last + timedelta(days=n)) for n in range(skipped))
    assert counted.shifted == CALENDAR.is_rest(counted.nominal_last)


@given(starts, lengths)
def test_period_closes_after_its_full_length(start: date, days: int) -> None:
    """It closes the day after its last, so at least `days` whole days lie between posting and closing."""
    counted = period(start, days, CALENDAR)
    assert counted.closes_on == counted.last + timedelta(days=1)
    assert (counted.closes_on - start).days > days


@given(starts, lengths, counts)
def test_longer_or_later_never_ends_sooner(start: date, days: int, count: Any) -> None:
    """Adding a day to the length or to the start never brings the end forward."""
    counted = period(start, days, CALENDAR, count)
    assert period(start, days + 1, CALENDAR, count).last >= counted.last
    assert period(start + timedelta(days=1), days, CALENDAR, count).last >= counted.last


@given(starts, lengths)
def test_inclusive_is_the_civil_period_of_a_day_less(start: date, days: int) -> None:
    """Counting the first day is the same as one day less without it, and so never ends later."""
    inclusive = period(start, days + 1, CALENDAR, "inclusive")
    assert inclusive.last == period(start, days, CALENDAR).last
    assert inclusive.last <= period(start, days + 1, CALENDAR).last


@given(starts, lengths)
def test_provisional_means_an_end_after_2026(start: date, days: int) -> None:
    """Exactly the periods that end after the last published year are provisional."""
    counted = period(start, days, CALENDAR)
    assert counted.provisional == (counted.last.year > 2026)


@given(st.dates(date(2024, 1, 1), date(2036, 12, 31)), st.integers(0, 60))
def test_notice_leaves_its_days_before_the_meeting(meeting: date, days: int) -> None:
    """The latest day of notice lies exactly the asked number of days before the meeting."""
    assert latest_notice_day(meeting, days) + timedelta(days=days) == meeting
