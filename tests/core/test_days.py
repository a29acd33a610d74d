"""Civil days and statutory periods: both sides of every edge, then what holds for all of them."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.test_calendar import CALENDAR, lined, year
from workflow.core.days import (
    SHANGHAI,
    Calendar,
    CalendarEnds,
    civil_day,
    day_words,
    latest_notice_day,
    period,
    weekday_words,
)

starts = st.dates(date(2024, 1, 1), date(2035, 6, 30))
lengths = st.integers(1, 400)
counts = st.sampled_from(["civil_code", "inclusive"])


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
