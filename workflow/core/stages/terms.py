"""Months, years and working days: the day some months later, the last day of a term (民法典 arts. 202, 203), working days."""

import calendar as months_of
import datetime

from workflow.core.days import Calendar, CalendarEnds, Period, day_words, period

YEAR = 12
_ONE_DAY = datetime.timedelta(days=1)


def _later(day: datetime.date, months: int) -> tuple[datetime.date, bool]:
    years, month = divmod(day.month - 1 + months, YEAR)
    year, month = day.year + years, month + 1
    longest = months_of.monthrange(year, month)[1]
    return datetime.date(year, month, min(day.day, longest)), day.day <= longest


def months_later(day: datetime.date, months: int) -> datetime.date:
    """Return the same day of the month that many months later, or that month's last day where it is shorter."""
    return _later(day, months)[0]


def last_of_term(first: datetime.date, months: int) -> datetime.date:
    """Return the last day of a term of so many months that begins with `first`: 1 March and 12 make 28 February."""
    later, corresponds = _later(first, months)
    return later - _ONE_DAY if corresponds else later


def due_after(start: datetime.date, months: int, calendar: Calendar) -> Period:
    """Return the period of so many months from `start`, its last day moved off a rest day; `CalendarEnds` beyond."""
    return period(start, (months_later(start, months) - start).days, calendar)


def working_period(start: datetime.date, days: int, calendar: Calendar) -> Period:
    """Count a period of at least one working day; the day on which it begins does not count, rest days never do.

    Raises `ValueError` for `days` below one and `CalendarEnds` where the calendar does not reach.
    """
    if days < 1:
        raise ValueError("a period has at least one day")
    last, left = start, days
    try:
        while left:
            last += _ONE_DAY
            left -= not calendar.is_rest(last)
    except CalendarEnds:
        asked = f"{day_words(start)}起{days}个工作日的期限"
        raise CalendarEnds(asked, calendar.first, calendar.last) from None
    return Period(start, days, last, last, calendar.is_provisional(last))
