"""Write the calendar files: published years from chinesecalendar, provisional ones and the months from the lunar calendar.

    python scripts/make_calendars.py procedures/calendars

A calendar in use is never edited: a file that exists with other content is left alone and named, and the exit
status is 1. For a new year, update chinesecalendar, add the notice's number below and run again.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

from chinese_calendar import Holiday
from chinese_calendar.constants import holidays, workdays
from lunar_python import Lunar, Solar

NOTICES = {
    2024: "国办发明电〔2023〕7号",
    2025: "国办发明电〔2024〕12号",
    2026: "国办发明电〔2025〕7号",
}
PROVISIONAL = range(2027, 2037)
NAMES = {
    Holiday.new_years_day.value: "元旦",
    Holiday.spring_festival.value: "春节",
    Holiday.tomb_sweeping_day.value: "清明节",
    Holiday.labour_day.value: "劳动节",
    Holiday.dragon_boat_festival.value: "端午节",
    Holiday.mid_autumn_festival.value: "中秋节",
    Holiday.national_day.value: "国庆节",
}

LUNAR_MONTHS = """\
# 这一年里开始的农历月：初一是哪天，第几月，是不是闰月。由 lunar_python 推算，逐日与 lunardate 核对一致。
lunar_months:
{months}"""
PUBLISHED_FILE = (
    """\
# {year}年放假调休安排，照国务院办公厅的通知逐日列出。
# rest 是放假的日子，work 是调休上班的周六、周日。平常的周六、周日不用写，都算休息日。
year: {year}
status: published
source: 《国务院办公厅关于{year}年部分节假日安排的通知》（{notice}）
rest:
{rest}work:
{work}"""
    + LUNAR_MONTHS
)
PROVISIONAL_FILE = (
    """\
# {year}年暂定：放假通知还没有公布，只列法定节日当天。平常的周六、周日不用写，都算休息日。
# 用这一年算出的期限都写“暂按”。通知公布后另加一份 {year}.yaml（status: published），系统就改用那一份；
# 这一份不改，也不删。
year: {year}
status: provisional
source: 《全国年节及纪念日放假办法》（2024年修订）第二条；春节、清明节、端午节、中秋节的日子照历法推算
rest:
{rest}"""
    + LUNAR_MONTHS
)


def solar(day: Solar) -> date:
    """Turn a day of the lunar package into a date."""
    return date(day.getYear(), day.getMonth(), day.getDay())


def lunar(year: int, month: int, day: int) -> date:
    """Find the date of a day in the lunar year that begins in `year`."""
    return solar(Lunar.fromYmd(year, month, day).getSolar())


def statutory_days(year: int) -> Mapping[date, str]:
    """List the statutory days of a year (全国年节及纪念日放假办法, revised 2024, art. 2) in order.

    Two festivals that fall on one day share its line.
    """
    eve = lunar(year, 1, 1) - timedelta(days=1)
    found = [
        (date(year, 1, 1), "元旦"),
        *((eve + timedelta(days=offset), "春节") for offset in range(4)),
        (solar(Solar.fromYmd(year, 6, 1).getLunar().getJieQiTable()["清明"]), "清明节"),
        *((date(year, 5, day), "劳动节") for day in (1, 2)),
        (lunar(year, 5, 5), "端午节"),
        *((date(year, 10, day), "国庆节") for day in (1, 2, 3)),
        (lunar(year, 8, 15), "中秋节"),
    ]
    days: dict[date, str] = {}
    for day, name in sorted(found, key=lambda item: item[0]):
        days[day] = f"{days[day]}、{name}" if day in days else name
    return days


def of_notice(year: int, days: Mapping[date, str]) -> Iterator[tuple[date, str]]:
    """Pick the days of one notice, in order; a December day belongs to the New Year after it."""
    for day, name in sorted(days.items()):
        if day.year + day.month // 12 == year:
            yield day, NAMES[name]


def lunar_months(year: int) -> str:
    """Spell the lunar months that begin in a year as YAML, a line each."""
    days = (date(year, 1, 1) + timedelta(days=count) for count in range(366))
    found = (
        (day, Solar.fromYmd(day.year, day.month, day.day).getLunar()) for day in days if day.year == year
    )
    return "".join(
        f"  - {{first: {day}, month: {abs(moon.getMonth())}, leap: {str(moon.getMonth() < 0).lower()}}}\n"
        for day, moon in found
        if moon.getDay() == 1
    )


def lines(days: Iterable[tuple[date, str]], suffix: str = "") -> str:
    """Spell days as YAML, a line each."""
    return "".join(f"  - {{day: {day}, name: {name}{suffix}}}\n" for day, name in days)


def files() -> Iterator[tuple[str, str]]:
    """Give the name and the text of every calendar file."""
    for year, notice in NOTICES.items():
        rest = lines(of_notice(year, holidays))
        work = lines(of_notice(year, workdays), "调休")
        yield (
            f"{year}.yaml",
            PUBLISHED_FILE.format(year=year, notice=notice, rest=rest, work=work, months=lunar_months(year)),
        )
    for year in PROVISIONAL:
        rest = lines(statutory_days(year).items())
        yield (
            f"{year}-provisional.yaml",
            PROVISIONAL_FILE.format(year=year, rest=rest, months=lunar_months(year)),
        )


def main() -> int:
    """Write the files that are missing; report those that differ."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    differing = []
    for name, text in files():
        path = folder / name
        if not path.exists():
            path.write_text(text, encoding="utf-8")
        elif path.read_text(encoding="utf-8") != text:
            differing.append(path)
    for path in differing:
        sys.stderr.write(f"{path} differs and was left alone\n")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
