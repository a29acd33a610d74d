"""An entry: its exact bytes, what it refuses, its commitments, and the clock rule."""

import dataclasses
import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from workflow.core.entry import ClockSuspect, Entry, commitment, digest, recorded_at

SOME = digest(b"some text")
SALT = b"s" * 32
ENTRY = Entry(
    log="cunyi.example/371329",
    seq=7,
    place="371329100201",
    pseq=3,
    type="act",
    recorded_at="2026-03-01T02:03:04.000005Z",
    rules="1",
    key="a key",
    matter="2026-1",
    mseq=2,
    action="vote",
    from_="discussion",
    to="decision",
    actor="p1",
    office="secretary",
    auth="password",
    acted_on="2026-03-01",
    facts={"due": 45, "yes": 31},
    computed={"outcome": "passed"},
    procedure=SOME,
    statutes=[SOME],
    calendar=SOME,
    private={"title": commitment("title", SALT, "修路")},
    documents=[{"digest": SOME, "size": 10, "kind": "pdf"}, {"commit": SOME, "size": 0, "kind": "photo"}],
)

FIELDS = (
    "acted_on action actor auth calendar clock computed deputy_for documents facts from key log matter mseq"
)
FIELDS += " office place private procedure pseq recorded_at rules seq statutes to type v"


def test_leaf_has_exactly_the_fields_of_the_design():
    """The leaf is canonical JSON with the fields of the design's table and no others."""
    record = json.loads(ENTRY.leaf())
    assert " ".join(record) == FIELDS
    assert record["from"] == "discussion"
    assert record["v"] == 1


def test_leaf_and_back():
    """Reading a leaf, strictly or as our own, gives the entry back."""
    assert Entry.from_leaf(ENTRY.leaf()) == ENTRY
    assert Entry.from_own_leaf(ENTRY.leaf()) == ENTRY


def test_leaf_bytes_are_fixed():
    """The bytes never change between releases: this digest is of format version 1."""
    assert hashlib.sha256(ENTRY.leaf()).hexdigest() == (
        "98addae24a4c830176d3d15135fb8d60ffc3e20cdc63f8b5507951c95b36c30f"
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"v": 2},
        {"v": True},
        {"seq": -1},
        {"seq": True},
        {"seq": "1"},
        {"pseq": None},
        {"mseq": None},
        {"matter": None},
        {"matter": ""},
        {"matter": "a b"},
        {"place": ""},
        {"place": 371329100201},
        {"place": "37132910020１"},
        {"place": "3713291002011"},
        {"place": "371329100201\n"},
        {"type": "delete"},
        {"type": None},
        {"auth": "none"},
        {"clock": "fine"},
        {"log": ""},
        {"key": ""},
        {"key": "k" * 201},
        {"rules": None},
        {"actor": ""},
        {"acted_on": "2026-02-30"},
        {"acted_on": "2026-3-1"},
        {"acted_on": "20260301"},
        {"recorded_at": "2026-03-01T02:03:04Z"},
        {"recorded_at": "2026-03-01T02:03:04.000005+00:00"},
        {"recorded_at": "2026-13-01T02:03:04.000005Z"},
        {"recorded_at": None},
        {"facts": []},
        {"facts": {"share": 0.5}},
        {"facts": {"Due": 1}},
        {"computed": None},
        {"procedure": "sha256:abc"},
        {"procedure": SOME.upper()},
        {"statutes": SOME},
        {"statutes": [None]},
        {"private": {"title": "修路"}},
        {"private": {"Title": SOME}},
        {"documents": [{"digest": SOME, "size": 1}]},
        {"documents": [{"digest": SOME, "commit": SOME, "size": 1, "kind": "pdf"}]},
        {"documents": [{"digest": SOME, "size": -1, "kind": "pdf"}]},
        {"documents": [{"digest": SOME, "size": 1, "kind": "pdf", "name": "a.pdf"}]},
        {"documents": ["a.pdf"]},
    ],
    ids=repr,
)
def test_faulty_entry_is_refused_both_ways(changes: dict[str, Any]):
    """A fault in any field is refused when the entry is written and when a leaf with it is read."""
    faulty = dataclasses.replace(ENTRY, **changes)
    with pytest.raises(ValueError):  # noqa: PT011
        faulty.leaf()
    record = json.loads(ENTRY.leaf()) | changes
    data = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    with pytest.raises(ValueError):  # noqa: PT011
        Entry.from_leaf(data)


@pytest.mark.parametrize("data", [b"[]", b"{}", b'{"v":1}', b"null", b"nonsense"])
def test_other_json_is_no_entry(data: bytes):
    """Bytes that are not an object with exactly the fields are a ValueError, for our own leaves too."""
    with pytest.raises(ValueError):  # noqa: PT011
        Entry.from_leaf(data)
    with pytest.raises(ValueError):  # noqa: PT011
        Entry.from_own_leaf(data)


def test_an_extra_field_is_named():
    """The refusal names the fields that are missing or unknown."""
    record = json.loads(ENTRY.leaf()) | {"remark": "x"}
    data = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    with pytest.raises(ValueError, match="remark"):
        Entry.from_leaf(data)


def test_commitment():
    """A commitment is the hash the design gives; another field, salt or value gives another."""
    expected = hashlib.sha256(b"cunyi/v1/commit\ntitle\n" + SALT + "修路".encode()).hexdigest()
    assert commitment("title", SALT, "修路") == f"sha256:{expected}"
    others = {
        commitment("name", SALT, "修路"),
        commitment("title", b"t" * 32, "修路"),
        commitment("title", SALT, "修桥"),
    }
    assert len(others | {f"sha256:{expected}"}) == 4


@pytest.mark.parametrize("field,salt", [("title", b"short"), ("Title", SALT), ("a\nb", SALT)])
def test_commitment_refuses(field: str, salt: bytes):
    """A salt of another length or a field name that could run into the salt is refused."""
    with pytest.raises(ValueError):  # noqa: PT011
        commitment(field, salt, "x")


LAST = "2026-03-01T00:00:00.000000Z"
LAST_INSTANT = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "step,expected",
    [
        (timedelta(0), LAST),
        (timedelta(microseconds=1), "2026-03-01T00:00:00.000001Z"),
        (timedelta(seconds=-120), LAST),
        (timedelta(days=1), "2026-03-02T00:00:00.000000Z"),
        (timedelta(days=400), "2027-04-05T00:00:00.000000Z"),
    ],
)
def test_time_is_never_before_the_last_entry(step: timedelta, expected: str):
    """Up to 120 s behind the last entry's time is kept, up to 400 days ahead the clock is believed."""
    assert recorded_at(LAST_INSTANT + step, LAST) == (expected, "ok")


@pytest.mark.parametrize(
    "step,text",
    [
        (timedelta(seconds=-120, microseconds=-1), LAST),
        (timedelta(days=-20_000), LAST),
        (timedelta(days=400, microseconds=1), "2027-04-05T00:00:00.000001Z"),
    ],
)
def test_suspect_clock_is_refused_until_confirmed(step: timedelta, text: str):
    """Beyond either bound the time is refused; once confirmed it is recorded as suspect."""
    with pytest.raises(ClockSuspect) as refused:
        recorded_at(LAST_INSTANT + step, LAST)
    assert (refused.value.now, refused.value.last) == (LAST_INSTANT + step, LAST_INSTANT)
    assert recorded_at(LAST_INSTANT + step, LAST, confirmed=True) == (text, "suspect")


def test_first_entry_takes_the_clock_as_it_is():
    """Without a last entry there is nothing to compare; another time zone is turned into UTC."""
    china = datetime(2026, 3, 1, 8, tzinfo=timezone(timedelta(hours=8)))
    assert recorded_at(china, None) == (LAST, "ok")


def test_recorded_time_is_a_valid_field():
    """What the clock rule gives is what an entry takes."""
    text, clock = recorded_at(LAST_INSTANT, None)
    assert (
        Entry.from_leaf(dataclasses.replace(ENTRY, recorded_at=text, clock=clock).leaf()).recorded_at == text
    )
