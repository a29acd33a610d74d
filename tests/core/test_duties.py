"""Duties that come back, by the sun and by the moon: their turns, what became of each, and what they guarantee."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import ValidationError

from workflow.core.days import Calendar, CalendarEnds, CalendarYear
from workflow.core.duties import PERIODS, STATES, Due, Every, Span, cadence, due, spans
from workflow.core.statutes import CADENCES
from workflow.reading.explain import validate
from workflow.shelves import read_file

FOLDER = Path(__file__).parents[2] / "procedures" / "calendars"
CALENDAR = Calendar.from_data(
    validate(CalendarYear, read_file(path)) for path in sorted(FOLDER.glob("*.yaml"))
)


def every(period: str, **more: object) -> Every:
    """A duty as YAML says it."""
    return Every.model_validate({"period": period, **more})


def days(span: Span) -> tuple[str, str, str]:
    """A turn's name and the days it is on time."""
    return span.label, span.first_day.isoformat(), span.last_day.isoformat()


def turns(duty: Every, first: str, today: str) -> list[tuple[str, str, str]]:
    """The turns of a duty between two days."""
    found = spans(duty, CALENDAR, date.fromisoformat(first), date.fromisoformat(today))
    return [days(each) for each in found]


def states(duty: Every, since: str, today: str, *done: str) -> list[tuple[str, str]]:
    """How each turn stands, by name."""
    found = due(
        duty,
        CALENDAR,
        date.fromisoformat(since),
        [date.fromisoformat(day) for day in done],
        date.fromisoformat(today),
    )
    return [(each.span.label, each.state) for each in found]


# By the sun


@pytest.mark.parametrize(
    "duty, last",
    [
        (every("monthly"), ("2026年3月", "2026-03-01", "2026-03-31")),
        (every("monthly", by_day=10), ("2026年3月", "2026-03-01", "2026-03-10")),
        (every("monthly", on_day=5), ("2026年3月", "2026-03-05", "2026-03-05")),
        (every("quarterly"), ("2026年第一季度", "2026-01-01", "2026-03-31")),
        (every("quarterly", in_month=1, by_day=15), ("2026年第一季度", "2026-01-01", "2026-01-15")),
        (every("half_yearly"), ("2026年上半年", "2026-01-01", "2026-06-30")),
        (every("half_yearly", on_day=20), ("2026年上半年", "2026-06-20", "2026-06-20")),
        (every("yearly"), ("2026年", "2026-01-01", "2026-12-31")),
        (every("yearly", in_month=3), ("2026年", "2026-01-01", "2026-03-31")),
    ],
)
def test_a_turn_runs_from_the_first_day_of_its_period_to_its_day(
    duty: Every, last: tuple[str, str, str]
) -> None:
    """A last day leaves all the days before it; a fixed day is the only one; without a month it is the last."""
    assert turns(duty, "2026-01-01", "2026-03-31")[-1] == last


def test_the_thirty_first_is_the_last_day_of_a_shorter_month() -> None:
    """On the 31st means the 28th in February, the 29th in a leap year, the 30th in April."""
    duty = every("monthly", on_day=31)

    assert [each[1] for each in turns(duty, "2026-01-31", "2026-04-30")] == [
        "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30",
    ]  # fmt: skip
    assert turns(duty, "2028-02-01", "2028-02-01")[0][1] == "2028-02-29"


def test_turns_begin_with_the_first_that_can_still_be_met() -> None:
    """A duty in force on its due day has that turn; a day later it begins with the next; before it, it has none."""
    duty = every("monthly", by_day=15)

    assert [each[0] for each in turns(duty, "2026-01-15", "2026-02-01")] == ["2026年1月", "2026年2月"]
    assert [each[0] for each in turns(duty, "2026-01-16", "2026-02-01")] == ["2026年2月"]
    assert turns(duty, "2026-02-02", "2026-02-01") == []


def test_turns_cross_the_year() -> None:
    """Quarters and half-years keep their order over New Year."""
    assert [each[0] for each in turns(every("quarterly"), "2025-10-01", "2026-04-01")] == [
        "2025年第四季度", "2026年第一季度", "2026年第二季度",
    ]  # fmt: skip
    assert [each[0] for each in turns(every("half_yearly"), "2025-07-01", "2026-01-01")] == [
        "2025年下半年", "2026年上半年",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "today, state",
    [("2026-03-10", "due"), ("2026-03-11", "overdue"), ("2026-03-15", "overdue"), ("2026-03-16", "missed")],
)
def test_a_turn_is_due_to_its_day_overdue_in_grace_and_missed_after(today: str, state: str) -> None:
    """The last day and the last day of grace still belong to the turn."""
    duty = every("monthly", by_day=10, grace_days=5)

    assert states(duty, "2026-03-01", today) == [("2026年3月", state)]


@pytest.mark.parametrize(
    "done, state",
    [
        ("2026-02-28", "missed"), ("2026-03-01", "done"), ("2026-03-10", "done"), ("2026-03-15", "done"),
        ("2026-03-16", "missed"),
    ],
)  # fmt: skip
def test_a_day_counts_for_the_turn_it_falls_in(done: str, state: str) -> None:
    """A day before the turn or past its grace meets nothing; in grace it does, and the day shows that it was late."""
    duty = every("monthly", by_day=10, grace_days=5)

    assert states(duty, "2026-03-01", "2026-03-31", done) == [("2026年3月", state)]


def test_the_first_of_several_days_is_the_one_recorded() -> None:
    """Two meetings in one month meet that month alone, on the earlier day; a day to come meets nothing yet."""
    duty = every("monthly")
    done = [date(2026, 1, 20), date(2026, 1, 5), date(2026, 2, 25)]
    found = due(duty, CALENDAR, date(2026, 1, 1), done, date(2026, 2, 24))

    assert [(each.state, each.done_on) for each in found] == [("done", date(2026, 1, 5)), ("due", None)]
    assert found[1] == Due(found[1].span, "due")


# By the moon


def test_the_committees_meet_on_the_first_of_every_lunar_month() -> None:
    """沂南 例会: 初一 of each month, 冬月 and 腊月 counted to the lunar year they end, the repeated sixth month too."""
    duty = every("lunar_monthly", on_day=1)

    assert turns(duty, "2025-12-20", "2026-03-01") == [
        ("农历2025年冬月", "2025-12-20", "2025-12-20"),
        ("农历2025年腊月", "2026-01-19", "2026-01-19"),
        ("农历2026年正月", "2026-02-17", "2026-02-17"),
    ]
    assert ("农历2025年闰六月", "2025-07-25", "2025-07-25") in turns(duty, "2025-06-25", "2025-08-01")


def test_representatives_meet_on_the_second_of_odd_lunar_months() -> None:
    """The even months have no turn; in one of them, the newest turn is the month before."""
    duty = every("lunar_odd_months", on_day=2)

    assert turns(duty, "2026-02-17", "2026-05-20") == [
        ("农历2026年正月", "2026-02-18", "2026-02-18"),
        ("农历2026年三月", "2026-04-18", "2026-04-18"),
    ]


def test_a_place_says_whether_a_repeated_month_counts() -> None:
    """2028 has a second fifth month: with it there are two turns of the fifth, without it one."""
    both = turns(every("lunar_odd_months", on_day=2), "2028-05-24", "2028-07-22")
    one = turns(every("lunar_odd_months", on_day=2, leap_months=False), "2028-05-24", "2028-07-22")

    assert [each[0] for each in both] == ["农历2028年五月", "农历2028年闰五月"]
    assert [each[0] for each in one] == ["农历2028年五月"]


def test_the_thirtieth_of_a_short_lunar_month_is_its_last_day() -> None:
    """On 三十 means 廿九 where the month has twenty-nine days."""
    assert [each[1] for each in turns(every("lunar_monthly", on_day=30), "2026-02-17", "2026-04-17")] == [
        "2026-03-18", "2026-04-16", "2026-05-16",
    ]  # fmt: skip


def test_a_lunar_day_without_records_says_that_the_calendar_ends() -> None:
    """Before the first month on file, past the last, and where a year in between lacks its months: never a guess."""
    duty = every("lunar_monthly")
    years = [validate(CalendarYear, read_file(path)) for path in sorted(FOLDER.glob("*.yaml"))]
    holed = Calendar.from_data(
        each.model_copy(update={"lunar_months": ()}) if each.year == 2027 else each for each in years
    )

    for first, today in (("2024-01-10", "2024-03-01"), ("2036-11-01", "2036-12-31")):
        with pytest.raises(CalendarEnds, match=r"算不出.*农历月份"):
            turns(duty, first, today)
    with pytest.raises(CalendarEnds):
        spans(duty, holed, date(2026, 12, 1), date(2028, 3, 1))
    with pytest.raises(CalendarEnds):
        spans(duty, holed, date(2027, 3, 1), date(2027, 3, 2))
    assert spans(duty, holed, date(2026, 3, 1), date(2026, 11, 1))
    assert spans(every("monthly"), holed, date(2027, 3, 1), date(2027, 3, 2))


# What a duty says and guarantees


@pytest.mark.parametrize(
    "written, words",
    [
        ({"period": "monthly", "on_day": 1, "by_day": 2}, "只能写一个"),
        ({"period": "monthly", "in_month": 1}, "只有按季度、半年、一年的才写"),
        ({"period": "quarterly", "in_month": 4}, "只能写 1 到 3"),
        ({"period": "lunar_monthly", "on_day": 31}, "最多 30 天"),
        ({"period": "monthly", "leap_months": False}, "只有按农历的才写"),
        ({"period": "monthly", "grace_days": 1}, "合计不超过 28"),
        ({"period": "monthly", "by_day": 24, "grace_days": 5}, "合计不超过 28"),
        ({"period": "lunar_monthly", "on_day": 25, "grace_days": 5}, "合计不超过 29"),
        ({"period": "quarterly", "by_day": 28, "grace_days": 3}, "合计不超过 30"),
        ({"period": "yearly", "grace_days": 3}, "合计不超过 31"),
    ],
)
def test_what_cannot_stand_together_is_refused_in_words(written: dict[str, object], words: str) -> None:
    """Two ways to give the day, a month the period has not, and grace that eats into the next turn."""
    with pytest.raises(ValidationError, match=words):
        Every.model_validate(written)


@pytest.mark.parametrize(
    "written",
    [
        {"period": "monthly", "by_day": 23, "grace_days": 5},
        {"period": "lunar_monthly", "on_day": 24, "grace_days": 5},
        {"period": "quarterly", "by_day": 27, "grace_days": 3},
        {"period": "quarterly", "in_month": 1, "by_day": 31, "grace_days": 28},
        {"period": "yearly", "by_day": 28, "grace_days": 3},
    ],
)
def test_turns_never_overlap(written: dict[str, object]) -> None:
    """Grace as long as it may be still ends before the next turn begins."""
    found = spans(Every.model_validate(written), CALENDAR, date(2024, 2, 10), date(2036, 6, 1))

    assert all(one.until < other.first_day for one, other in pairwise(found))


@pytest.mark.parametrize(
    "duty, words",
    [
        (every("monthly"), "每月一次"),
        (every("monthly", by_day=10), "每月 10 日以前"),
        (every("quarterly", in_month=1, by_day=15), "每季度第 1 个月 15 日以前"),
        (every("yearly", in_month=3), "每年第 3 个月底以前"),
        (every("lunar_monthly", on_day=1), "农历每月初一"),
        (every("lunar_odd_months", on_day=20), "农历单月二十"),
        (every("lunar_odd_months", by_day=29), "农历单月廿九以前"),
    ],
)
def test_a_duty_is_said_in_words(duty: Every, words: str) -> None:
    """As villagers say it."""
    assert duty.words() == words
    assert set(PERIODS) >= {duty.period}
    assert len(STATES) == 4


@pytest.mark.parametrize(
    "duty, often",
    [
        (every("monthly"), "monthly"),
        (every("half_yearly"), "half_yearly"),
        (every("lunar_monthly", on_day=1), "quarterly"),
        (every("lunar_odd_months", on_day=2), "quarterly"),
        (every("lunar_odd_months", on_day=2, leap_months=False), "quarterly"),
        (every("lunar_odd_months"), "half_yearly"),
    ],
)
def test_what_a_duty_guarantees_in_the_words_of_statutes(duty: Every, often: str) -> None:
    """Every period of the cadence claimed, from 2024 to 2036, holds a turn of the duty from first to last day."""
    months = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}[often]
    whole = spans(duty, CALENDAR, date(2024, 4, 1), date(2036, 6, 1))
    starts = [date(index // 12, index % 12 + 1, 1) for index in range(2024 * 12 + 6, 2036 * 12 + 1, months)]

    assert cadence(duty) == often
    assert often in CADENCES
    assert all(
        any(begin <= each.first_day and each.last_day < end for each in whole)
        for begin, end in pairwise(starts)
    )


def test_lunar_months_guarantee_no_solar_month() -> None:
    """February 2033 holds no 初一: who meets by the moon alone does not meet every month of the law."""
    firsts = {
        each.first_day
        for each in spans(every("lunar_monthly", on_day=1), CALENDAR, date(2033, 1, 1), date(2033, 4, 1))
    }

    assert not [day for day in firsts if (day.year, day.month) == (2033, 2)]
    assert {date(2033, 1, 31), date(2033, 3, 1)} <= firsts
