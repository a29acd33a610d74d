"""Appending to a long register against appending to a short one: nothing an act needs may grow with the log."""

import dataclasses
import itertools
import secrets
from pathlib import Path

from sqlalchemy import Connection

from benchmarks.county import County, county
from benchmarks.machine import pragmas
from benchmarks.pairs import Aim, Line, in_turns
from benchmarks.scale import Scale
from tests.builders import VILLAGE
from workflow.core.entry import Entry, Sealed
from workflow.library import Library
from workflow.store import matters, places, register
from workflow.store.database import run

AIM = Aim(most=1.2)
VILLAGES = 250
ENTRIES_AT_ONCE = 5_000
LIVES = 2


def line(folder: Path, library: Library, scale: Scale) -> Line:
    """Whole lives in both, in turns; the medians of their acts are compared."""
    short, long = scale.entries
    small, large = (filled(folder / str(entries), library, entries) for entries in scale.entries)
    pairs = in_turns(lambda: large.live(LIVES), lambda: small.live(LIVES), scale.pairs)
    grown = _size(small)
    found = Line(
        f"advance at {long} entries",
        f"advance in a register of {long} entries and more",
        f"advance in a register of {short} entries, {grown} at the end",
        "p50",
        pairs,
        AIM,
        (f"filled through register.append, {VILLAGES} villages", pragmas(large.here.database)),
    )
    small.here.close()
    large.here.close()
    return found


def filled(folder: Path, library: Library, entries: int) -> County:
    """A county whose register has at least so many entries: one real life, told again and again in 250 villages.

    Every entry goes through `register.append` with its private texts, many in one transaction; every matter has
    its row in the projection. Only the verifier could tell that these matters all lived on the same days.
    """
    made = county(folder, library)
    made.live(1)
    with made.here.database.reading() as conn:
        life = register.of_matter(conn, VILLAGE, matters_of(conn)[0])
        private = register.private_of(conn, [entry.seq for entry in life])
    codes = [VILLAGE, *(f"{int(VILLAGE) + 1 + number:012d}" for number in range(VILLAGES - 1))]
    with made.here.database.writing() as conn:
        for code in codes[1:]:
            places.add(conn, code, f"村{code[-3:]}")
    rounds = -(-ENTRIES_AT_ONCE // len(life))
    told = itertools.cycle(codes)
    while _size(made) < entries:
        missing = -(-(entries - _size(made)) // len(life))
        with made.here.database.writing() as conn:
            for code in itertools.islice(told, min(rounds, missing)):
                _tell(conn, code, life, private)
    made.here.signer.sign_pending()
    return made


def _tell(
    conn: Connection, place: str, life: list[Entry], private: dict[int, dict[str, register.Private]]
) -> None:
    """One more life in a place, entry by entry, and its row."""
    matter = f"{place}-2026-{register.opened_at(conn, place) + 1:04d}"
    for known in life:
        at = register.position(conn, place, matter)
        entry = dataclasses.replace(
            known, seq=at.seq, place=place, pseq=at.pseq, matter=matter, mseq=at.mseq,
            recorded_at=at.last_recorded_at or known.recorded_at, key=secrets.token_hex(16),
        )  # fmt: skip
        texts = {name: Sealed.of(name, *each) for name, each in private.get(known.seq, {}).items()}
        register.append(conn, at, entry, private=texts, body_digest=None)
    columns = [name for name in ("title", *matters.SUMMARISED) if name not in ("id", "place")]
    listed = ", ".join(columns)
    sql = f"INSERT INTO matter (id, place, {listed}) SELECT ?, ?, {listed} FROM matter WHERE id = ?"  # noqa: S608 - our names
    run(conn, sql, (matter, place, life[0].matter))


def matters_of(conn: Connection) -> list[str]:
    """The ids of the matters on record, in order."""
    return [id_ for (id_,) in run(conn, "SELECT id FROM matter ORDER BY id").fetchall()]


def _size(made: County) -> int:
    with made.here.database.reading() as conn:
        return register.head(conn).size
