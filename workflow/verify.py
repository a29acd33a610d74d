"""The one way to check a register: bytes and tree, signatures and outside copies, then every decision again."""

from collections.abc import Sequence
from itertools import count

from sqlalchemy import Connection

from workflow.core.checkpoint import Checkpoint
from workflow.core.entry import Entry
from workflow.installation import Installation
from workflow.store import checking, register
from workflow.verifying.contents import Files, Texts, Words
from workflow.verifying.course import FAULTS, UNDECIDED_TYPES, Course
from workflow.verifying.decisions import Decisions
from workflow.verifying.heads import BadHeld, Heads, guard_of, read_held
from workflow.verifying.lines import Lines
from workflow.verifying.projection import Projection
from workflow.verifying.report import CODES, Finding, Found, Report

__all__ = ["CODES", "BadHeld", "Finding", "Report", "verify"]


def verify(here: Installation, held: Sequence[str] = ()) -> Report:
    """Check the whole register in one snapshot, listing every inconsistency; nothing is written.

    `held` are signed notes (C2SP checkpoints) kept outside, each of which the log must begin with. Raises BadHeld
    for one that is no checkpoint at all.
    """
    for note in held:
        read_held(note)
    found = Found()
    guard = guard_of(here.signer, found)
    with here.database.reading() as conn:
        return _Check(here, conn, found, guard, held).run()


class _Check:
    """One pass over the log in its order; every room is asked about each entry."""

    def __init__(
        self,
        here: Installation,
        conn: Connection,
        found: Found,
        guard: Checkpoint | None,
        held: Sequence[str],
    ) -> None:
        self._conn = conn
        self._lost: dict[str, tuple[Entry, int]] = {}
        self._found = found
        self._lines = Lines(found, here.signer.origin)
        self._heads = Heads(conn, here.signer, found, guard, held)
        self._course = Course(conn)
        self._texts = Texts(conn, found)
        self._files = Files(here.documents, found)
        self._words = Words(found)
        self._decisions = Decisions(here, conn, found)
        self._projection = Projection(here, conn, found)

    def run(self) -> Report:
        """Go through all entries, then ask what only the end can tell."""
        for rows in checking.entries(self._conn):
            private = register.private_of(self._conn, [row.seq for row in rows])
            for row in rows:
                entry, hash_ = self._lines.read(row)
                self._heads.take(hash_, entry, contiguous=self._lines.contiguous, origin=self._lines.origin)
                if entry is None:
                    self._course.lose(str(row.matter))
                    continue
                self._words.check(entry, private.get(row.seq, {}))
                self._files.check(entry)
                self._replay(entry)
        return self._report()

    def _replay(self, entry: Entry) -> None:
        usable = self._texts.usable(entry)
        if entry.type in UNDECIDED_TYPES:
            return
        matter = self._course.matter(entry) if entry.matter is not None else None
        if entry.matter is not None and matter is None:
            first, number = self._lost.get(entry.matter, (entry, 0))
            self._lost[entry.matter] = first, number + 1
            return
        place = self._course.place(entry.place)
        if usable:
            self._decisions.again(entry, place, matter)
        try:
            after = self._course.take(entry, matter)
        except FAULTS as error:
            self._found.at("V503", f"后面各条也无法重算（{type(error).__name__}）", entry)
            return
        if after is not None and usable:
            self._projection.check(entry, after, place)

    def _report(self) -> Report:
        found, heads, lines = self._found, self._heads, self._lines
        for entry, number in self._lost.values():
            found.at("V503", f"这件事前面有缺失、损坏或别村的登记，自这一条起 {number} 条", entry)
        heads.finish(lines.origin, lines.last_recorded_at)
        self._texts.finish()
        self._words.finish(self._conn)
        self._projection.finish(lines.mseq)
        return Report(
            findings=_in_order(found.findings),
            uncovered=_in_order(found.uncovered),
            origin=lines.origin,
            size=heads.frontier.size,
            root=heads.frontier.root().hex(),
            signed=heads.signed,
            held=tuple(sorted(heads.agreed)),
            decided=self._decisions.made,
        )


def _in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    numbers = count()
    keyed = [(each.seq is None, each.seq or 0, each.code, next(numbers), each) for each in findings]
    return tuple(each for *_, each in sorted(keyed))
