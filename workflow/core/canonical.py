"""Canonical JSON: one value, one sequence of bytes (RFC 8785 restricted, see `canonical`)."""

import hashlib
import json
import re
import unicodedata
from typing import Any, Final

LARGEST_INTEGER: Final = 2**53 - 1

# What holds itself ends in RecursionError; looking out for it costs a third of the encoder's time.
_encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, check_circular=False
).encode


def _up_to(largest: str) -> str:
    """A pattern of the integers with as many digits as `largest` that are not above it."""
    below = (
        f"{largest[:place]}[{int(place == 0)}-{int(digit) - 1}][0-9]{{{len(largest) - place - 1}}}"
        for place, digit in enumerate(largest)
        if int(digit) > int(place == 0)
    )
    return "|".join((*below, largest))


# The encoder has seen to the grammar, so it is enough to look at one token after the other, which is faster
# than walking the value. The encoder writes the keys None, True and False as words: these are no keys here.
_TOKENS: Final = re.compile(
    rf"""(?:
        "(?!(?:null|true|false)")[a-z][a-z0-9_]*+":             # a key
      | "(?:[^"\\\x00-\x1f\x7f-\x9f]++|\\["\\])*+"(?!:)         # a string; a control is written \n or \u0000
      | [\[\]{{}},]++ | true | false | null
      | -?(?:0|[1-9][0-9]{{0,14}}|{_up_to(str(LARGEST_INTEGER))})(?![0-9])
    )*+""",
    re.VERBOSE,
)


def canonical(value: Any) -> bytes:
    """The canonical bytes of `value`.

    Allowed: objects with keys `[a-z][a-z0-9_]*` but null, true and false, lists, NFC strings without
    surrogates or control characters (newline and tab are such), integers within ±(2^53-1), true, false, null.
    Within that profile the result equals RFC 8785. Raises ValueError for anything else, floats above all.
    """
    try:
        text = _encode(value)
    except (TypeError, RecursionError) as error:
        raise ValueError(f"not JSON: {error}") from error
    match = _TOKENS.match(text)
    end = match.end() if match else 0
    if end != len(text):
        raise ValueError(f"not allowed: {text[end : end + 40]!r}")
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
