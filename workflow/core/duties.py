"""Duties that come back: every month, quarter, half-year or year, or by the lunar month (domain.md §21; S-05, S-11, S-20).

Pure and computed on reading: which spans a duty has had, and which of them was met. A due day is a calendar day
of the place's own plan, not a statutory period, so a rest day does not move it.
"""

import datetime
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, Self

from pydantic import Field as YamlField
from pydantic import model_validator

from workflow.core.days import Calendar
from workflow.core.stage import Yaml
from workflow.core.statutes import Cadence

Period = Literal["monthly", "quarterly", "half_yearly", "yearly", "lunar_monthly", "lunar_odd_months"]
State = Literal["done", "due", "overdue", "missed"]

PERIODS: Mapping[Period, str] = {
    "monthly": "每月",
    "quarterly": "每季度",
    "half_yearly": "每半年",
    "yearly": "每年",
    "lunar_monthly": "农历每月",
    "lunar_odd_months": "农历单月",
}
STATES: Mapping[State, str] = {"done": "已办", "due": "应办", "overdue": "已到期，在宽限内", "missed": "漏办"}

_MONTHS: Mapping[str, int] = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}
# The fewest days the last month of a period can have: February; March to December; December; a lunar month.
_SHORTEST: Mapping[str, int] = {"monthly": 28, "quarterly": 30, "half_yearly": 30, "yearly": 31}
_SHORTEST_LUNAR, _LONGEST_LUNAR = 29, 30
_ONE_DAY = datetime.timedelta(days=1)
_QUARTERS = "一二三四"
_LUNAR_NAMES = ("正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "冬", "腊")
_WINTER, _FEBRUARY = 11, 2


class Every(Yaml):
    """How often a duty comes back and by which day. A day past the end of its month means its last day."""

    period: Period = YamlField(title="多久一次")
    in_month: int | None = YamlField(
        default=None, ge=1, le=12, title="在周期的第几个月（不写是最后一个月）"
    )  # fmt: skip
    on_day: int | None = YamlField(default=None, ge=1, le=31, title="就在哪一天办")
    by_day: int | None = YamlField(default=None, ge=1, le=31, title="最晚哪一天办")
    grace_days: int = YamlField(default=0, ge=0, le=28, title="过了日子宽限几天")
    leap_months: bool = YamlField(default=True, title="闰月也办")

    @property
    def lunar(self) -> bool:
        """Whether the duty goes by the moon."""
        return self.period not in _MONTHS

    @property
    def day(self) -> int | None:
        """The day of the month the duty is due; None is the month's last."""
        return self.by_day if self.on_day is None else self.on_day

    @model_validator(mode="after")
    def _hold_together(self) -> Self:
        if self.on_day is not None and self.by_day is not None:
            raise ValueError("on_day（就在哪一天）和 by_day（最晚哪一天）只能写一个")
        months = _MONTHS.get(self.period, 1)
        if self.in_month is not None and (months == 1 or self.in_month > months):
            words = f"只能写 1 到 {months}" if months > 1 else "只有按季度、半年、一年的才写"
            raise ValueError(f"in_month（第几个月）{words}")
        if self.lunar and self.day is not None and self.day > _LONGEST_LUNAR:
            raise ValueError(f"农历一个月最多 {_LONGEST_LUNAR} 天")
        if not self.lunar and not self.leap_months:
            raise ValueError("leap_months（闰月也办）只有按农历的才写")
        if self.grace_days and self.in_month in (None, months):
            shortest = _SHORTEST.get(self.period, _SHORTEST_LUNAR)
            if self.day is None or self.day + self.grace_days > shortest:
                raise ValueError(
                    f"宽限不能拖到下一个周期：写上 on_day 或 by_day，与 grace_days 合计不超过 {shortest}"
                )
        return self

    def words(self) -> str:
        """Say it: 每季度第 1 个月 15 日以前, 农历单月初二."""
        said = PERIODS[self.period] + (f"第 {self.in_month} 个月" if self.in_month else "")
        if self.day is None:
            return f"{said}底以前" if self.in_month else f"{said}一次"
        said += _lunar_day(self.day) if self.lunar else f" {self.day} 日"
        return said if self.on_day is not None else f"{said}以前"


@dataclass(frozen=True, slots=True)
class Span:
    """One turn of a duty: on time from `first_day` to `last_day`, in grace to `until`, all included."""

    label: str
    first_day: datetime.date
    last_day: datetime.date
    until: datetime.date


@dataclass(frozen=True, slots=True)
class Due:
    """How one turn stands: `overdue` may still be done in grace, `missed` is past it; `done_on` may lie in grace."""

    span: Span
    state: State
    done_on: datetime.date | None = None


def spans(every: Every, calendar: Calendar, first: datetime.date, today: datetime.date) -> tuple[Span, ...]:
    """Return the duty's turns, in order, from the one due on `first` or next after it to the one that runs `today`.

    They never overlap. Raises `CalendarEnds` where a lunar duty asks for months that are not on record.
    """
    if today < first:
        return ()
    turns = _by_moon(every, calendar, first, today) if every.lunar else _by_sun(every, first, today)
    return tuple(each for each in turns if each.last_day >= first)


def due(
    every: Every,
    calendar: Calendar,
    since: datetime.date,
    done_days: Collection[datetime.date],
    today: datetime.date,
) -> tuple[Due, ...]:
    """Return how each turn since that day stands: it is done where one of the days it was done on falls in it."""
    days = sorted(day for day in done_days if day <= today)
    return tuple(_standing(span, days, today) for span in spans(every, calendar, since, today))


def cadence(every: Every) -> Cadence:
    """Return what the duty, always met, guarantees in the words of statutes, whose months are solar (民法典 art. 200).

    Lunar months guarantee no solar month: February 2033 holds no first day of one. Each quarter does see a lunar
    month's turn, and an odd month's where its day is fixed: two such days lie at most ninety days apart.
    """
    if every.period == "lunar_monthly":
        return "quarterly"
    if every.period == "lunar_odd_months":
        return "quarterly" if every.on_day is not None and not every.grace_days else "half_yearly"
    return every.period


def _standing(span: Span, days: list[datetime.date], today: datetime.date) -> Due:
    done_on = next((day for day in days if span.first_day <= day <= span.until), None)
    if done_on is not None:
        return Due(span, "done", done_on)
    return Due(span, "due" if today <= span.last_day else "overdue" if today <= span.until else "missed")


def _span(
    every: Every, label: str, begin: datetime.date, month: datetime.date, month_end: datetime.date
) -> Span:
    """Return the turn of a period that begins on `begin` and is due in the month of those two days."""
    last = month_end
    if every.day is not None:
        last = min(month + datetime.timedelta(days=every.day - 1), month_end)
    first = last if every.on_day is not None else begin
    return Span(label, first, last, last + datetime.timedelta(days=every.grace_days))


def _month(index: int) -> datetime.date:
    """Return the first day of a solar month counted through the years."""
    return datetime.date(index // 12, index % 12 + 1, 1)


def _by_sun(every: Every, first: datetime.date, today: datetime.date) -> Iterator[Span]:
    months = _MONTHS[every.period]
    index = (first.year * 12 + first.month - 1) // months * months
    while (begin := _month(index)) <= today:
        month = index + (every.in_month or months) - 1
        yield _span(every, _solar_label(begin, months), begin, _month(month), _month(month + 1) - _ONE_DAY)
        index += months


def _solar_label(begin: datetime.date, months: int) -> str:
    turn = (begin.month - 1) // months
    part = {
        1: f"{begin.month}月",
        3: f"第{_QUARTERS[turn % 4]}季度",
        6: ("上半年", "下半年")[turn % 2],
        12: "",
    }
    return f"{begin.year}年{part[months]}"


def _by_moon(every: Every, calendar: Calendar, first: datetime.date, today: datetime.date) -> Iterator[Span]:
    for month, end in calendar.lunar_months(first, today):
        if every.period == "lunar_odd_months" and month.month % 2 == 0:
            continue
        if month.leap and not every.leap_months:
            continue
        late = month.month >= _WINTER and month.first.month <= _FEBRUARY
        year = month.first.year - 1 if late else month.first.year
        label = f"农历{year}年{'闰' if month.leap else ''}{_LUNAR_NAMES[month.month - 1]}月"
        yield _span(every, label, month.first, month.first, end)


def _lunar_day(day: int) -> str:
    tens, units = divmod(day - 1, 10)
    if day in (20, 30):
        return {20: "二十", 30: "三十"}[day]
    return ("初", "十", "廿")[tens] + "一二三四五六七八九十"[units]
