"""Backups of an installation on SQLite: made while it is in use, checked before they count, restored under a new epoch.

A backup is a folder with the same files as a data folder, and `manifest.json`, written last. The signing key is left
out unless asked for: who has a backup should not be able to sign.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Final, Literal
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, ValidationError

from workflow.core import RULES
from workflow.core.checkpoint import BadNote, Checkpoint, SigningKey, Verifier, open_note
from workflow.core.tree import Frontier, leaf_hash
from workflow.installation import Installation, open_at, url_of
from workflow.store import checkpoints, places, register
from workflow.store.database import Database, run
from workflow.store.documents import Documents
from workflow.store.files import OWNER_ONLY, sync_folder, write_whole
from workflow.store.signing import Signer, read_key
from workflow.verify import Report, verify

DATABASE, KEY, GUARD, DOCUMENTS, MANIFEST = "cunyi.db", "key", "signed", "documents", "manifest.json"
_CHUNK: Final = 1 << 20


class NotPossible(Exception):
    """The call cannot be carried out; `str()` is a Chinese sentence. Nothing was written."""


class Damaged(Exception):
    """A backup that is not what its manifest says; `faults` names every difference."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("；".join(faults))


class Kept(BaseModel):
    """One file of a backup, by the SHA-256 of its bytes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    digest: str
    size: int


class Manifest(BaseModel):
    """What a backup holds. `size` and `root` (hex) are the head of its log, `note` the newest signed checkpoint.

    `holds` says whether its register checked out when it was made; `missing` the documents that were not there whole.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1] = 1
    made_at: str
    origin: str
    size: int
    root: str
    note: str | None
    key: str
    with_key: bool
    holds: bool
    database: Kept
    documents: tuple[Kept, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of a restore: the backup's manifest, the new epoch's first head, and the check of the whole."""

    manifest: Manifest
    head: Checkpoint
    report: Report


def back_up(here: Installation, folder: Path, target: Path, *, with_key: bool = False) -> Manifest:
    """Back up the installation of `folder` to the new folder `target`; it appears there whole or not at all.

    Raises `NotPossible` on PostgreSQL or where `target` holds something, ForkRefused where signing is refused.
    """
    if here.database.path is None:
        raise NotPossible("PostgreSQL 的数据请用 pg_dump 备份；数据文件夹里的钥匙和附件另外复制")
    with _staged(target) as staging:
        here.signer.sign_pending()
        # The guard first: it must not be ahead of the database that goes with it.
        if (folder / GUARD).exists():
            _copy(folder / GUARD, staging / GUARD)
        _copy_database(here.database.path, staging / DATABASE)
        key = read_key(folder / KEY)
        database = Database.open(url_of(staging))
        copy = Installation(
            database,
            here.library,
            Documents(staging / DOCUMENTS),
            Signer(database, key, staging / GUARD),
            here.clock,
        )
        documents, missing = _copy_documents(copy, here.documents)
        report = verify(copy)
        with database.reading() as conn:
            head = register.head(conn)
            signed = checkpoints.newest(conn, head.origin)
        database.close()
        _rest(staging / DATABASE)
        if with_key:
            _copy(folder / KEY, staging / KEY)
        manifest = Manifest(
            made_at=here.clock().astimezone(UTC).isoformat(timespec="seconds"),
            origin=head.origin,
            size=head.size,
            root=head.root.hex(),
            note=signed[1] if signed else None,
            key=key.verifier.to_text(),
            with_key=with_key,
            holds=report.holds,
            database=_kept(staging / DATABASE),
            documents=documents,
            missing=missing,
        )
        write_whole(staging / MANIFEST, manifest.model_dump_json(indent=1).encode())
    return manifest


def check_backup(backup: Path) -> Manifest:
    """Return the manifest of a backup whose every file is as it says; `Damaged`, or `NotPossible` for no backup."""
    try:
        manifest = Manifest.model_validate_json((backup / MANIFEST).read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        raise NotPossible(f"{backup} 不是备份：没有 {MANIFEST}") from None
    except ValidationError:
        raise Damaged([f"{MANIFEST} 读不懂"]) from None
    if not (backup / DATABASE).is_file() or _kept(backup / DATABASE) != manifest.database:
        raise Damaged([f"{DATABASE} 和备份时不一样"])
    documents = Documents(backup / DOCUMENTS)
    states = ((each.digest, documents.verify(each.digest)) for each in manifest.documents)
    words = {"missing": "不见了", "changed": "被改动"}
    faults = [f"附件 {digest} {words[state]}" for digest, state in states if state != "whole"]
    faults += _faults_of_log(backup / DATABASE, manifest)
    if faults:
        raise Damaged(faults)
    return manifest


def restore(
    backup: Path, folder: Path, reason: str, *, key: Path | None = None, held: Path | None = None
) -> Restored:
    """Make a data folder of a backup and go on under a new epoch; `folder` appears whole or not at all.

    `key` is the signing key where the backup has none; `held` a checkpoint, or the guard file `signed`, that may be
    newer than the backup. `reason` is kept in the register. Raises `Damaged`, `NotPossible`, ForkRefused where the
    stored entries do not make up the stored head, ClockSuspect.
    """
    manifest = check_backup(backup)
    kept = key or (backup / KEY if manifest.with_key else None)
    if kept is None:
        raise NotPossible("备份里没有签名钥匙，请用 --key 写明钥匙文件")
    if _key(kept).verifier.to_text() != manifest.key:
        raise NotPossible(f"{kept} 不是这套登记的钥匙")
    note = _note(held) if held else None
    with _staged(folder) as staging:
        _copy(backup / DATABASE, staging / DATABASE)
        _copy(kept, staging / KEY)
        if (backup / GUARD).exists():
            _copy(backup / GUARD, staging / GUARD)
        here = open_at(staging)
        _copy_documents(here, Documents(backup / DOCUMENTS))
        with here.database.reading() as conn:
            county = places.all_under(conn, level="county")[0].code
        try:
            head = here.signer.new_epoch(reason, place=county, rules=RULES, now=here.clock(), held=note)
        except BadNote:
            raise NotPossible(f"{held} 不是这套登记签过的") from None
        report = verify(here, [note] if note else [])
        here.database.close()
        _rest(staging / DATABASE)
    return Restored(manifest, head, report)


@contextmanager
def _staged(target: Path) -> Iterator[Path]:
    """A new folder beside `target` that takes its name at the end of the block, or is gone after an exception."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise NotPossible(f"{target} 里已有东西，请换一个空文件夹")
    target = target.resolve()
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        yield staging
        for each in [*(path for path in staging.rglob("*") if path.is_dir()), staging]:
            sync_folder(each)
        staging.replace(target)
        sync_folder(target.parent)
    except BaseException:
        shutil.rmtree(staging)
        raise


def _copy(source: Path, target: Path) -> None:
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with source.open("rb") as old, os.fdopen(descriptor, "wb") as new:
        shutil.copyfileobj(old, new, _CHUNK)
        new.flush()
        os.fsync(new.fileno())


def _copy_database(source: Path, target: Path) -> None:
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY))
    with closing(_read_only(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        found = new.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        raise Damaged([f"数据库本身已损坏：{found}"])


def _copy_documents(here: Installation, source: Documents) -> tuple[tuple[Kept, ...], tuple[str, ...]]:
    """Copy every document the database names; returns those copied, and the digests of those not there whole."""
    copied, missing = [], []
    with here.database.reading() as conn:
        rows = run(conn, "SELECT digest, size FROM document ORDER BY digest").fetchall()
    for digest, size in rows:
        if source.verify(digest) == "whole":
            with source.path(digest).open("rb") as file:
                here.documents.put(file, size)
            copied.append(Kept(digest=digest, size=size))
        else:
            missing.append(digest)
    return tuple(copied), tuple(missing)


def _rest(path: Path) -> None:
    """Leave a SQLite file as one file, on the disk; the next opening turns its write-ahead log on again."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE").fetchone()
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _faults_of_log(path: Path, manifest: Manifest) -> list[str]:
    """Grow the tree again from the stored bytes; its head and its signed head must be the manifest's."""
    try:
        signed = _signed(manifest)
    except BadNote as error:
        return [f"签名对不上：{error}"]
    frontier, at_signed = Frontier(), Frontier()
    with closing(_read_only(path, immutable=True)) as connection:
        found = connection.execute("PRAGMA integrity_check").fetchone()[0]
        if found != "ok":
            return [f"{DATABASE} 已损坏：{found}"]
        for (leaf,) in connection.execute("SELECT leaf FROM entry ORDER BY seq"):
            frontier = frontier.append(leaf_hash(leaf))
            if signed and frontier.size == signed.size:
                at_signed = frontier
    faults = []
    if (frontier.size, frontier.root().hex()) != (manifest.size, manifest.root):
        faults.append(f"登记册和 {MANIFEST} 写的不一样")
    if signed and (at_signed.size, at_signed.root()) != (signed.size, signed.root):
        faults.append("登记册和签过名的不一样")
    return faults


def _signed(manifest: Manifest) -> Checkpoint | None:
    if manifest.note is None:
        return None
    public = Verifier.from_text(manifest.key).public
    return open_note(manifest.note, [Verifier(manifest.note.partition("\n")[0], public)])


def _read_only(path: Path, *, immutable: bool = False) -> sqlite3.Connection:
    options = "immutable=1" if immutable else "mode=ro"
    return sqlite3.connect(f"file:{quote(str(path.resolve()))}?{options}", uri=True)


def _kept(path: Path) -> Kept:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    return Kept(digest=f"sha256:{found}", size=path.stat().st_size)


def _key(path: Path) -> SigningKey:
    try:
        return read_key(path)
    except (BadNote, UnicodeDecodeError):
        raise NotPossible(f"{path} 不是签名钥匙") from None


def _note(path: Path) -> str:
    """The note in a checkpoint's file, or in a guard file."""
    try:
        text = path.read_text(encoding="utf-8")
        return str(json.loads(text)["note"]) if text.startswith("{") else text
    except (UnicodeDecodeError, ValueError, KeyError):
        raise NotPossible(f"{path} 不是见证副本") from None
