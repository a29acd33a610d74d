"""The heads: the one in force, those signed, the guard, the copies outside, and the seam of a restored backup."""

from dataclasses import asdict, replace

import pytest

from tests.attacks import Attacker, Copy, codes, last_seq, only
from tests.builders import COUNTY, People, life
from workflow.core import RULES
from workflow.core.checkpoint import Checkpoint, SigningKey, sign
from workflow.installation import Installation
from workflow.store.signing import read_key
from workflow.verify import BadHeld, Report, verify


@pytest.mark.parametrize(
    "change, code",
    [
        ("UPDATE head SET origin = 'cunyi.another'", "V301"),
        ("UPDATE head SET size = size - 1", "V301"),
        ("UPDATE head SET last_recorded_at = '2020-01-01T00:00:00.000000Z'", "V301"),
        ("DELETE FROM head", "V301"),
        ("UPDATE checkpoint SET note = 'nothing' WHERE size = 60", "V302"),
        ("UPDATE checkpoint SET size = 1000 WHERE size = 60", "V304"),
        ("UPDATE matter SET title = '别的'", "V601"),
        ("UPDATE matter SET mseq = mseq - 1", "V601"),
        ("DELETE FROM matter", "V602"),
        ("UPDATE matter SET id = id || 'x'", "V603"),
    ],
)
def test_each_derived_row_is_held_against_the_log(attacker: Attacker, change: str, code: str) -> None:
    """The head, the notes and the table of matters follow from the entries, or are found."""
    with attacker.database() as run:
        run(change)

    assert code in codes(attacker.copy.verified())


@pytest.mark.parametrize("damage", ["missing", "damaged", "older", "larger"])
def test_the_guard_file_is_asked(attacker: Attacker, damage: str) -> None:
    """A guard that is gone or broken is found; an older one is behind the stored notes and in order."""
    guard = attacker.copy.folder / "signed"
    if damage == "missing":
        guard.unlink()
    elif damage == "damaged":
        guard.write_bytes(guard.read_bytes().replace(b"0", b"1"))
    elif damage == "older":
        with attacker.database() as run:
            run("DELETE FROM checkpoint WHERE size > 100")
    else:
        attacker.write(attacker.read()[:-1])
        attacker.rebuild()
    report = attacker.copy.verified()

    assert ("V305" in codes(report)) == (damage != "older")
    assert report.holds == (damage == "older")


def test_a_note_of_another_key_is_no_signature(attacker: Attacker) -> None:
    """Whoever lacks the key cannot sign the head he made."""
    report = attacker.copy.verified()
    another = SigningKey.generate(report.origin)
    note = sign(Checkpoint(report.origin, report.size, bytes.fromhex(report.root)), another)
    with attacker.database() as run:
        run("UPDATE checkpoint SET note = ? WHERE size = ?", note, report.size)

    assert codes(attacker.copy.verified()) == {"V302"}
    assert codes(attacker.copy.verified(note)) == {"V302", "V311"}


def test_a_held_copy_that_is_none_is_a_wrong_call(copy: Copy) -> None:
    """Something that is no checkpoint says nothing about the register."""
    with pytest.raises(BadHeld):
        copy.verified("登记册\n")


def test_a_held_copy_larger_than_the_log_is_found(attacker: Attacker) -> None:
    """A log shorter than what somebody has seen has lost entries, whatever its own notes say."""
    whole = attacker.copy.verified()
    held = sign(
        Checkpoint(whole.origin, whole.size, bytes.fromhex(whole.root)),
        read_key(attacker.copy.folder / "key"),
    )
    attacker.write(attacker.read()[:-1])
    attacker.rebuild()
    attacker.sign()

    assert codes(attacker.copy.verified()) == set()
    assert codes(attacker.copy.verified(held)) == {"V313"}


def test_an_unsigned_tail_is_uncovered(here: Installation) -> None:
    """Entries no note covers yet are in order, but nobody has signed for them."""
    report = verify(here)
    here.signer.sign_pending()

    assert report.holds
    assert only(report, "V901").seq == 0
    assert verify(here).covered


def test_a_restored_backup_shows_its_seam(here: Installation) -> None:
    """Copies from before the restore agree up to it, are explained beyond it, or uncover what nobody admitted."""
    here.signer.sign_pending()
    key = read_key(here.documents.folder.parent / "key")
    before = verify(here)
    root = bytes.fromhex(before.root)
    lost = sign(Checkpoint(before.origin, before.size + 5, b"x" * 32), key)
    held = sign(Checkpoint(before.origin, before.size, root), key)
    more = sign(Checkpoint(before.origin, before.size + 9, b"y" * 32), key)
    here.signer.new_epoch("硬盘坏了", place=COUNTY, rules=RULES, now=here.clock(), held=lost)
    life(here, People(), "called")
    here.signer.sign_pending()

    assert asdict(replace(verify(here, [held]), root="")) | {"decided": 0} == asdict(
        Report((), (), f"{before.origin}/e2", last_seq(here) + 1, "", last_seq(here) + 1, (before.size,))
    )
    assert [each.code for each in verify(here, [lost]).uncovered] == ["V903"]
    assert codes(verify(here, [more])) == {"V314"}
