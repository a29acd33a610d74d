"""What a form may ask: the closed set of fact types, and the one reading of typed or posted values into facts."""

import datetime
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

FactType = Literal[
    "count", "money", "day", "choice", "choices", "flag", "line", "text", "person", "documents"
]
FactValue = int | str | bool | list[str]

LARGEST = 10**12
MOST_DOCUMENTS = 20
LINE_LENGTH = 200
TEXT_LENGTH = 5000
# No form asks for a day outside these; near the ends of the calendar of the computer, sums of days fail.
EARLIEST, LATEST = datetime.date(1900, 1, 1), datetime.date(2199, 12, 31)
# Control characters and halves of characters; a text of several lines has line ends and tabs.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_UNPRINTABLE_IN_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_PERSON = re.compile(r"[a-z][A-Za-z0-9_-]{0,63}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_JSON: dict[str, dict[str, object]] = {
    "count": {"type": "integer", "minimum": 0, "maximum": LARGEST},
    "money": {"type": "integer", "minimum": 0, "maximum": LARGEST, "description": "单位：分"},
    "day": {"type": "string", "format": "date"},
    "flag": {"type": "boolean"},
    "line": {"type": "string", "maxLength": LINE_LENGTH},
    "text": {"type": "string", "maxLength": TEXT_LENGTH},
    "person": {"type": "string", "pattern": "^[a-z][A-Za-z0-9_-]{0,63}$"},
    "documents": {
        "type": "array",
        "items": {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
        "maxItems": MOST_DOCUMENTS,
    },
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a closed question: the token that is recorded and the words people read."""

    token: str
    title: str


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form. `line` and `text` are kept as salted commitments, never in the leaf."""

    name: str
    title: str
    type: FactType
    required: bool = True
    choices: tuple[Choice, ...] = ()
    hint: str = ""

    @property
    def private(self) -> bool:
        """Whether the value goes to the erasable table and only its commitment into the leaf."""
        return self.type in ("line", "text")

    def schema(self) -> dict[str, object]:
        """Return the JSON schema of this fact as the API takes it."""
        if self.type == "choice":
            shape: dict[str, object] = {"type": "string", "enum": [choice.token for choice in self.choices]}
        elif self.type == "choices":
            shape = {
                "type": "array",
                "items": {"type": "string", "enum": [choice.token for choice in self.choices]},
                "uniqueItems": True,
            }
        else:
            shape = dict(_JSON[self.type])
        return {"title": self.title, **shape}


@dataclass(frozen=True, slots=True)
class FieldError:
    """Why one field cannot be read: malformed input (422), not a refusal."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Facts:
    """One form as read: `open` values for the leaf, `private` texts, `documents` by kind (the field's name)."""

    open: Mapping[str, FactValue] = field(default_factory=dict)
    private: Mapping[str, str] = field(default_factory=dict)
    documents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def fields_schema(fields: tuple[Field, ...]) -> dict[str, object]:
    """Return the JSON schema of a whole form."""
    return {
        "type": "object",
        "properties": {each.name: each.schema() for each in fields},
        "required": [each.name for each in fields if each.required],
        "additionalProperties": False,
    }


def _text(value: object, *, longest: int, lines: bool) -> str | None:
    if not isinstance(value, str):
        return None
    text = unicodedata.normalize("NFC", value).replace("\r\n", "\n").strip()
    unprintable = _UNPRINTABLE_IN_TEXT if lines else _UNPRINTABLE
    return None if len(text) > longest or unprintable.search(text) else text


def _tokens(value: object, allowed: frozenset[str]) -> list[str] | None:
    if not isinstance(value, list) or not all(isinstance(each, str) and each in allowed for each in value):
        return None
    return value if len(set(value)) == len(value) else None


def _number(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST:
        return None
    return value


def _day(value: object) -> str | None:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return None
    try:
        day = datetime.date.fromisoformat(value)
    except ValueError:
        return None
    return value if EARLIEST <= day <= LATEST else None


def _documents(value: object) -> list[str] | None:
    if not isinstance(value, list) or len(value) > MOST_DOCUMENTS:
        return None
    return value if all(isinstance(each, str) and _DIGEST.fullmatch(each) for each in value) else None


_WRONG = {
    "count": "请填 0 或以上的整数",
    "money": "请填金额，不能为负数",
    "day": "请填一个真实的日期",
    "choice": "请从列出的答案中选一个",
    "choices": "请从列出的答案中选，不要重复",
    "flag": "请回答是或否",
    "line": f"请填一行文字，不超过 {LINE_LENGTH} 字",
    "text": f"请填文字，不超过 {TEXT_LENGTH} 字",
    "person": "请从名单里选人",
    "documents": "请上传文件，最多 20 个",
}


def _read(each: Field, value: object) -> FactValue | None:
    if each.type in ("count", "money"):
        return _number(value)
    if each.type == "day":
        return _day(value)
    if each.type == "flag":
        return value if isinstance(value, bool) else None
    if each.type == "choice":
        allowed = {choice.token for choice in each.choices}
        return value if isinstance(value, str) and value in allowed else None
    if each.type == "choices":
        return _tokens(value, frozenset(choice.token for choice in each.choices))
    if each.type == "documents":
        return _documents(value)
    if each.type == "person":
        return value if isinstance(value, str) and _PERSON.fullmatch(value) else None
    return _text(
        value, longest=LINE_LENGTH if each.type == "line" else TEXT_LENGTH, lines=each.type == "text"
    )


def read_facts(fields: tuple[Field, ...], given: Mapping[str, object]) -> tuple[Facts, list[FieldError]]:
    """Read typed values against the form's fields; every malformed, missing or unknown field is listed at once."""
    known = {each.name for each in fields}
    errors = [FieldError(name, f"这张表没有“{name}”这一项") for name in given if name not in known]
    found: dict[str, FactValue] = {}
    private: dict[str, str] = {}
    documents: dict[str, tuple[str, ...]] = {}
    for each in fields:
        raw = given.get(each.name)
        if raw is None or raw in ("", []):
            if each.required:
                errors.append(FieldError(each.name, f"{each.title}没有填"))
            continue
        value = _read(each, raw)
        if each.private and value == "" and not each.required:
            continue
        if value is None or (each.private and not value and each.required):
            errors.append(FieldError(each.name, f"{each.title}：{_WRONG[each.type]}"))
        elif each.type == "documents":
            documents[each.name] = tuple(str(one) for one in value) if isinstance(value, list) else ()
        elif each.private:
            private[each.name] = str(value)
        else:
            found[each.name] = value
    return Facts(found, private, documents), errors
