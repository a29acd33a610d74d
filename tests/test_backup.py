"""Backups: made in use, checked, refused when damaged, restored under a new epoch."""

import hashlib
import json
import sqlite3
from pathlib import Path

import pytest

from tests import builders
from workflow.backup import Damaged, NotPossible, back_up, check_backup, restore
from workflow.installation import create, open_at
from workflow.store import register
from workflow.store.signing import ForkRefused
from workflow.verify import verify


@pytest.fixture
def data(tmp_path):
    """A village with a matter under way, signed; its data folder."""
    folder = tmp_path / "data"
    clock = builders.Clock()
    here = create(folder, builders.COUNTY, "临沭县", clock=clock)
    people = builders.village(here)
    builders.life(here, people, "consulted")
    here.close()
    return folder


def act_again(folder: Path) -> None:
    """Something more happens in the installation, and is signed."""
    here = open_at(folder, clock=builders.Clock())
    here.clock.forward(days=40)
    with here.database.writing() as conn:
        # The process that made the fixture has let go of signing, as after ten seconds.
        builders.run(conn, "DELETE FROM lease")
    people = builders.People()
    builders.advance_ok(here, builders.VILLAGE, None, "open", people.secretary, builders.OPENING)
    here.close()


def made(folder: Path, target: Path, **options: bool):
    """A backup of the installation in `folder`."""
    here = open_at(folder, clock=builders.Clock())
    try:
        return back_up(here, folder, target, **options)
    finally:
        here.database.close()


def test_a_backup_is_whole_and_says_what_it_holds(data, tmp_path):
    """The manifest names the head, the signed note and every document; the key is not there."""
    manifest = made(data, tmp_path / "backup")
    assert check_backup(tmp_path / "backup") == manifest
    assert manifest.holds
    assert manifest.note.split("\n")[1] == str(manifest.size)
    assert len(manifest.documents) == 1
    assert not (tmp_path / "backup" / "key").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup", "data"]


def test_a_backup_is_made_while_somebody_writes(data, tmp_path):
    """An open transaction of another connection neither stops the backup nor gets into it."""
    writer = sqlite3.connect(data / "cunyi.db", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE head SET size = size + 1000")
    manifest = made(data, tmp_path / "backup")
    writer.execute("ROLLBACK")
    writer.close()
    assert manifest.size < 1000
    assert check_backup(tmp_path / "backup").holds


def test_a_backup_never_overwrites(data, tmp_path):
    """A folder with something in it stays as it is."""
    (tmp_path / "backup").mkdir()
    (tmp_path / "backup" / "mine").write_text("mine")
    with pytest.raises(NotPossible, match="已有东西"):
        made(data, tmp_path / "backup")
    assert [path.name for path in (tmp_path / "backup").iterdir()] == ["mine"]


def test_nothing_is_left_of_a_backup_that_cannot_be_made(data, tmp_path):
    """A register that is behind what was signed is not backed up; no half of a folder remains."""
    guard = data / "signed"
    act_again(data)
    newer = guard.read_bytes()
    made(data, tmp_path / "old", with_key=True)
    back = tmp_path / "back"
    assert restore(tmp_path / "old", back, "试恢复").report.holds
    (back / "signed").write_bytes(newer)
    with pytest.raises(ForkRefused):
        made(back, tmp_path / "new")
    assert not [path for path in tmp_path.iterdir() if "new" in path.name]


def test_a_missing_document_is_named(data, tmp_path):
    """The backup is made of what there is, and says which file was not."""
    (document,) = (path for path in (data / "documents").rglob("*") if path.is_file())
    document.unlink()
    manifest = made(data, tmp_path / "backup")
    assert manifest.missing == (f"sha256:{document.name}",)
    assert not manifest.holds


def change_document(backup: Path) -> None:
    """Put other bytes in a kept file."""
    next(path for path in (backup / "documents").rglob("*") if path.is_file()).write_bytes(b"other")


def cut_tail(backup: Path) -> None:
    """Take the last entry away, and let the manifest know the new file."""
    connection = sqlite3.connect(backup / "cunyi.db")
    connection.execute("DROP TRIGGER entry_no_delete")
    connection.execute("DELETE FROM entry WHERE seq = (SELECT max(seq) FROM entry)")
    connection.commit()
    connection.close()
    follow(backup)


def follow(backup: Path) -> None:
    """Write the database's new digest into the manifest, as a clever forger would."""
    data = (backup / "cunyi.db").read_bytes()
    manifest = json.loads((backup / "manifest.json").read_text())
    manifest["database"] = {"digest": "sha256:" + hashlib.sha256(data).hexdigest(), "size": len(data)}
    (backup / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    "harm, words",
    [
        (lambda backup: (backup / "cunyi.db").write_bytes(b"x" * 5000), "和备份时不一样"),
        (lambda backup: (backup / "cunyi.db").unlink(), "和备份时不一样"),
        (lambda backup: (backup / "manifest.json").write_text("{}"), "读不懂"),
        (change_document, "被改动"),
        (cut_tail, "不一样"),
    ],
    ids=["bytes", "no database", "no manifest", "document", "forged"],
)
def test_a_damaged_backup_is_refused(data, tmp_path, harm, words):
    """Whatever was changed since is named, and nothing is restored."""
    made(data, tmp_path / "backup", with_key=True)
    harm(tmp_path / "backup")
    with pytest.raises(Damaged, match=words):
        restore(tmp_path / "backup", tmp_path / "back", "磁盘坏了")
    assert not (tmp_path / "back").exists()


def test_a_restored_register_goes_on_under_a_new_epoch(data, tmp_path):
    """Its first entry names the newest head known, and the whole checks out with the copy held outside."""
    made(data, tmp_path / "backup")
    act_again(data)
    done = restore(tmp_path / "backup", tmp_path / "back", "磁盘坏了", key=data / "key", held=data / "signed")
    assert done.head.origin == "cunyi.371329/e2"
    here = open_at(tmp_path / "back")
    with here.database.reading() as conn:
        (epoch,) = register.of_place(conn, builders.COUNTY, ["epoch"])
    assert epoch.facts["old_size"] == done.manifest.size + 1
    assert epoch.facts["restored_size"] == done.manifest.size
    assert verify(here).holds
    here.close()


def test_restoring_needs_the_right_key_and_an_empty_folder(data, tmp_path):
    """Without the key, with another's, or over something, nothing is done."""
    made(data, tmp_path / "backup")
    create(tmp_path / "other", "371328000000", "别的县").close()
    for options, words in (
        ({}, "没有签名钥匙"),
        ({"key": tmp_path / "other" / "key"}, "不是这套登记的钥匙"),
        ({"key": data / "signed"}, "不是签名钥匙"),
        ({"key": data / "key", "held": tmp_path / "other" / "key"}, "不是"),
    ):
        with pytest.raises(NotPossible, match=words):
            restore(tmp_path / "backup", tmp_path / "back", "试", **options)
        assert not (tmp_path / "back").exists()
    with pytest.raises(NotPossible, match="已有东西"):
        restore(tmp_path / "backup", data, "试", key=data / "key")
    with pytest.raises(NotPossible, match="不是备份"):
        restore(tmp_path / "nothing", tmp_path / "back", "试")


@pytest.mark.postgresql
def test_postgresql_has_its_own_tools(fresh_postgresql, tmp_path):
    """There one is told to use pg_dump."""
    here = create(tmp_path / "data", builders.COUNTY, "临沭县", url=fresh_postgresql)
    with pytest.raises(NotPossible, match="pg_dump"):
        back_up(here, tmp_path / "data", tmp_path / "backup")
    here.close()
