"""Signing: committed heads only, and one history only."""

import json
import stat
from pathlib import Path

import pytest

from tests.store.making import KEY, ORIGIN, append, fill, notes, refused, without_triggers
from workflow.core.checkpoint import BadNote, Checkpoint, SigningKey, open_note, sign
from workflow.core.tree import Frontier, leaf_hash, root
from workflow.store import register
from workflow.store.database import Database, run
from workflow.store.signing import Signer, create_key, read_key


class Clock:
    """Seconds that pass only when told."""

    def __init__(self) -> None:
        self.seconds = 1_000_000.0

    def __call__(self) -> float:
        """The seconds so far."""
        return self.seconds


def test_nothing_to_sign(signer: Signer, guard: Path):
    """An empty register has no head to sign."""
    assert signer.sign_pending() is None
    assert not guard.exists()
    assert signer.status() == (ORIGIN, 0, 0, "signed")


def test_one_signature_for_all_entries_since(db: Database, signer: Signer):
    """The committed head is signed once, and its note opens with the public key and names the true root."""
    fill(db, 5)
    assert signer.status() == (ORIGIN, 0, 5, "pending")
    signed = signer.sign_pending()
    assert signer.sign_pending() is None
    fill(db, 3)
    again = signer.sign_pending()
    assert [open_note(note, [KEY.verifier]) for note in notes(db)] == [signed, again]
    with db.reading() as conn:
        hashes = [hash_ for _, _, hash_ in register.leaves(conn)]
    assert signed == Checkpoint(ORIGIN, 5, root(hashes[:5]))
    assert again == Checkpoint(ORIGIN, 8, root(hashes))
    assert signer.status() == (ORIGIN, 8, 8, "signed")


def test_uncommitted_entries_are_not_signed(db: Database, signer: Signer):
    """An entry whose transaction fails is never in a signed head."""
    fill(db, 2)

    def appends_signs_and_fails() -> None:
        with db.writing() as conn:
            append(conn)
            with pytest.raises(RuntimeError, match="inside"):
                signer.sign_pending()
            raise KeyError

    with pytest.raises(KeyError):
        appends_signs_and_fails()
    signed = signer.sign_pending()
    assert signed is not None
    assert signed.size == 2


def test_a_new_process_goes_on(db: Database, signer: Signer, guard: Path):
    """A signer that starts again takes the guard up where it is and signs only what came since."""
    fill(db, 3)
    signer.sign_pending()
    clock = Clock()
    clock.seconds = 1e11
    restarted = Signer(db, read_again(KEY), guard, clock=clock)
    assert restarted.sign_pending() is None
    fill(db, 1)
    signed = restarted.sign_pending()
    assert signed is not None
    assert signed.size == 4


def read_again(key: SigningKey) -> SigningKey:
    """The key as it comes from its file."""
    return SigningKey.from_text(key.to_text())


def test_the_guard_is_the_owners_and_holds_the_note(db: Database, signer: Signer, guard: Path):
    """The guard is mode 0600, carries the last note, and no half-written file stays beside it."""
    fill(db, 3)
    signer.sign_pending()
    assert stat.S_IMODE(guard.stat().st_mode) == 0o600
    assert json.loads(guard.read_text(encoding="utf-8"))["note"] == notes(db)[0]
    assert [path.name for path in guard.parent.iterdir() if path.name.startswith(".")] == []


def test_a_crash_before_the_note_is_stored_is_made_good(db: Database, guard: Path, signer: Signer):
    """If the guard is newer than the stored notes, the guard's note is stored and nothing is signed twice."""
    fill(db, 3)
    with db.reading() as conn:
        head = register.head(conn)
        frontier = Frontier()
        for _, _, hash_ in register.leaves(conn):
            frontier = frontier.append(hash_)
    note = sign(Checkpoint(ORIGIN, 3, head.root), KEY)
    guard.write_text(json.dumps({"note": note, "frontier": frontier.to_bytes().hex()}), encoding="utf-8")
    assert signer.sign_pending() is None
    assert notes(db) == [note]


def test_every_flipped_bit_is_refused_before_signing(sqlite: Database, guard: Path):
    """Each of 256 flipped bits of a stored, not yet signed leaf is refused; the true bytes are signed."""
    signer = Signer(sqlite, KEY, guard)
    fill(sqlite, 2)
    signer.sign_pending()
    fill(sqlite, 3)
    with sqlite.writing() as conn:
        without_triggers(conn)
        leaf = run(conn, "SELECT leaf FROM entry WHERE seq = 3").fetchone()[0]
    states = []
    for number in range(256):
        wrong = bytearray(leaf)
        wrong[number // 8] ^= 1 << number % 8
        with sqlite.writing() as conn:
            run(conn, "UPDATE entry SET leaf = ? WHERE seq = 3", (bytes(wrong),))
        states.append(refused(signer))
    assert states == ["bytes"] * 256
    with sqlite.writing() as conn:
        run(conn, "UPDATE entry SET leaf = ? WHERE seq = 3", (leaf,))
    signed = signer.sign_pending()
    assert signed is not None
    assert signed.size == 5


def test_a_missing_or_rehashed_unsigned_entry_is_refused(db: Database, signer: Signer):
    """An unsigned entry that is deleted, or changed with its hash, no longer leads to the head."""
    fill(db, 4)
    with db.writing() as conn:
        without_triggers(conn)
        run(conn, "UPDATE entry SET leaf = ?, hash = ? WHERE seq = 2", (b"forged", leaf_hash(b"forged")))
    assert refused(signer) == "root"
    with db.writing() as conn:
        run(conn, "DELETE FROM entry WHERE seq = 2")
    assert refused(signer) == "bytes"
    with db.writing() as conn:
        run(conn, "DELETE FROM entry WHERE seq >= 2")
    assert refused(signer) == "bytes"


def rewritten(db: Database, size: int) -> None:
    """Rewrite the whole log with recomputed hashes and head, as somebody with the database's rights could."""
    with db.writing() as conn:
        without_triggers(conn)
        run(conn, "DELETE FROM entry")
        run(
            conn,
            "UPDATE head SET size = 0, frontier = ?, last_recorded_at = NULL WHERE id = 1",
            (Frontier().to_bytes(),),
        )
        for _ in range(size):
            append(conn, facts={"yes": 99})


@pytest.mark.parametrize("size,state", [(3, "smaller"), (5, "root"), (8, "root")])
def test_another_history_is_refused(db: Database, signer: Signer, size: int, state: str):
    """A log cut short, rewritten, or rewritten and longer than what was signed is not signed."""
    fill(db, 5)
    signer.sign_pending()
    rewritten(db, size)
    assert refused(signer) == state
    assert len(notes(db)) == 1


def test_a_lost_guard_is_refused(db: Database, signer: Signer, guard: Path):
    """With signed heads in the database but no guard nothing is signed."""
    fill(db, 2)
    signer.sign_pending()
    guard.unlink()
    assert refused(signer) == "guard_missing"


@pytest.mark.parametrize("damage", ["", "{}", "[]", "note", "frontier", "signature"])
def test_a_damaged_guard_is_refused(sqlite: Database, guard: Path, damage: str):
    """A guard that is empty, cut, or whose note or frontier is not the signed one stops signing."""
    signer = Signer(sqlite, KEY, guard)
    fill(sqlite, 2)
    signer.sign_pending()
    content = json.loads(guard.read_text(encoding="utf-8"))
    if damage == "frontier":
        content["frontier"] = Frontier().append(bytes(32)).append(bytes(32)).to_bytes().hex()
    elif damage == "signature":
        content["note"] = content["note"].replace("\n2\n", "\n1\n")
    else:
        content.pop("note")
    guard.write_text(damage if damage in {"", "{}", "[]"} else json.dumps(content), encoding="utf-8")
    assert refused(signer) == "guard_damaged"


def test_another_logs_guard_is_refused(db: Database, signer: Signer, guard: Path):
    """A guard of another log does not open with this key."""
    fill(db, 2)
    signer.sign_pending()
    other = SigningKey.generate("cunyi.example/other")
    content = json.loads(guard.read_text(encoding="utf-8"))
    content["note"] = sign(Checkpoint(other.name, 2, bytes(32)), other)
    guard.write_text(json.dumps(content), encoding="utf-8")
    assert refused(signer) == "guard_damaged"


def test_one_process_signs_at_a_time(db: Database, guard: Path):
    """While one process holds the lease another signs nothing; when it ends the other takes over."""
    clock = Clock()
    first, second = Signer(db, KEY, guard, clock=clock), Signer(db, KEY, guard, clock=clock)
    fill(db, 1)
    assert first.sign_pending() is not None
    fill(db, 1)
    clock.seconds += 9
    assert second.sign_pending() is None
    assert first.sign_pending() is not None
    fill(db, 1)
    clock.seconds += 10.1
    assert second.sign_pending() is not None
    assert first.status().state == "signed"


def test_a_released_lease_is_free_at_once(db: Database, tmp_path: Path):
    """A process that ends leaves the signing to the next without a pause; another's lease it leaves alone."""
    first, second = (Signer(db, KEY, tmp_path / "signed", clock=lambda: 100.0) for _ in range(2))
    fill(db, 1)
    assert first.sign_pending() is not None
    fill(db, 1)
    second.release()
    assert second.sign_pending() is None
    first.release()
    assert second.sign_pending() is not None


def test_the_key_file(tmp_path: Path):
    """The key is made once, for its owner only, and read back."""
    path = tmp_path / "key"
    key = create_key(path, ORIGIN)
    assert read_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        create_key(path, ORIGIN)
    path.write_text("nonsense", encoding="utf-8")
    with pytest.raises(BadNote):
        read_key(path)
