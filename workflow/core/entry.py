"""One line of the register: its fields, its exact bytes, and the clock rule for its time."""

import dataclasses
import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from operator import attrgetter
from typing import Any, Final, NamedTuple

from workflow.core.canonical import canonical, digest, parse_canonical

__all__ = ["CLOCKS", "ENTRY_TYPES", "ClockSuspect", "Entry", "Sealed", "commitment", "digest", "recorded_at"]

VERSION: Final = 1
ENTRY_TYPES: Final = (
    "act", "confirmation", "correction", "withdrawal", "opened", "closed", "notice", "objection", "answer",
    "opinion", "delegation", "office", "roll", "procedure", "redaction", "export", "epoch", "heartbeat",
)  # fmt: skip
CLOCKS: Final = ("ok", "suspect")
AUTHS: Final = ("password", "totp", "token")
SALT_BYTES: Final = 32
LONGEST_NAME: Final = 200
BEHIND_AT_MOST: Final = timedelta(seconds=120)
AHEAD_AT_MOST: Final = timedelta(days=400)

_DIGEST = re.compile(r"(?:sha256|sm3):[0-9a-f]{64}")
_PLACE = re.compile(r"[0-9]{2,12}(?:-[0-9a-z]{1,20})?")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_FIELD = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The fields of design.md §5 and no others; `from_` is `from` in the bytes.

    `seq` is the leaf's index and counts from 0; `pseq` and `mseq` count from 1, so the last one is their number.
    `acted_on` is an ISO day, `recorded_at` ISO UTC with six decimals and `Z`. `private` maps a field to its
    commitment. Each of `documents` is `{digest, size, kind}`, for restricted files `{commit, size, kind}`.
    """

    log: str
    seq: int
    place: str
    pseq: int
    type: str
    recorded_at: str
    rules: str
    key: str
    v: int = VERSION
    matter: str | None = None
    mseq: int | None = None
    action: str | None = None
    from_: str | None = None
    to: str | None = None
    actor: str | None = None
    office: str | None = None
    auth: str | None = None
    deputy_for: str | None = None
    acted_on: str | None = None
    clock: str = "ok"
    facts: dict[str, Any] = dataclasses.field(default_factory=dict)
    computed: dict[str, Any] = dataclasses.field(default_factory=dict)
    procedure: str | None = None
    statutes: list[str] = dataclasses.field(default_factory=list)
    calendar: str | None = None
    private: dict[str, str] = dataclasses.field(default_factory=dict)
    documents: list[dict[str, Any]] = dataclasses.field(default_factory=list)

    def leaf(self) -> bytes:
        """The exact bytes the register keeps and the tree hashes; ValueError names the fault of an entry."""
        _refuse_faults(self)
        return canonical(dict(zip(_NAMES, _VALUES(self), strict=True)))

    @classmethod
    def from_leaf(cls, data: bytes) -> "Entry":
        """The entry of these bytes; ValueError names the fault unless `leaf` would write just them."""
        entry = _build(parse_canonical(data))
        _refuse_faults(entry)
        return entry

    @classmethod
    def from_own_leaf(cls, data: bytes) -> "Entry":
        """Like `from_leaf`, for bytes this register checked when it appended them; checks field names only.

        Replaying a matter reads some dozens of entries inside the writing transaction; the full check costs
        several times as much and belongs to verification.
        """
        return _build(json.loads(data))


_NAMES: Final = {
    ("from" if field.name == "from_" else field.name): field.name for field in dataclasses.fields(Entry)
}

_VALUES: Final = attrgetter(*_NAMES.values())


def commitment(field: str, salt: bytes, value: str) -> str:
    """The salted commitment of a private field, `sha256:<hex>`; `salt` is 32 random bytes, kept erasable."""
    if len(salt) != SALT_BYTES:
        raise ValueError("a salt has 32 bytes")
    if not _FIELD.fullmatch(field):
        raise ValueError(f"field name not allowed: {field!r}")
    preimage = b"cunyi/v1/commit\n" + field.encode() + b"\n" + salt + value.encode()
    return "sha256:" + hashlib.sha256(preimage).hexdigest()


class Sealed(NamedTuple):
    """A private field's salt and value with the commitment they open; `of` makes it."""

    salt: bytes
    value: str
    commitment: str

    @classmethod
    def of(cls, field: str, salt: bytes, value: str) -> "Sealed":
        """The field sealed with 32 random bytes."""
        return cls(salt, value, commitment(field, salt, value))


class ClockSuspect(ValueError):
    """The server's clock cannot be right: `now` against `last`, the time of the last entry (both aware)."""

    def __init__(self, now: datetime, last: datetime) -> None:
        self.now = now
        self.last = last
        side = "behind" if now < last else "ahead of"
        super().__init__(f"the clock ({now.isoformat()}) is far {side} the last entry ({last.isoformat()})")


def recorded_at(now: datetime, last: str | None, *, confirmed: bool = False) -> tuple[str, str]:
    """The `recorded_at` and `clock` of the next entry: never before `last`, the last entry's `recorded_at`.

    Raises ClockSuspect if `now` (aware) is more than 120 s behind or 400 days ahead of `last`, unless an
    administrator has `confirmed`: then the entry is marked `suspect`.
    """
    instant = now.astimezone(UTC)
    text = instant.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
    if last is None or last <= text <= last[:10] + "T23:59:59.999999Z":
        return text, "ok"
    before = datetime.fromisoformat(last)
    if -BEHIND_AT_MOST <= instant - before <= AHEAD_AT_MOST:
        return max(text, last), "ok"
    if not confirmed:
        raise ClockSuspect(instant, before)
    return max(text, last), "suspect"


def _build(record: Any) -> Entry:
    if type(record) is not dict:
        raise ValueError("an entry is an object")
    if record.keys() != _NAMES.keys():
        missing, unknown = sorted(_NAMES.keys() - record.keys()), sorted(record.keys() - _NAMES.keys())
        raise ValueError(f"fields missing: {missing}; unknown: {unknown}")
    return Entry(**{_NAMES[name]: value for name, value in record.items()})


def _refuse_faults(entry: Entry) -> None:
    for names, fits in _SHAPES:
        for name in names:
            if not fits(getattr(entry, name)):
                raise ValueError(f"entry field {name.rstrip('_')} does not fit: {getattr(entry, name)!r}")
    if (entry.matter is None) != (entry.mseq is None):
        raise ValueError("matter and mseq go together")


def _is_version(value: object) -> bool:
    return type(value) is int and value == VERSION


def _is_count(value: object) -> bool:
    return type(value) is int and value >= 0


def _is_count_or_null(value: object) -> bool:
    return value is None or _is_count(value)


def _is_name(value: object) -> bool:
    return type(value) is str and 0 < len(value) <= LONGEST_NAME


def _is_name_or_null(value: object) -> bool:
    return value is None or _is_name(value)


def _is_id_or_null(value: object) -> bool:
    return value is None or (type(value) is str and _ID.fullmatch(value) is not None)


def _is_digest(value: object) -> bool:
    return type(value) is str and _DIGEST.fullmatch(value) is not None


def _is_digest_or_null(value: object) -> bool:
    return value is None or _is_digest(value)


def _is_place(value: object) -> bool:
    return type(value) is str and _PLACE.fullmatch(value) is not None


def _is_day_or_null(value: object) -> bool:
    if value is None:
        return True
    if type(value) is not str or not _DAY.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_instant(value: object) -> bool:
    if type(value) is not str or not _INSTANT.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_object(value: object) -> bool:
    return type(value) is dict


def _is_digests(value: object) -> bool:
    return type(value) is list and all(map(_is_digest, value))


def _is_private(value: object) -> bool:
    return type(value) is dict and all(map(_is_digest, value.values()))


def _is_documents(value: object) -> bool:
    return type(value) is list and all(map(_is_document, value))


def _is_document(value: object) -> bool:
    if type(value) is not dict:
        return False
    named = value.get("digest", value.get("commit"))
    return (
        value.keys() in ({"digest", "size", "kind"}, {"commit", "size", "kind"})
        and _is_digest(named)
        and _is_count(value["size"])
        and _is_name(value["kind"])
    )


_SHAPES: Final = (
    (("v",), _is_version),
    (("seq", "pseq"), _is_count),
    (("mseq",), _is_count_or_null),
    (("log", "rules", "key"), _is_name),
    (("place",), _is_place),
    (("matter",), _is_id_or_null),
    (("type",), ENTRY_TYPES.__contains__),
    (("action", "from_", "to", "actor", "office", "deputy_for"), _is_name_or_null),
    (("auth",), (*AUTHS, None).__contains__),
    (("acted_on",), _is_day_or_null),
    (("recorded_at",), _is_instant),
    (("clock",), CLOCKS.__contains__),
    (("facts", "computed"), _is_object),
    (("procedure", "calendar"), _is_digest_or_null),
    (("statutes",), _is_digests),
    (("private",), _is_private),
    (("documents",), _is_documents),
)
