"""Civil days, rest days and statutory periods (民法典 arts. 200-204)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails

# A fixed offset needs no time-zone file; China has kept UTC+8 without summer time since 1992.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")

Count = Literal["civil_code", "inclusive"]

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ONE_DAY = timedelta(days=1)
_SATURDAY = 6
_DECEMBER = 12
_WEEKDAYS = "一二三四五六日"
# A lunar month has 29 or 30 days, and begins in every solar stretch of 30.
_MONTH_DAYS = (29, 30)


def civil_day(instant: datetime) -> date:
    """Return the calendar day in China at an aware instant; a naive one is refused with `ValueError`."""
    if instant.utcoffset() is None:
        raise ValueError("civil_day needs an aware instant")
    return instant.astimezone(SHANGHAI).date()


def day_words(day: date) -> str:
    """Write a day as people do: 2026年3月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


def weekday_words(day: date) -> str:
    """Name the day of the week: 星期一 to 星期日."""
    return f"星期{_WEEKDAYS[day.weekday()]}"


class CalendarEnds(LookupError):
    """A day was asked for that no year of the calendar covers; `str()` is a Chinese sentence to show."""

    def __init__(self, asked: str, first: int, last: int) -> None:
        """`asked` says in Chinese what was to be computed; the calendar covers the years first to last."""
        super().__init__(f"日历只编了{first}年到{last}年，算不出{asked}；请管理员先补上那一年的日历。")
        self.first = first
        self.last = last


def _parse_day(value: object) -> date:
    if not isinstance(value, str) or not _ISO_DAY.fullmatch(value):
        raise ValueError("日期要写成 2026-03-01 这样")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"没有 {value} 这一天") from None


class CalendarDay(BaseModel):
    """One dated line of a calendar file, with the holiday it belongs to."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    day: Annotated[date, BeforeValidator(_parse_day)]
    name: str = Field(min_length=1)


class LunarMonth(BaseModel):
    """One lunar month: the solar day it begins on, its number, and whether it repeats the month before (闰月)."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    first: Annotated[date, BeforeValidator(_parse_day)]
    month: int = Field(ge=1, le=12)
    leap: bool = False

    def precedes(self, other: Self) -> bool:
        """Whether the other month can be the very next one."""
        number = self.month if other.leap else self.month % 12 + 1
        doubled = self.leap and other.leap
        return other.month == number and not doubled and (other.first - self.first).days in _MONTH_DAYS


# A YAML list arrives as a list, which a strict tuple would refuse; the items stay strict.
_Days = Annotated[tuple[CalendarDay, ...], Field(strict=False)]
_Months = Annotated[tuple[LunarMonth, ...], Field(strict=False)]


class CalendarYear(BaseModel):
    """One calendar file: the rest days and make-up workdays of a year.

    `published` years follow the State Council's notice; `provisional` ones hold the statutory days alone
    (全国年节及纪念日放假办法 art. 2), so they have no make-up workdays. Ordinary weekends are not listed. A
    notice may reach back into the December before, as the one for 2019 did. `lunar_months` are all that begin
    in the year, or none.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    year: int = Field(ge=1949, le=9998)
    status: Literal["published", "provisional"]
    source: str = Field(min_length=1)
    rest: _Days
    work: _Days = ()
    lunar_months: _Months = ()

    @model_validator(mode="after")
    def _hold_together(self) -> Self:
        faults = [
            *self._misplaced("rest", self.rest),
            *self._misplaced("work", self.work),
            *self._out_of_step(),
        ]
        if not self.rest:
            faults.append(_fault(("rest",), "", "一年里总有放假的日子，至少写一天"))
        resting = {line.day for line in self.rest}
        for index, line in enumerate(self.work):
            if self.status == "provisional":
                faults.append(_day_fault("work", index, line.day, "不能写：暂定的年份还没有调休上班日"))
            elif line.day.isoweekday() < _SATURDAY:
                words = f"是{weekday_words(line.day)}，调休上班只会在周六、周日"
                faults.append(_day_fault("work", index, line.day, words))
            elif line.day in resting:
                faults.append(_day_fault("work", index, line.day, "既写了放假，又写了上班"))
        if faults:
            # Raised inside a validator, a ValidationError keeps its places: each fault has its own line.
            raise ValidationError.from_exception_data(type(self).__name__, faults)
        return self

    def _misplaced(self, field: str, lines: tuple[CalendarDay, ...]) -> Iterator[InitErrorDetails]:
        previous: date | None = None
        for index, line in enumerate(lines):
            if not date(self.year - 1, _DECEMBER, 1) <= line.day <= date(self.year, _DECEMBER, 31):
                yield _day_fault(field, index, line.day, f"不在{self.year}年，也不在上一年12月")
            elif previous is not None and line.day <= previous:
                yield _day_fault(field, index, line.day, "重复了，或没有按先后排列")
            previous = line.day

    def _out_of_step(self) -> Iterator[InitErrorDetails]:
        months = self.lunar_months
        for index, month in enumerate(months):
            place, found = ("lunar_months", index, "first"), month.first.isoformat()
            if month.first.year != self.year:
                yield _fault(place, found, f"{found} 不在{self.year}年")
            elif index and not months[index - 1].precedes(month):
                yield _fault(
                    place, found, f"{found} 与上一个农历月接不上：一个月 29 或 30 天，月份依次往下数"
                )
        longest = timedelta(days=_MONTH_DAYS[1])
        if months and not (
            months[0].first < date(self.year, 1, 1) + longest
            and months[-1].first > date(self.year, _DECEMBER, 31) - longest
        ):
            yield _fault(("lunar_months",), "", "要写就写全：这一年里开始的农历月都要列上")


def _day_fault(field: str, index: int, day: date, words: str) -> InitErrorDetails:
    return _fault((field, index, "day"), day.isoformat(), f"{day.isoformat()} {words}")


def _fault(place: tuple[str | int, ...], found: str, words: str) -> InitErrorDetails:
    return {"type": "value_error", "loc": place, "input": found, "ctx": {"error": ValueError(words)}}


@dataclass(frozen=True, slots=True)
class Calendar:
    """The rest days of an unbroken run of years.

    `first` and `last` are years. `digest` names the texts it was read from and is set by whoever loaded them.
    """

    first: int
    last: int
    provisional: frozenset[int]
    rest: frozenset[date]
    work: frozenset[date]
    digest: str = ""
    lunar: tuple[LunarMonth, ...] = ()

    @classmethod
    def from_data(cls, years: Iterable[CalendarYear | Mapping[str, object]], digest: str = "") -> Self:
        """Build a calendar from the data of its files, in any order.

        A published year outranks a provisional one of the same number, so a new notice is one new file; the
        moon waits for no notice, so lunar months count from either. Raises `pydantic.ValidationError` for a
        malformed year, and `ValueError` (a Chinese sentence) when there is no year, a year is missing in
        between, or one is given twice with the same status.
        """
        chosen: dict[int, CalendarYear] = {}
        lunar: dict[int, tuple[LunarMonth, ...]] = {}
        seen: set[tuple[int, str]] = set()
        for data in years:
            item = CalendarYear.model_validate(data)
            if (item.year, item.status) in seen:
                raise ValueError(f"{item.year}年的日历有两份")
            seen.add((item.year, item.status))
            if item.year not in chosen or item.status == "published":
                chosen[item.year] = item
            if item.lunar_months and (item.status == "published" or item.year not in lunar):
                lunar[item.year] = item.lunar_months
        if not chosen:
            raise ValueError("一年的日历也没有")
        first, last = min(chosen), max(chosen)
        missing = [str(year) for year in range(first, last + 1) if year not in chosen]
        if missing:
            raise ValueError(f"日历中间缺了{'、'.join(missing)}年")
        return cls(
            first,
            last,
            frozenset(year for year, item in chosen.items() if item.status == "provisional"),
            frozenset(line.day for item in chosen.values() for line in item.rest),
            frozenset(line.day for item in chosen.values() for line in item.work),
            digest,
            tuple(month for year in sorted(lunar) for month in lunar[year]),
        )

    def lunar_months(self, first: date, last: date) -> tuple[tuple[LunarMonth, date], ...]:
        """Return the lunar months with a day from `first` to `last`, in order, each with its last day.

        Raises `CalendarEnds` where a year's months are not on record; the end of the newest of all is not known.
        """
        found = [
            (month, following.first - _ONE_DAY)
            for month, following in pairwise(self.lunar)
            if first < following.first and month.first <= last and month.precedes(following)
        ]
        whole = found and found[0][0].first <= first and last <= found[-1][1]
        if not whole or any(end + _ONE_DAY != after.first for (_, end), (after, _) in pairwise(found)):
            asked = f"{day_words(first)}到{day_words(last)}的农历月份"
            raise CalendarEnds(asked, self.first, self.last)
        return tuple(found)

    def is_rest(self, day: date) -> bool:
        """Tell whether nobody is at work: a holiday or a weekend, unless the weekend day is made up for.

        Raises `CalendarEnds` outside the calendar's years.
        """
        self._must_cover(day)
        return day in self.rest or (day.isoweekday() >= _SATURDAY and day not in self.work)

    def is_provisional(self, day: date) -> bool:
        """Tell whether the day's year awaits its notice (pages say 暂按); raises `CalendarEnds` outside."""
        self._must_cover(day)
        return day.year in self.provisional

    def _must_cover(self, day: date) -> None:
        if not self.first <= day.year <= self.last:
            raise CalendarEnds(day_words(day), self.first, self.last)


@dataclass(frozen=True, slots=True)
class Period:
    """A period of `days` days that runs to the end (24:00) of `last`.

    `nominal_last` is the last day before art. 203 moved it off a rest day; `provisional` says that the
    calendar of a year without notice was asked, so that the end may yet change.
    """

    start: date
    days: int
    nominal_last: date
    last: date
    provisional: bool

    @property
    def closes_on(self) -> date:
        """The first day on which the period has run."""
        return self.last + _ONE_DAY

    @property
    def shifted(self) -> bool:
        """Whether the last day was moved off a rest day."""
        return self.last != self.nominal_last


def period(start: date, days: int, calendar: Calendar, count: Count = "civil_code") -> Period:
    """Count a period of at least one day from the day on which it begins.

    `civil_code`: the first day does not count (民法典 art. 201). `inclusive`: it does (CNT-03, local
    practice). Either way a last day that is a rest day moves to the next workday (art. 203). Raises
    `ValueError` for `days` below one and `CalendarEnds` where the calendar does not reach.
    """
    if days < 1:
        raise ValueError("a period has at least one day")
    counted = days if count == "civil_code" else days - 1
    asked = f"{day_words(start)}起{days}日的期限"
    if counted > (date.max - start).days:
        raise CalendarEnds(asked, calendar.first, calendar.last)
    nominal_last = last = start + timedelta(days=counted)
    try:
        while calendar.is_rest(last):
            last += _ONE_DAY
    except CalendarEnds:
        raise CalendarEnds(asked, calendar.first, calendar.last) from None
    # The calendar's years are unbroken and no shift is a year long: the two ends stand for all days asked.
    provisional = calendar.is_provisional(nominal_last) or calendar.is_provisional(last)
    return Period(start, days, nominal_last, last, provisional)


def latest_notice_day(meeting: date, days: int) -> date:
    """Return the last day on which notice of at least `days` days is in time for a meeting.

    Counts backwards, the meeting day excluded, and never shifts: on D-5 five days' notice is in time, on D-4
    it is not. Raises `ValueError` for negative days.
    """
    if days < 0:
        raise ValueError("a notice of negative days")
    return meeting - timedelta(days=days)
