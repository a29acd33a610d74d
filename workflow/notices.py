"""Public notices: what is or was on a village's board, and the short code by which paper finds the register's entry."""

import base64
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from workflow.core.attempt import Attempt
from workflow.core.checkpoint import Checkpoint
from workflow.core.days import civil_day
from workflow.core.decide import ask_of
from workflow.core.entry import Entry, commitment
from workflow.core.machine import Compiled
from workflow.core.masking import personal_numbers
from workflow.core.matter import Act, Matter
from workflow.core.stages.posting import MEDIA, Posting
from workflow.core.tree import leaf_hash
from workflow.installation import Installation
from workflow.store import register
from workflow.store.database import run
from workflow.store.register import Private

NOTICE: Final = "notice"
TEXTS: Final = ("text", "places", "contact")
ERASED_TITLE: Final = "（名称已依法删去）"
SHOWN_AFTER_END: Final = timedelta(days=30)
"""How long a text stays public after its last day; the line and the entry stay for good (trust.md §3.6)."""
AT_ONCE: Final = 30
_SEQ_BITS, _CHECK_BITS = 26, 14
_LOOKALIKES = str.maketrans("018", "OIB")
_OF_PLACE: Final = (
    "SELECT pseq, matter, mseq FROM entry WHERE place = ? AND type = 'notice' AND type <> 'act' AND pseq < ? "
    "ORDER BY pseq DESC LIMIT ?"
)


@dataclass(frozen=True, slots=True)
class Notice:
    """One posting that took effect. Texts are masked; None where they were erased.

    `last` is the later of the law's day and the paper's. `altered` says that a kept text does not open the
    commitment in the entry: somebody changed it behind the register's back.
    """

    matter: str
    mseq: int
    seq: int
    place: str
    matter_title: str
    step: str
    leaf_hash: bytes
    text: str | None
    places: str | None
    contact: str | None
    media: tuple[str, ...]
    first: date
    last: date
    provisional: bool
    recorded_on: date
    closed_on: date | None
    replaced_by: int | None
    without_basis: bool
    objections: int
    answered: int
    open_to_objections: bool
    altered: bool

    def running(self, today: date) -> bool:
        """Whether it must be hanging on the board that day."""
        return today <= self.last and self.replaced_by is None and not self.without_basis

    def withheld(self, today: date) -> bool:
        """Whether its text is no longer public."""
        return today > self.last + SHOWN_AFTER_END

    @property
    def short_code(self) -> str:
        """The eight characters printed on the paper."""
        return short_code(self.seq, self.leaf_hash)

    @property
    def leaf_prefix(self) -> str:
        """The first 16 bytes of the leaf hash, in hexadecimal: what the QR code carries."""
        return self.leaf_hash[:16].hex()


@dataclass(frozen=True, slots=True)
class SignedHead:
    """The newest signed head: its note, its size, its root in eight groups, and the day it had that size."""

    note: str
    size: int
    groups: tuple[str, ...]
    day: date

    def covers(self, seq: int) -> bool:
        """Whether the entry of that index is among the signed ones."""
        return seq < self.size


def public_text(text: str) -> str:
    """Return a text with every identity, phone and bank number starred: the second line behind the masking gate."""
    for each in personal_numbers(text):
        text = text[: each.start] + "＊" * (each.end - each.start) + text[each.end :]
    return text


def find(here: Installation, conn: Connection, matter: str, mseq: int) -> Notice | None:
    """Return the notice of a matter's entry; None unless that entry is a posting that took effect."""
    row = run(conn, "SELECT place, mseq FROM matter WHERE id = ?", (matter,)).fetchone()
    if row is None or not 1 <= mseq <= row[1]:
        return None
    whole = here.matter(conn, row[0], matter, row[1])
    act = whole.acts[mseq - 1] if whole else None
    if whole is None or act is None or not _in_effect(whole, act):
        return None
    return _notice(here, conn, whole, act)


def of_place(
    here: Installation, conn: Connection, place: str, before: int | None = None
) -> tuple[list[Notice], int | None]:
    """Return a village's newest notices, and the `before` under which older ones are found (None: there are none)."""
    rows = run(conn, _OF_PLACE, (place, before or 2**53, AT_ONCE + 1)).fetchall()
    found = [find(here, conn, matter, mseq) for _, matter, mseq in rows[:AT_ONCE]]
    more = rows[AT_ONCE - 1][0] if len(rows) > AT_ONCE else None
    return [each for each in found if each is not None], more


def _in_effect(matter: Matter, act: Act) -> bool:
    return act.type == NOTICE and not act.declined and act is not matter.pending


def _notice(here: Installation, conn: Connection, matter: Matter, act: Act) -> Notice:
    entry, opening = matter.entries[act.mseq - 1], matter.entries[0]
    compiled = here.compiled(conn, matter.procedure)
    stage = compiled.procedure.by_id.get(act.stage)
    kept = register.private_of(conn, [opening.seq, entry.seq])
    named, texts = kept.get(opening.seq, {}), kept.get(entry.seq, {})
    shown = {name: public_text(texts[name].value) if name in texts else None for name in TEXTS}
    last, provisional = _last_day(here, conn, compiled, matter, act)
    after = [each for each in matter.acts if each.mseq > act.mseq and each.stage == act.stage]
    again = next((each for each in after if _in_effect(matter, each)), None)
    closed = next((each for each in after if each.action == "close" and not each.without_basis), None)
    objections = (matter.objections or {}).values()
    media = act.facts.get("media")
    return Notice(
        matter=matter.id,
        mseq=act.mseq,
        seq=entry.seq,
        place=matter.place,
        matter_title=public_text(named["title"].value) if "title" in named else ERASED_TITLE,
        step=stage.title if stage else "",
        leaf_hash=leaf_hash(entry.leaf()),
        text=shown["text"],
        places=shown["places"],
        contact=shown["contact"],
        media=tuple(MEDIA.get(each, each) for each in media) if isinstance(media, list) else (),
        first=act.acted_on,
        last=last,
        provisional=provisional,
        recorded_on=act.recorded_on,
        closed_on=closed.acted_on if closed else None,
        replaced_by=again.mseq if again else None,
        without_basis=act.without_basis,
        objections=len(objections),
        answered=sum(not each.open for each in objections),
        open_to_objections="object" in compiled.open(matter.at),
        altered=not (_opens(opening, named, ("title",)) and _opens(entry, texts, TEXTS)),
    )


def _opens(entry: Entry, kept: Mapping[str, Private], names: Sequence[str]) -> bool:
    return all(commitment(name, *kept[name]) == entry.private.get(name) for name in names if name in kept)


def _last_day(
    here: Installation, conn: Connection, compiled: Compiled, matter: Matter, act: Act
) -> tuple[date, bool]:
    """Return the later of the law's last day and the one on the paper, and whether the calendar is provisional."""
    typed = date.fromisoformat(str(act.facts["last_on"]))
    stage = compiled.procedure.by_id.get(act.stage)
    if not isinstance(stage, Posting):
        return typed, False
    place = here.place(conn, matter.place)
    attempt = Attempt("", "", act.acted_on, act.recorded_on)
    runs, _ = stage.runs(ask_of(compiled, here.library.law, matter, place, attempt), act.counts_from)
    return max(typed, runs.last), runs.provisional


# --- the signed log


def signed_head(conn: Connection) -> SignedHead | None:
    """Return the newest signed head of the log in force; None before the first signature."""
    newest = "SELECT note FROM checkpoint WHERE origin = ? ORDER BY size DESC LIMIT 1"
    row = run(conn, newest, (register.head(conn).origin,)).fetchone()
    if row is None:
        return None
    note = str(row[0])
    checkpoint = Checkpoint.from_text(note.rpartition("\n\n")[0] + "\n")
    last = run(conn, "SELECT recorded_at FROM entry WHERE seq = ?", (checkpoint.size - 1,)).fetchone()
    day = civil_day(datetime.fromisoformat(last[0]))
    return SignedHead(note, checkpoint.size, groups(checkpoint.root), day)


def groups(root: bytes) -> tuple[str, ...]:
    """Return a root as eight groups of eight hexadecimal digits, to be compared by eye."""
    return tuple(re.findall("." * 8, root.hex()))


def by_entry(here: Installation, conn: Connection, seq: int, prefix: bytes) -> Notice | None:
    """Return the notice of a log index, if the hash of the entry's stored bytes begins with `prefix`."""
    row = run(conn, "SELECT leaf FROM entry WHERE seq = ? AND type = 'notice'", (seq,)).fetchone()
    if row is None or not prefix or not leaf_hash(bytes(row[0])).startswith(prefix):
        return None
    entry = Entry.from_own_leaf(row[0])
    return find(here, conn, entry.matter or "", entry.mseq or 0)


def by_short_code(here: Installation, conn: Connection, typed: str) -> Notice | None:
    """Return the notice whose paper carries this code, however it was typed; None where no notice has it."""
    seq = _seq_of(typed)
    row = None if seq is None else run(conn, "SELECT leaf FROM entry WHERE seq = ?", (seq,)).fetchone()
    if seq is None or row is None:
        return None
    hash_ = leaf_hash(bytes(row[0]))
    return by_entry(here, conn, seq, hash_) if _letters(typed) == _letters(short_code(seq, hash_)) else None


def short_code(seq: int, leaf_hash_: bytes) -> str:
    """Return an entry's code: its index and 14 bits of its hash, as two groups of four letters and digits.

    The index finds the entry without a search, the hash shows a slip of the finger. Raises ValueError beyond
    67 million entries.
    """
    if not 0 <= seq < 1 << _SEQ_BITS:
        raise ValueError("an index beyond the short codes")
    check = int.from_bytes(leaf_hash_[:2], "big") >> (16 - _CHECK_BITS)
    letters = base64.b32encode((check << _SEQ_BITS | seq).to_bytes(5, "big")).decode()
    return f"{letters[:4]}-{letters[4:]}"


def _seq_of(typed: str) -> int | None:
    letters = _letters(typed)
    if not re.fullmatch("[A-Z2-7]{8}", letters):
        return None
    return int.from_bytes(base64.b32decode(letters), "big") & ((1 << _SEQ_BITS) - 1)


def _letters(typed: str) -> str:
    """Return a typed code as its letters: case, spaces, full-width forms and 0, 1, 8 for O, I, B do not matter."""
    folded: Sequence[str] = unicodedata.normalize("NFKC", typed).upper()
    return "".join(sign for sign in folded if sign.isalnum()).translate(_LOOKALIKES)
