"""What somebody asks to have recorded, and every answer there is to it."""

import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from workflow.core.attempt import Refusal
from workflow.core.entry import Entry
from workflow.core.facts import FieldError


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks to have recorded. `seen` is the number of entries the form or caller knew of.

    `matter` None opens a matter (action `open`) or acts on the place's own record.
    """

    place: str
    matter: str | None
    action: str
    actor: str
    acted_on: datetime.date
    facts: Mapping[str, object]
    key: str
    seen: int | None = None
    auth: str | None = "password"
    deputy_for: str | None = None

    def body_digest(self) -> str:
        """Return the digest by which the same key with another body is told."""
        said = [self.place, self.matter, self.action, self.actor, self.acted_on.isoformat(), self.facts]
        text = json.dumps(said, ensure_ascii=False, sort_keys=True)
        return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Receipt:
    """The act is on the record: which entry, which leaf. `repeated` when the key had already been answered."""

    entry: Entry
    leaf_hash: bytes
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Malformed:
    """The form cannot be read (422); nothing was decided."""

    errors: tuple[FieldError, ...]


@dataclass(frozen=True, slots=True)
class Stale:
    """Somebody acted meanwhile (409): the entries the caller had not seen."""

    since: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class KeyReused:
    """The idempotency key was used for something else (422)."""


@dataclass(frozen=True, slots=True)
class NoSuch:
    """There is no such matter, place or action here (404)."""

    what: str


Answer = Receipt | Refusal | Malformed | Stale | KeyReused | NoSuch
