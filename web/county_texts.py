"""Texts a county has put forward, in words: what each is, how it stands, who proposed and approved it, what it changes."""

import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from web.acting.view import names_of
from workflow.core.findings import Unreadable
from workflow.differences import Difference, differences
from workflow.drafts import Head, head_of
from workflow.installation import Installation
from workflow.library import NotInForce
from workflow.published import Published, published
from workflow.reading.yaml_text import read_yaml
from workflow.shelves import EVERY_PROCEDURE, MATTER_LIST
from workflow.show import show
from workflow.store.database import run

STATES: Final = {
    "waiting": "等另一人批准",
    "ahead": "已批准，还没到第一天",
    "in_force": "施行中",
    "declined": "没有批准",
}
_LAYER_OF: Final = {
    MATTER_LIST: "改事项清单的一层",
    EVERY_PROCEDURE: "对所有程序都算的一层",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One text as the register has it; `head` is None where its bytes are gone or no longer what they were."""

    text: Published
    state: str
    head: Head | None
    name: str
    proposed_by: str
    approved_by: str
    procedure: str

    @property
    def title(self) -> str:
        """What the text calls itself."""
        return self.head.title if self.head else self.name or "（文件找不到了）"

    @property
    def what(self) -> str:
        """What sort of text it is and whom it binds."""
        if self.head is None:
            return ""
        folder, _, rest = self.head.shelf.partition("/")
        if folder == "layers":
            division, extends, _ = rest.split("/")
            return f"{_LAYER_OF.get(extends, f'改“{self.procedure}”的一层')}，适用于 {division}"
        return "事项清单" if folder == "catalogues" else "一个新程序"


def told(here: Installation, conn: Connection, today: date) -> list[Told]:
    """Return every text ever put forward, the newest first."""
    names = names_of(conn)
    found = []
    for each in reversed(published(conn)):
        head = _head(here, each.digest)
        approved = names(each.approved_by) if each.approved_by else ""
        found.append(
            Told(
                each, _state(each, today), head, _file_name(conn, each.digest), names(each.proposed_by), approved,
                _procedure(here, head),
            )
        )  # fmt: skip
    return found


def _procedure(here: Installation, head: Head | None) -> str:
    """The title of the procedure a layer changes."""
    if head is None or not head.shelf.startswith("layers/"):
        return ""
    _, division, procedure, _ = head.shelf.split("/")
    try:
        return here.library.effective(procedure, division, head.first_day).compiled.procedure.title
    except (NotInForce, Unreadable):
        return procedure


def lines_of(here: Installation, digest: str) -> tuple[str, ...]:
    """Return the lines of a kept text; none where it is no longer whole."""
    if here.documents.verify(digest) != "whole":
        return ()
    return tuple(here.documents.path(digest).read_bytes().decode("utf-8", "replace").splitlines())


def changes(here: Installation, each: Told) -> list[Difference]:
    """Return what a layer of a procedure changes where it binds, on its first day; nothing for texts of other sorts."""
    head = each.head
    if head is None or not head.shelf.startswith("layers/"):
        return []
    _, division, procedure, _ = head.shelf.split("/")
    if procedure in _LAYER_OF:
        return []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / head.shelf
        path.parent.mkdir(parents=True)
        path.write_bytes(here.documents.path(each.text.digest).read_bytes())
        beside = here.library.beside(Path(folder))
        try:
            before = show(here.library, procedure, division, head.first_day)
            return differences(before, show(beside, procedure, division, head.first_day))
        except (NotInForce, Unreadable):
            return []


def _state(each: Published, today: date) -> str:
    return "ahead" if each.state == "in_force" and each.first_day > today else each.state


def _head(here: Installation, digest: str) -> Head | None:
    try:
        return head_of(read_yaml(here.documents.path(digest).read_bytes(), "文本"))
    except (OSError, ValueError, Unreadable):
        return None


def _file_name(conn: Connection, digest: str) -> str:
    row = run(conn, "SELECT name_private FROM document WHERE digest = ?", (digest,)).fetchone()
    return str(row[0]) if row and row[0] else ""
