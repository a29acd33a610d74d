"""What a request may say: one value for each name, real text, whole numbers. Pure functions."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final, NoReturn
from urllib.parse import unquote_to_bytes

LARGEST: Final = 2**53 - 1
DEEPEST: Final = 20
MOST_FIELDS: Final = 2000
PAIRS: Final = "pairs"
"""Where, in a request's state, the names and texts of a urlencoded form are found once its body has been read."""
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Unacceptable(ValueError):
    """`field` names the place ("" the whole), `str()` says in Chinese what is wrong with it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def check_once(names: Iterable[str]) -> None:
    """Refuse a name that comes twice; only names ending in `[]` are lists."""
    seen = Counter(names)
    if seen.total() > MOST_FIELDS:
        raise Unacceptable("", f"一次最多提交 {MOST_FIELDS} 项")
    for name, times in seen.items():
        if times > 1 and not name.endswith("[]"):
            raise Unacceptable(name, "同一项填了两次，请只填一次")


def check_text(field: str, text: str) -> None:
    """Refuse control characters (tab and line ends may stay) and halves of characters."""
    if _UNPRINTABLE.search(text):
        raise Unacceptable(field if field.isprintable() else "", "含有看不见的控制符，请删掉后重新输入")


def read_bytes(field: str, data: bytes) -> str:
    """The text of some bytes, which must be UTF-8."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Unacceptable(field, "文字编码不是 UTF-8") from None
    check_text(field, text)
    return text


def read_pairs(encoded: bytes) -> list[tuple[str, str]]:
    """The names and texts of a query string or a urlencoded form, in order; raises `Unacceptable`."""
    pairs: list[tuple[str, str]] = []
    for pair in filter(None, encoded.replace(b"+", b" ").split(b"&")):
        name, _, value = pair.partition(b"=")
        called = read_bytes("", unquote_to_bytes(name))
        pairs.append((called, read_bytes(called, unquote_to_bytes(value))))
        if len(pairs) > MOST_FIELDS:
            break
    check_once([name for name, _ in pairs])
    return pairs


def check_json(data: bytes) -> None:
    """Check a JSON body: UTF-8, no key twice, whole numbers any program holds, not nested without end."""
    if not data:
        return
    try:
        value = json.loads(
            read_bytes("", data), object_pairs_hook=_object, parse_constant=_no_number, parse_float=_no_number
        )
    except Unacceptable:
        raise
    except (ValueError, RecursionError):
        raise Unacceptable("", "不是合格的 JSON") from None
    level: list[Any] = [value]
    for _ in range(DEEPEST):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return
    raise Unacceptable("", f"嵌套超过 {DEEPEST} 层")


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, str):
        check_text("", value)
    elif isinstance(value, int) and abs(value) > LARGEST:
        raise Unacceptable("", "数字太大")
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return value if isinstance(value, list) else []


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen = dict(pairs)
    if len(seen) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        check_text("", twice)
        raise Unacceptable(twice, "同一项填了两次，请只填一次")
    return seen


def _no_number(text: str) -> NoReturn:
    raise Unacceptable("", f"只收整数，不收 {text[:20]}")
