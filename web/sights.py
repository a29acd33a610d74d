"""One matter as its supervisors, the township and the prints see it: the shared view, its whole history, its objections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from fastapi import Request
from sqlalchemy import Connection
from starlette.exceptions import HTTPException

from web import readings
from web.access import Viewer
from web.acting.said import ERASED, Paper
from web.acting.view import MatterView, names_of, view
from web.histories import OBJECTOR, Line, Sources, history
from workflow.core.attempt import Attempt
from workflow.core.decide import ask_of
from workflow.core.entry import Entry
from workflow.core.matter import ENDS, Act, Matter, Objection, stage_of
from workflow.core.prospects import Prospect
from workflow.core.standing import HANDLES
from workflow.installation import Installation
from workflow.objections import ANSWERED_ABOVE, due_of
from workflow.store import register
from workflow.store.database import run

OBJECTION_WORDS: Final[Mapping[str, str]] = {
    "lodged": "等监委会受理",
    "received": "已受理，等村里答复",
    "dismissed": "不予受理",
    "answered": "已答复",
    "escalated": "已转镇街，等镇街答复",
}


def may_open(viewer: Viewer, matter: Matter, entry: Entry) -> bool:
    """Whether somebody who may see a matter may open the papers of one of its entries.

    An objector's may give away who they are: they are for the supervisory committee, for whoever took them in, and
    for the township once the objection was passed on to it.
    """
    if entry.type != "objection" or viewer.group == "committee" or viewer.person == entry.actor:
        return True
    numbers = {each.number for each in (matter.objections or {}).values() if each.mseq == entry.mseq}
    return viewer.group == "township" and any(
        act.action == "escalate_objection" and act.facts.get("number") in numbers for act in matter.acts
    )


@dataclass(frozen=True, slots=True)
class Due:
    """One objection with the last day of what it waits for, None when it waits for nothing; `over` when past."""

    objection: Objection
    words: str
    content: str
    last: date | None
    basis: tuple[str, ...]
    over: bool


@dataclass(frozen=True, slots=True)
class Sight:
    """A matter with all that its pages say about it; `lines` is the whole history, oldest first."""

    view: MatterView
    lines: tuple[Line, ...]
    objections: tuple[Due, ...]
    private: Mapping[int, Mapping[str, register.Private]]

    @property
    def id(self) -> str:
        """The matter's number."""
        return self.view.id

    @property
    def stage(self) -> str:
        """Where the matter stands, in words."""
        found = self.view.compiled.procedure.by_id.get(stage_of(self.view.matter.at))
        return found.title if found else ENDS.get(self.view.matter.at, "")

    def own(self, action: str) -> Prospect | None:
        """The act of that id, if it is open and the viewer's office may do it."""
        return next((each for each in self.view.own if each.action == action), None)

    def line(self, mseq: int) -> Line:
        """The line of that number."""
        return self.lines[mseq - 1]

    def about_objection(self, number: int) -> list[Line]:
        """What was done about an objection, oldest first; lodging it is not among it."""
        return [
            line
            for line in self.lines
            if line.act.action in HANDLES and line.entry.facts.get("number") == number
        ]

    def objection(self, number: int) -> Due:
        """The objection of that number; 404 where there is none."""
        found = next((each for each in self.objections if each.objection.number == number), None)
        if found is None:
            raise HTTPException(404)
        return found

    def evidence(self, number: int, viewer: Viewer) -> tuple[Paper, ...]:
        """The papers handed in with an objection, for those who may open them."""
        line = self.line(self.objection(number).objection.mseq)
        return line.papers if may_open(viewer, self.view.matter, line.entry) else ()

    def text(self, act: Act, name: str) -> str:
        """One private text of an act; empty where it had none, a word in its place where it was erased."""
        if name not in act.private:
            return ""
        kept = self.private.get(self.line(act.mseq).entry.seq, {}).get(name)
        return kept.value if kept else ERASED

    @property
    def waiting(self) -> Line | None:
        """The line that waits for the second office."""
        pending = self.view.matter.pending
        return self.line(pending.mseq) if pending else None

    @property
    def changed(self) -> list[Line]:
        """The confirmations of corrections that changed an outcome, oldest first."""
        return [line for line in self.lines if line.act.action == "confirm" and line.act.outcome == "changed"]


def see(request: Request, viewer: Viewer, matter: str) -> Sight:
    """Return a matter of the viewer's scope; 404 where there is none. What an auditor is shown is logged."""
    here: Installation = request.app.state.here
    with here.database.reading() as conn:
        found = load(here, conn, matter, viewer)
    if viewer.group == "auditor":
        shown = {
            seq: [name for name in fields if name not in OBJECTOR] for seq, fields in found.private.items()
        }
        with here.database.writing() as conn:
            readings.note(conn, viewer.person, found.view.place, shown, request.app.state.watch())
    return found


def load(here: Installation, conn: Connection, matter: str, viewer: Viewer) -> Sight:
    """Return a matter with its words, in the caller's reading; 404 where there is none the viewer may see."""
    found = view(here, conn, matter, viewer)
    if found is None:
        raise HTTPException(404)
    return of_view(here, conn, found)


def of_view(here: Installation, conn: Connection, found: MatterView) -> Sight:
    """Return what is to be said of a matter beyond its view."""
    entries = found.matter.entries
    sources = Sources(
        compiled=found.compiled,
        private=register.private_of(conn, [entry.seq for entry in entries]),
        person=names_of(conn),
        kind=found.kind,
        asked_first=found.asked_first,
        files=_file_names(conn, entries),
        covered=_covered(conn, entries),
    )
    return Sight(found, history(found.matter, sources), _objections(here, found, sources), sources.private)


def _objections(here: Installation, found: MatterView, sources: Sources) -> tuple[Due, ...]:
    law, matter, today = here.library.law, found.matter, found.today
    ask = ask_of(found.compiled, law, matter, found.place_record, Attempt("", "", today, today))
    due = []
    for each in (matter.objections or {}).values():
        last, basis = due_of(ask, each)
        words = ANSWERED_ABOVE if each.by == "answer_escalated" else OBJECTION_WORDS[each.status]
        content = sources.text(matter.entries[each.mseq - 1], "content")
        due.append(Due(each, words, content, last, basis, last is not None and last < today))
    return tuple(due)


def _file_names(conn: Connection, entries: Sequence[Entry]) -> dict[str, str]:
    found = {}
    for digest in {str(each["digest"]) for entry in entries for each in entry.documents if "digest" in each}:
        row = run(conn, "SELECT name_private FROM document WHERE digest = ?", (digest,)).fetchone()
        found[digest] = str(row[0]) if row and row[0] else ""
    return found


def _covered(conn: Connection, entries: Sequence[Entry]) -> dict[int, int]:
    """The size of the first signed checkpoint over each entry, by its `seq`; unsigned ones are left out."""
    sizes: dict[int, int] = {}
    for entry in entries:
        sql = "SELECT min(size) FROM checkpoint WHERE origin = ? AND size > ?"
        first = run(conn, sql, (entry.log, entry.seq)).fetchone()[0]
        if first is not None:
            sizes[entry.seq] = first
    return sizes
