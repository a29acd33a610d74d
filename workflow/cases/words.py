"""From the words people read on a form to the facts the engine takes, and back to a finding where a word is unknown."""

import datetime
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from workflow.cases.texts import Answers, Value
from workflow.core.days import Calendar, period
from workflow.core.facts import Field
from workflow.core.findings import did_you_mean, nearest

_SHOWN_AT_MOST = 12
_ASIDE = re.compile(r"（[^（）]*）")
_LATER = re.compile(r"(\d+)天([前后])", re.ASCII)
_PERIOD = re.compile(r"满(\d+)天", re.ASCII)
_YUAN = re.compile(r"(\d+)(?:\.(\d{2}))?元", re.ASCII)
YES_NO = {"是": True, "否": False}


class Misworded(Exception):
    """A word of a case that the engine does not know; `path` leads to it inside the case, `at_key` if it is a key."""

    def __init__(
        self, path: tuple[str | int, ...], message: str, hint: str = "", *, at_key: bool = False
    ) -> None:
        self.path = path
        self.at_key = at_key
        self.message = message
        self.hint = hint
        super().__init__(message)

    def under(self, *path: str | int) -> "Misworded":
        """Return the same with the path to what it stands in."""
        return Misworded((*path, *self.path), self.message, self.hint, at_key=self.at_key)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What words mean on one day in one village."""

    day: datetime.date
    calendar: Calendar
    people: Mapping[str, str]
    paper: Callable[[str], str]


def bare(title: str) -> str:
    """Return a title without its remarks in brackets."""
    return _ASIDE.sub("", title).strip()


def token(
    word: str,
    named: Iterable[tuple[str, str]],
    what: str,
    path: tuple[str | int, ...] = (),
    *,
    at_key: bool = False,
) -> str:
    """Return the token of a word: the token itself, its title, or its title without brackets; `Misworded` otherwise."""
    spelled: dict[str, str] = {}
    for name, title in named:
        for each in (name, title, bare(title)):
            spelled.setdefault(each, name)
    if word in spelled:
        return spelled[word]
    known = dict.fromkeys(each for each in spelled if not each.isascii())
    several = [*(known or spelled)]
    more = "等" if len(several) > _SHOWN_AT_MOST else ""
    hint = did_you_mean(word, spelled) or "可以写：" + "、".join(several[:_SHOWN_AT_MOST]) + more
    raise Misworded(path, f"没有“{word}”这{what}", hint, at_key=at_key)


def paper_digest(name: str) -> str:
    """Return the digest a paper of this name has in cases, where no file is kept."""
    return "sha256:" + hashlib.sha256(name.encode()).hexdigest()


def day_of(word: str, day: datetime.date) -> datetime.date:
    """Return the day a word means, counted from `day`: an ISO day, 当天, 3天后, 3天前."""
    if word == "当天":
        return day
    later = _LATER.fullmatch(word)
    if later:
        days = int(later[1])
        return day + datetime.timedelta(days=days if later[2] == "后" else -days)
    return datetime.date.fromisoformat(word)


def field_named(word: str, form: Iterable[Field]) -> Field | None:
    """Return the field a word names: its name, its title, or its title without brackets."""
    return next((each for each in form if word in (each.name, each.title, bare(each.title))), None)


Unknown = Literal["refuse", "drop", "keep"]


def answers(
    given: Answers, form: tuple[Field, ...], around: Surroundings, unknown: Unknown = "refuse"
) -> dict[str, object]:
    """Return typed values by field name.

    A word that is not on the form or no answer of its question is `Misworded`, dropped, or kept as it is written (for
    cases that say what a form refuses to read).
    """
    found: dict[str, object] = {}
    for word, value in given.items():
        field = field_named(word, form)
        if field is None and unknown == "drop":
            continue
        try:
            if field is None:
                raise _not_on(form, word)
            found[field.name] = _value(field, value, around)
        except Misworded as error:
            if unknown != "keep":
                raise error.under(word) from None
            found[field.name if field else word] = list(value) if isinstance(value, tuple) else value
    return found


def _not_on(form: Iterable[Field], word: str) -> Misworded:
    titles = [bare(each.title) for each in form]
    near = nearest(word, titles)
    return Misworded(
        (),
        f"这张表没有“{word}”这一项",
        f"是否指“{near}”？" if near else "表上有：" + "、".join(titles),
        at_key=True,
    )


def _value(field: Field, value: Value, around: Surroundings) -> object:
    if field.type in ("choices", "documents") and isinstance(value, str):
        value = (value,)
    if isinstance(value, tuple):
        return [_one(field, each, around) for each in value]
    if field.type == "flag" and isinstance(value, str):
        return YES_NO.get(value, value)
    if isinstance(value, str):
        return _one(field, value, around)
    if field.type == "money":
        raise Misworded((), "金额要带单位", f"例如 {value}元")
    return str(value) if field.private else value


def _one(field: Field, word: str, around: Surroundings) -> object:
    if field.type in ("choice", "choices"):
        return token(word, [(each.token, each.title) for each in field.choices], "一答案")
    if field.type == "documents":
        return around.paper(word)
    if field.type == "person":
        return person(word, around.people)
    if field.type == "money":
        yuan = _YUAN.fullmatch(word)
        if yuan is None:
            raise Misworded((), f"“{word}”不是金额", "写成 48000元 或 48000.50元")
        return int(yuan[1]) * 100 + int(yuan[2] or 0)
    if field.type == "day":
        return _day(word, around)
    return word


def _day(word: str, around: Surroundings) -> str:
    full = _PERIOD.fullmatch(word)
    if full:
        return period(around.day, int(full[1]), around.calendar).last.isoformat()
    try:
        return day_of(word, around.day).isoformat()
    except ValueError:
        raise Misworded((), f"“{word}”不是日期", "写成 2026-03-02、当天、5天后或 满15天") from None


def person(label: str, people: Mapping[str, str], path: tuple[str | int, ...] = ()) -> str:
    """Return the id of a person of the village by what the text calls them."""
    if label not in people:
        raise Misworded(
            path, f"村里没有“{label}”", did_you_mean(label, people) or "村里有：" + "、".join(people)
        )
    return people[label]
