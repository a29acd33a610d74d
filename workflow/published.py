"""Texts a county has put in force itself: proposed by one person, approved by another, kept by digest, never changed after.

The register is the truth. The folder they are read from is laid out anew from it and holds nothing else.
"""

import datetime
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from workflow.check import check_paths
from workflow.core.entry import Entry
from workflow.core.facts import Facts
from workflow.core.findings import Unreadable
from workflow.core.place import Place
from workflow.core.place_acts import PUBLISH
from workflow.drafts import Head, head_of
from workflow.installation import Installation
from workflow.library import Library
from workflow.reading.yaml_text import MOST_BYTES, read_yaml
from workflow.store import places, register
from workflow.store.documents import Stored
from workflow.store.files import sync_folder

MEDIA_TYPE: Final = "application/yaml"


@dataclass(frozen=True, slots=True)
class Published:
    """One text as the register has it: `state` is waiting, in_force (from its day on) or declined."""

    pseq: int
    digest: str
    first_day: datetime.date
    state: str
    proposed_by: str
    approved_by: str | None


def published(conn: Connection) -> list[Published]:
    """Return every text ever proposed in this installation, oldest first."""
    found: dict[int, Published] = {}
    for entry in register.of_place_itself(conn, county_of(conn)):
        confirms = entry.facts.get("confirms")
        if entry.action == PUBLISH:
            first = datetime.date.fromisoformat(str(entry.facts["from"]))
            digest = str(entry.documents[0]["digest"]) if entry.documents else ""
            found[entry.pseq] = Published(entry.pseq, digest, first, "waiting", str(entry.actor), None)
        elif entry.action in ("confirm", "decline") and isinstance(confirms, int) and confirms in found:
            was = found[confirms]
            state = "in_force" if entry.action == "confirm" else "declined"
            found[confirms] = Published(
                was.pseq, was.digest, was.first_day, state, was.proposed_by, str(entry.actor)
            )
    return list(found.values())


def county_of(conn: Connection) -> str:
    """Return the 12-digit code of the county this installation is for."""
    return next(each.code for each in places.all_under(conn, "") if each.level == "county")


def keep(here: Installation, path: Path) -> Stored:
    """Keep a text's bytes among the documents, before an act names them; `OSError` or `TooLarge`."""
    with path.open("rb") as file:
        stored = here.documents.put(file, MOST_BYTES)
    with here.database.writing() as conn:
        register.put_document(conn, stored.digest, stored.size, MEDIA_TYPE, path.name)
    return stored


def against(here: Installation, place: Place, action: str, facts: Facts) -> list[str]:
    """Return, in words, everything against an act on a place's record that puts a text in force; nothing for others.

    The text is asked again when it is approved: others may have come into force meanwhile.
    """
    if action == PUBLISH:
        texts = facts.documents.get("text", ())
        first = datetime.date.fromisoformat(str(facts.open["from"])) if "from" in facts.open else None
    elif action == "confirm" and isinstance(number := facts.open.get("confirms"), int):
        waiting = place.pending.get(number)
        if waiting is None or waiting.action != PUBLISH:
            return []
        texts = tuple(str(each["digest"]) for each in waiting.documents)
        first = datetime.date.fromisoformat(str(waiting.facts["from"]))
    else:
        return []
    return faults(here, texts[0], first, place.code) if len(texts) == 1 else ["一次提出一份文本"]


def faults(here: Installation, digest: str, first: datetime.date | None, county: str) -> list[str]:
    """Return, in words, everything against putting a kept text in force from a day; nothing where it may stand."""
    try:
        data = here.documents.path(digest).read_bytes()
        head = head_of(read_yaml(data, "文本"))
    except (OSError, ValueError):
        return ["文件没有上传成功，请重新上传"]
    except Unreadable as error:
        return [each.line() for each in error.findings]
    said = []
    if first is not None and head.first_day != first:
        said.append(f"文本里写的是自 {head.first_day} 起施行，和填的 {first} 不一样")
    if head.division and not head.division.startswith(county[:6]):
        said.append(f"文本适用于 {head.division}，不在本县 {county[:6]}")
    name = head.shelf.rpartition("/")[0]
    if head.base and (here.library.folder / name).is_dir():
        said.append("全国通用的文本不能改；要改的地方写成一层（extends）")
    if any((folder / head.shelf).exists() for folder in here.library.shelves.folders):
        said.append(f"已有自 {head.first_day} 起的这份文本，施行以后不能改；另写一份，日期往后")
    return said or _judged(here.library, head, data)


def _judged(library: Library, head: Head, data: bytes) -> list[str]:
    """Judge the text where it would stand, with all the texts there are."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / head.shelf
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
        beside = library.beside(Path(folder))
        return [
            f"第 {each.mark.line} 行第 {each.mark.column} 列 {each.code} {each.said()}"
            for each in check_paths([path], library=beside)
        ]


def puts_in_force(place: Place, entry: Entry) -> bool:
    """Whether an entry on a place's record confirms a text: from then on the folder must have it."""
    waiting = place.pending.get(int(str(entry.facts.get("confirms") or 0)))
    return (
        entry.matter is None
        and entry.action == "confirm"
        and waiting is not None
        and waiting.action == PUBLISH
    )


def lay_out(here: Installation) -> None:
    """Make the folder of published texts hold exactly what the register says is in force or will be.

    Writers wait meanwhile, those of other processes too: an older reading of the register never lays out over a newer.
    """
    for root in here.library.more:
        with here.database.reading() as conn:
            if _found(root) == _in_force(here, conn):
                continue
        with here.database.writing() as conn:
            register.lock(conn)
            _lay(root, _in_force(here, conn))


def _in_force(here: Installation, conn: Connection) -> dict[str, bytes]:
    wanted = {}
    for each in published(conn):
        if each.state == "in_force":
            data = here.documents.path(each.digest).read_bytes()
            wanted[head_of(read_yaml(data, "文本")).shelf] = data
    return wanted


def _found(root: Path) -> dict[str, bytes]:
    return {
        each.relative_to(root).as_posix(): each.read_bytes() for each in root.rglob("*") if each.is_file()
    }


def _lay(root: Path, wanted: Mapping[str, bytes]) -> None:
    root.mkdir(mode=0o700, exist_ok=True)
    found = _found(root)
    for shelf in found:
        if wanted.get(shelf) != found[shelf]:
            (root / shelf).unlink()
    for shelf, data in wanted.items():
        if found.get(shelf) != data:
            path = root / shelf
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh = path.with_suffix(".new")
            fresh.write_bytes(data)
            fresh.replace(path)
            sync_folder(path.parent)
