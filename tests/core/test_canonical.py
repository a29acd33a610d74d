"""Canonical JSON: what is allowed has one spelling, the one of RFC 8785; everything else is refused."""

import enum
import json
from functools import partial
from typing import Any
from unicodedata import normalize

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from workflow.core.canonical import LARGEST_INTEGER, canonical, digest, parse_canonical

KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True).filter(
    lambda key: key not in {"null", "true", "false"}
)
STRINGS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12).map(partial(normalize, "NFC"))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER) | STRINGS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


class Word(enum.StrEnum):
    """A word as a member, the way callers hold closed lists."""

    YES = "yes"


@given(VALUES)
def test_equals_rfc_8785(value: Any):
    """Inside the profile the bytes are those of the rfc8785 package, and they read as the value."""
    assert canonical(value) == rfc8785.dumps(value)
    assert parse_canonical(canonical(value)) == value


@pytest.mark.prove
def test_equals_rfc_8785_at_length(prove_rounds: int):
    """The same over many more values."""
    settings(max_examples=prove_rounds)(test_equals_rfc_8785)()


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        1e3,
        float("nan"),
        float("inf"),
        LARGEST_INTEGER + 1,
        -LARGEST_INTEGER - 1,
        10**16,
        10**400,
        "\n",
        "\t",
        "\x00",
        "\x1f",
        "\x7f",
        "\x85",
        "\ud800",
        "e\u0301",
        {"A": 1},
        {"1": 1},
        {"_a": 1},
        {"a-b": 1},
        {"a b": 1},
        {"": 1},
        {"村": 1},
        {1: 1},
        {1.5: 1},
        {None: 1},
        {True: 1},
        {"a": 1, 2: 2},
        {"a": {"b": [1.5]}},
        b"bytes",
        {1, 2},
    ],
    ids=repr,
)
def test_refused(value: Any):
    """Floats, long integers, control characters, surrogates, other normal forms, other keys, other types."""
    with pytest.raises(ValueError):  # noqa: PT011
        canonical(value)


@pytest.mark.parametrize(
    "value",
    [
        0,
        -1,
        10**15 - 1,
        10**15,
        8_999_999_999_999_999,
        LARGEST_INTEGER - 1,
        LARGEST_INTEGER,
        -LARGEST_INTEGER,
        'quote " and back\\slash',
        '":{null,1.5}',
        "村民会议",
        "\u2028",
        [],
        {},
        {"a": [[], {}, None, True, False]},
    ],
    ids=repr,
)
def test_allowed(value: Any):
    """The edges of what is allowed come back unchanged."""
    assert parse_canonical(canonical(value)) == value


def test_members_of_word_lists_are_words():
    """A StrEnum member is written as its word and a tuple as a list."""
    assert canonical({"a": (Word.YES,)}) == b'{"a":["yes"]}'


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1, "b":2}',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a":1.0}',
        b'{"a":1e2}',
        b'{"a":-0}',
        b'{"a":01}',
        b'{"a":NaN}',
        b'"\\u0041"',
        b'"\\/"',
        b'"\\ud800"',
        b' "a"',
        b'"a"\n',
        b"",
        b"\xff",
        b"\xef\xbb\xbf1",
        b"[" * 100_000,
        b"9" * 5_000,
    ],
    ids=lambda data: repr(data[:20]),
)
def test_other_bytes_are_refused(data: bytes):
    """Any other spelling, a duplicate key, bad UTF-8, endless nesting: ValueError and nothing else."""
    with pytest.raises(ValueError):  # noqa: PT011
        parse_canonical(data)


def test_nesting_without_end_is_refused():
    """A value nested deeper than the encoder reaches is a ValueError too."""
    value: list[Any] = []
    for _ in range(5_000):
        value = [value]
    with pytest.raises(ValueError, match="not JSON"):
        canonical(value)


@given(VALUES.filter(lambda value: isinstance(value, dict | list)))
def test_a_changed_byte_is_another_value_or_refused(value: Any):
    """No second spelling: bytes that parse to the same value are the same bytes."""
    data = canonical(value)
    spaced = json.dumps(value, ensure_ascii=False, sort_keys=True).encode()
    if spaced != data:
        with pytest.raises(ValueError, match="canonical"):
            parse_canonical(spaced)


def test_digest():
    """The digest of nothing is the well-known one."""
    assert digest(b"") == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
