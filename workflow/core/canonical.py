"""Canonical JSON: one value, one sequence of bytes (RFC 8785 restricted, see `canonical`)."""

import hashlib
import json
import re
import unicodedata
from typing import Any

LARGEST_INTEGER = 2**53 - 1
DEEPEST = 16

_KEY = re.compile(r"[a-z][a-z0-9_]*")
# json.dumps writes each control character below U+0020 as a backslash followed by a letter.
_ESCAPED = re.compile(r'\\(?:["\\]|(.))')
_HIGH_CONTROL = re.compile("[\x7f-\x9f]")

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def canonical(value: Any) -> bytes:
    """The canonical bytes of `value`.

    Allowed: objects with keys `[a-z][a-z0-9_]*`, lists, NFC strings without surrogates or control characters
    (newline and tab are such), integers within ±(2^53-1), true, false, null. Within that profile the result
    equals RFC 8785. Raises ValueError for anything else: floats, other types, nesting beyond 16.
    """
    _check(value, DEEPEST)
    text = _encode(value)
    escaped = "\\" in text and any(match[1] for match in _ESCAPED.finditer(text))
    if escaped or _HIGH_CONTROL.search(text):
        raise ValueError("a string holds a control character")
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        raise ValueError("a string is not in normal form C")
    return text.encode()  # UnicodeEncodeError, a ValueError, refuses surrogates


def parse_canonical(data: bytes) -> Any:
    """The value whose canonical form is exactly `data`; ValueError for any other bytes."""
    try:
        value = json.loads(data.decode())
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if canonical(value) != data:
        raise ValueError("not the canonical form")
    return value


def digest(data: bytes) -> str:
    """`sha256:` and the 64 hexadecimal digits of the SHA-256 of `data`."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def _check(value: Any, room: int) -> None:
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return
    if kind is int:
        if not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
            raise ValueError("integer beyond 2^53-1")
        return
    if room == 0:
        raise ValueError("nested too deeply")
    if kind is dict:
        for key, item in value.items():
            if type(key) is not str or not _KEY.fullmatch(key):
                raise ValueError(f"key not allowed: {key!r}")
            _check(item, room - 1)
    elif kind is list or kind is tuple:
        for item in value:
            _check(item, room - 1)
    else:
        raise ValueError(f"type not allowed: {kind.__name__}")
