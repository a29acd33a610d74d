"""Templates: the environment, the words it can make of days, counts and money, and `render`."""

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from web.numerals import capital_money, spoken, spoken_money
from web.settings import Settings
from workflow.core.days import SHANGHAI, civil_day, day_words, weekday_words

HERE: Final = Path(__file__).parent
GROUP_WORDS: Final[Mapping[str, str]] = {
    "secretary": "村级经办",
    "committee": "村务监督",
    "township": "乡镇",
    "county": "县级",
    "auditor": "审计",
    "administrator": "系统管理",
}


def as_date(day: date | str) -> date:
    """A day as the templates get it: a date, or the ISO text of an entry."""
    return date.fromisoformat(day) if isinstance(day, str) else day


def day(value: date | str) -> str:
    """2026年3月1日."""
    return day_words(as_date(value))


def weekday(value: date | str) -> str:
    """2026年3月1日（星期日）."""
    found = as_date(value)
    return f"{day_words(found)}（{weekday_words(found)}）"


def span(first: date | str, last: date | str) -> str:
    """自2026年3月1日至3月16日，共16日: both ends count."""
    begin, end = as_date(first), as_date(last)
    until = day_words(end) if begin.year != end.year else f"{end.month}月{end.day}日"
    return f"自{day_words(begin)}至{until}，共{(end - begin).days + 1}日"


def moment(value: datetime | str) -> str:
    """An instant on the clock in China: 2026年3月1日 14:05."""
    instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    return f"{day_words(civil_day(instant))} {instant.astimezone(SHANGHAI):%H:%M}"


def money(fen: int) -> str:
    """An amount in fen as figures: 12,000.00元."""
    return f"{fen // 100:,}.{fen % 100:02d}元"


def count(number: int) -> str:
    """A whole number with its thousands apart: 12,000."""
    return f"{number:,}"


def nearby(today: date, back: int = 5) -> list[tuple[str, str]]:
    """The choices of a date question: today and the days before it, each with its weekday."""
    names = {0: "今天", 1: "昨天", 2: "前天"}
    days = [(gap, today - timedelta(days=gap)) for gap in range(back + 1)]
    return [
        (
            one.isoformat(),
            f"{one.month}月{one.day}日 {weekday_words(one)}" + (f"（{names[gap]}）" if gap in names else ""),
        )
        for gap, one in days
    ]


def make_templates(settings: Settings, clock: Callable[[], datetime]) -> Jinja2Templates:
    """The environment of every page; an undefined name is an error, never an empty space."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        day=day,
        weekday=weekday,
        moment=moment,
        money=money,
        count=count,
        spoken=spoken,
        spoken_money=spoken_money,
        capital_money=capital_money,
    )
    stamps = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()[:10] for file in (HERE / "static").iterdir()
    }

    def static(name: str) -> str:
        return f"/static/{name}?v={stamps[name]}"

    environment.globals.update(
        static=static, span=span, nearby=nearby, settings=settings, group_words=GROUP_WORDS
    )

    def of_request(request: Request) -> dict[str, Any]:
        return {
            "viewer": getattr(request.state, "viewer", None),
            "large": request.cookies.get("large") == "1",
            "today": civil_day(clock()),
            "request_id": request.state.request_id,
            "here": request.scope["path"],
        }

    return Jinja2Templates(env=environment, context_processors=[of_request])


def render(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> Response:
    """A page. `form`, when given, also decides the error box at its top and the word 错误 in its title.

    The template sees besides: viewer, large, today, request_id, here, settings.
    """
    templates: Jinja2Templates = request.app.state.templates
    return templates.TemplateResponse(
        request, template, {"form": None, **context}, status_code=status, headers=headers
    )


def local_path(path: str) -> str:
    """A path of this site to go on to, or `/` where the text could lead elsewhere."""
    return path if re.fullmatch(r"/(?![/\\])[^\\\x00-\x1f\x7f]*", path) else "/"
