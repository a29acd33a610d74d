"""What was typed into a form, what is wrong with it, and the values it stands for.

Typed texts stay as typed, so that a form comes back as its writer left it. Digits may be full-width, numbers
may carry commas or their unit.
"""

import json
import re
import unicodedata
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from datetime import date
from typing import Self

from fastapi import Request
from starlette.datastructures import UploadFile

from web.guard.text import MOST_FIELDS, PAIRS
from workflow.core.days import day_words
from workflow.core.facts import Field, FieldError

_COUNT = re.compile(r"([0-9]{1,12})\s*[\u4e00-\u9fff]?")
_MONEY = re.compile(r"¥?\s*([0-9]{1,10})(?:\.([0-9]{1,2}))?\s*元?")
_YEARS = (1000, 9999)
_NEVER_KEPT = re.compile(".*password.*|code|key")


def parse_count(text: str) -> int | None:
    """A whole number as people type it: ３１, 1,200, 31人; None when it is none."""
    found = _COUNT.fullmatch(_figures(text))
    return int(found[1]) if found else None


def parse_money(text: str) -> int | None:
    """An amount in yuan as people type it, in fen: 12,000.5元 is 1200050; None when it is none."""
    found = _MONEY.fullmatch(_figures(text))
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else None


def parse_day(year: str, month: str, day: str) -> date | None:
    """The day of three number boxes; None where the calendar has none. The year has four digits."""
    numbers = [parse_count(box) for box in (year, month, day)]
    if None in numbers or not _YEARS[0] <= (numbers[0] or 0) <= _YEARS[1]:
        return None
    try:
        return date(*(number or 0 for number in numbers))
    except ValueError:
        return None


def _figures(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace(",", "").strip()


class Form:
    """One form between page and route. `errors` maps a field's name to a sentence, in the order found."""

    def __init__(
        self,
        typed: Mapping[str, list[str]] | None = None,
        files: Mapping[str, list[UploadFile]] | None = None,
    ) -> None:
        self.typed = dict(typed or {})
        self.files = dict(files or {})
        self.errors: dict[str, str] = {}

    @classmethod
    async def posted(cls, request: Request) -> AsyncIterator["Form"]:
        """The form of this request; for `Depends`. Its files are closed when the answer is made."""
        typed: dict[str, list[str]] = {}
        files: dict[str, list[UploadFile]] = {}
        pairs: list[tuple[str, str]] | None = request.scope["state"].get(PAIRS)
        if pairs is not None:
            await request.body()
            for name, text in pairs:
                typed.setdefault(name, []).append(text)
            yield cls(typed)
            return
        async with request.form(max_fields=MOST_FIELDS, max_files=MOST_FIELDS) as data:
            for name, value in data.multi_items():
                if isinstance(value, str):
                    typed.setdefault(name, []).append(value)
                elif value.filename:
                    files.setdefault(name, []).append(value)
            yield cls(typed, files)

    @classmethod
    def from_json(cls, draft: str) -> Self:
        """A form as `to_json` kept it."""
        return cls(json.loads(draft))

    def to_json(self) -> str:
        """What was typed, without files, passwords, codes and submit keys: the body of a draft."""
        return json.dumps(
            {name: texts for name, texts in self.typed.items() if not _NEVER_KEPT.fullmatch(name)}
        )

    def show_day(self, name: str, day: date) -> None:
        """Fill the three boxes of a day before the page is shown."""
        for part, number in (("y", day.year), ("m", day.month), ("d", day.day)):
            self.typed[f"{name}_{part}"] = [str(number)]

    def show(self, name: str, text: str) -> None:
        """Fill a field before the page is shown."""
        self.typed[name] = [text]

    # What the templates ask.

    def value(self, name: str) -> str:
        """The text typed into a field, or the empty text."""
        return self.typed.get(name, [""])[0]

    def values(self, name: str) -> list[str]:
        """The texts of a list, whose name ends in `[]` in the page and not here."""
        return self.typed.get(f"{name}[]", [])

    def error(self, name: str) -> str:
        """What is wrong with a field, or the empty text."""
        return self.errors.get(name, "")

    # What the routes ask.

    def fail(self, name: str, message: str) -> None:
        """Say what is wrong with a field; the first word on it stays."""
        self.errors.setdefault(name, message)

    def take(self, errors: Iterable[FieldError]) -> None:
        """Put the engine's words on the fields they belong to."""
        for error in errors:
            self.fail(error.field, error.message)

    def text(
        self, name: str, label: str, *, most: int = 200, required: bool = True, lines: bool = False
    ) -> str:
        """A text without spaces around it; line ends only where `lines` allows them."""
        text = unicodedata.normalize("NFC", self.value(name)).replace("\r\n", "\n").strip()
        if required and not text:
            self.fail(name, f"{label}没有填")
        elif len(text) > most:
            self.fail(name, f"{label}最多 {most} 个字，现在有 {len(text)} 个")
        elif any(
            unicodedata.category(sign) in {"Cc", "Cs"} and not (lines and sign == "\n") for sign in text
        ):
            self.fail(name, f"{label}里有看不见的符号，请重新输入")
        return text

    def number(self, name: str, label: str, *, least: int = 0, most: int = 10**12) -> int | None:
        """A whole number within bounds; None with a word on the field when there is none."""
        found = parse_count(self.value(name))
        if not self.value(name).strip():
            self.fail(name, f"{label}没有填")
        elif found is None:
            self.fail(name, f"{label}要填整数，例如 31")
        elif not least <= found <= most:
            self.fail(name, f"{label}要在 {least} 到 {most} 之间")
            return None
        return found

    def money(self, name: str, label: str) -> int | None:
        """An amount in fen; None with a word on the field when there is none."""
        found = parse_money(self.value(name))
        if not self.value(name).strip():
            self.fail(name, f"{label}没有填")
        elif found is None:
            self.fail(name, f"{label}要填金额，单位是元，例如 12000 或 350.5")
        return found

    def day(
        self, name: str, label: str, *, first: date | None = None, last: date | None = None
    ) -> date | None:
        """A day, picked from the list nearby or typed into the boxes; both bounds are allowed days."""
        found = self._day(name)
        if found is None:
            self.fail(name, self._day_fault(name, label))
        elif isinstance(found, str):
            self.fail(name, f"{label}：{found}")
            return None
        elif last is not None and found > last:
            self.fail(name, f"{label}不能晚于{day_words(last)}")
        elif first is not None and found < first:
            self.fail(name, f"{label}不能早于{day_words(first)}")
        return found

    def choice(self, name: str, label: str, options: Collection[str]) -> str | None:
        """One of the options; None with a word on the field when none or another was chosen."""
        chosen = self.value(name)
        if chosen in options:
            return chosen
        self.fail(name, f"{label}还没有选" if not chosen else f"{label}请从列出的几项里选一项")
        return None

    def given(self, fields: Iterable[Field]) -> dict[str, object]:
        """The typed values of a procedure's fields, without documents, for `read_facts`, which judges them.

        What cannot be understood is handed on as typed, so that it is refused there and not lost here.
        """
        return {each.name: value for each in fields if (value := self._given(each)) is not None}

    def _given(self, each: Field) -> object:
        text = self.value(each.name)
        found: object = text or None
        if each.type == "documents":
            found = None
        elif each.type == "choices":
            found = self.values(each.name) or None
        elif each.type == "day":
            day = self._day(each.name)
            found = (
                day.isoformat()
                if isinstance(day, date)
                else day or (self._boxes(each.name).strip("-") or None)
            )
        elif text.strip() and each.type == "count":
            found = number if (number := parse_count(text)) is not None else text
        elif text.strip() and each.type == "money":
            found = number if (number := parse_money(text)) is not None else text
        elif each.type == "flag":
            found = {"yes": True, "no": False}.get(text, found)
        return found

    def _boxes(self, name: str) -> str:
        return "-".join(self.value(f"{name}_{part}").strip() for part in "ymd")

    def _day(self, name: str) -> date | str | None:
        """The day; a sentence when list and boxes disagree; None when there is none."""
        near, boxes = self.value(f"{name}_near"), self._boxes(name)
        typed = parse_day(*(self.value(f"{name}_{part}") for part in "ymd"))
        if near in {"", "other"}:
            return typed
        picked = parse_day(*[*near.split("-"), "", "", ""][:3])
        if boxes.strip("-") and picked != typed:
            return "上面选了一天，下面又填了另一天，请只留一个"
        return picked

    def _day_fault(self, name: str, label: str) -> str:
        boxes = [self.value(f"{name}_{part}").strip() for part in "ymd"]
        if not any(boxes):
            return f"{label}没有填"
        if not all(boxes):
            return f"{label}要填全年、月、日，例如 2026 年 3 月 1 日"
        return f"{label}：没有“{boxes[0]}年{boxes[1]}月{boxes[2]}日”这一天"
