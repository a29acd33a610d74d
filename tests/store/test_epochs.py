"""New epochs: the way on after a restore, which leaves a seam everybody sees."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.store.making import KEY, ORIGIN, PLACE, fill, notes, refused, without_triggers
from workflow.core.checkpoint import BadNote, Checkpoint, SigningKey, open_note, sign
from workflow.core.entry import ClockSuspect, Entry
from workflow.core.tree import Frontier, root
from workflow.store import register
from workflow.store.database import Database, run
from workflow.store.signing import ForkRefused, Signer

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def new_epoch(signer: Signer, held: str | None = None) -> Checkpoint:
    """Begin a new epoch as an administrator would."""
    return signer.new_epoch("硬盘损坏，恢复三月一日备份", place=PLACE, rules="1", now=NOW, held=held)


def restored(db: Database, signer: Signer, keep: int, lose: int) -> str:
    """Sign `keep` entries, then `lose` more, and lose these as a restored backup does; the lost note."""
    fill(db, keep)
    signer.sign_pending()
    with db.reading() as conn:
        head = run(conn, "SELECT size, frontier FROM head").fetchone()
    fill(db, lose)
    signer.sign_pending()
    note = notes(db)[-1]
    with db.writing() as conn:
        without_triggers(conn)
        run(conn, "DELETE FROM entry WHERE seq >= ?", (keep,))
        run(conn, "UPDATE head SET size = ?, frontier = ? WHERE id = 1", tuple(head))
    return note


def test_a_restored_backup_goes_on_in_a_new_epoch(db: Database, signer: Signer):
    """After a restore nothing is signed until a new epoch begins; its first entry names the lost head."""
    lost = open_note(restored(db, signer, keep=4, lose=3), [KEY.verifier])
    assert refused(signer) == "smaller"
    signed = new_epoch(signer)
    assert (signed.origin, signed.size) == (f"{ORIGIN}/e2", 5)
    with db.reading() as conn:
        stored = list(register.leaves(conn))
        private = register.private_of(conn, [4])
    entry = Entry.from_leaf(stored[4][1])
    assert (entry.type, entry.log, entry.seq) == ("epoch", f"{ORIGIN}/e2", 4)
    assert entry.facts == {
        "old_origin": ORIGIN,
        "old_size": 7,
        "old_root": lost.root.hex(),
        "restored_size": 4,
        "restored_root": root(hash_ for _, _, hash_ in stored[:4]).hex(),
    }
    assert private[4]["reason"].value == "硬盘损坏，恢复三月一日备份"
    verifier = KEY.named(f"{ORIGIN}/e2").verifier
    assert open_note(notes(db)[-1], [verifier]) == signed
    fill(db, 2)
    again = signer.sign_pending()
    assert again is not None
    assert (again.origin, again.size) == (f"{ORIGIN}/e2", 7)
    assert signer.status() == (f"{ORIGIN}/e2", 7, 7, "signed")


def test_the_epoch_after_a_lost_epoch_has_a_new_number(db: Database, signer: Signer):
    """A backup from before the second epoch goes on in the third: no origin is ever used twice."""
    restored(db, signer, keep=4, lose=3)
    new_epoch(signer)
    with db.writing() as conn:
        without_triggers(conn)
        run(conn, "DELETE FROM private_text")
        run(conn, "DELETE FROM entry WHERE seq >= 4")
        frontier = Frontier()
        for _, _, hash_ in register.leaves(conn):
            frontier = frontier.append(hash_)
        run(
            conn,
            "UPDATE head SET origin = ?, epoch = 1, size = 4, frontier = ? WHERE id = 1",
            (ORIGIN, frontier.to_bytes()),
        )
    assert refused(signer) == "origin"
    signed = new_epoch(signer)
    assert signed.origin == f"{ORIGIN}/e3"
    with db.reading() as conn:
        assert register.of_place(conn, PLACE, ["epoch"])[0].facts["old_origin"] == f"{ORIGIN}/e2"


def test_a_held_checkpoint_counts_when_the_guard_is_lost(db: Database, signer: Signer, guard: Path):
    """On a new machine without the guard, the newest note somebody kept is the one the epoch entry names."""
    held = restored(db, signer, keep=4, lose=3)
    guard.unlink()
    new_epoch(signer, held)
    with db.reading() as conn:
        assert register.of_place(conn, PLACE, ["epoch"])[0].facts["old_size"] == 7


def test_a_held_checkpoint_of_another_key_is_refused(db: Database, signer: Signer):
    """Only a note this log signed is taken as its last head, and nothing is written otherwise."""
    restored(db, signer, keep=4, lose=3)
    stranger = SigningKey.generate(ORIGIN)
    for note in (sign(Checkpoint(ORIGIN, 9, bytes(32)), stranger), "nonsense"):
        with pytest.raises(BadNote):
            new_epoch(signer, note)
    with db.reading() as conn:
        assert register.head(conn)[:2] == (ORIGIN, 4)


def test_an_epoch_never_papers_over_damage(db: Database, signer: Signer):
    """If the stored entries do not make up the head no new epoch begins."""
    fill(db, 4)
    signer.sign_pending()
    with db.writing() as conn:
        without_triggers(conn)
        run(conn, "UPDATE entry SET leaf = ? WHERE seq = 1", (b"forged",))
    with pytest.raises(ForkRefused) as refusal:
        new_epoch(signer)
    assert refusal.value.state == "bytes"


def test_an_epoch_asks_the_clock_too(db: Database, signer: Signer):
    """With a suspect clock no epoch begins, and the log stays as it was."""
    fill(db, 2)
    signer.sign_pending()
    with pytest.raises(ClockSuspect):
        signer.new_epoch("理由", place=PLACE, rules="1", now=datetime(1970, 1, 1, tzinfo=UTC))
    with db.reading() as conn:
        assert register.head(conn)[:2] == (ORIGIN, 2)
    assert signer.status().state == "signed"


def test_copying_the_files_of_a_closed_database_is_a_backup(sqlite: Database, guard: Path, tmp_path: Path):
    """A real restore on SQLite: the older file is put back, and the guard notices."""
    assert sqlite.path is not None
    signer = Signer(sqlite, KEY, guard)
    fill(sqlite, 4)
    signer.sign_pending()
    sqlite.close()
    shutil.copy(sqlite.path, tmp_path / "backup.db")
    later = Database.open(f"sqlite:///{sqlite.path}")
    fill(later, 3)
    Signer(later, KEY, guard, clock=lambda: 1e11).sign_pending()
    later.close()
    back = Database.open(f"sqlite:///{tmp_path / 'backup.db'}")
    assert refused(Signer(back, KEY, guard)) == "smaller"
    assert new_epoch(Signer(back, KEY, guard, clock=lambda: 1e12)).size == 5
    back.close()
