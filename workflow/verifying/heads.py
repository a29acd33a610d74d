"""The tree against every signed head: those in the database, the guard file, and the copies people hold outside."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection

from workflow.core.checkpoint import BadNote, Checkpoint, Verifier, open_note
from workflow.core.entry import Entry
from workflow.core.tree import Frontier
from workflow.store import checking, register
from workflow.store.checking import StoredNote
from workflow.store.register import NotBegun
from workflow.store.signing import FORKS, ForkRefused, Signer
from workflow.verifying.report import Finding, Found


class BadHeld(ValueError):
    """A held copy that is no checkpoint at all: the call was wrong, the register may be right."""


def read_held(note: str) -> Checkpoint:
    """The checkpoint a held note claims, whoever signed it; BadHeld if it is none."""
    try:
        return Checkpoint.from_text(note.rpartition("\n\n")[0] + "\n")
    except BadNote as error:
        raise BadHeld("这不是一份见证副本（签名的总账）") from error


def guard_of(signer: Signer, found: Found) -> Checkpoint | None:
    """The guard's head. Ask before the database is read: a running server may sign in between."""
    try:
        return signer.signed()
    except ForkRefused as refused:
        found.note(
            "V305", "数据库外的守护文件已损坏" if refused.state == "guard_damaged" else FORKS[refused.state]
        )
        return None


@dataclass(frozen=True, slots=True)
class _Seam:
    """Where a new epoch began: the old origin's last known head, and the size at which the log went on."""

    origin: str
    old_size: int
    old_root: str


class Heads:
    """Grows the tree leaf by leaf and compares every head as its size is reached."""

    def __init__(
        self, conn: Connection, signer: Signer, found: Found, guard: Checkpoint | None, held: Sequence[str]
    ) -> None:
        self._conn: Final = conn
        self._signer: Final = signer
        self._found: Final = found
        self._guard: Final = guard
        self._notes: Final[Iterator[StoredNote]] = checking.notes(conn)
        self._note = next(self._notes, None)
        self._any_note: Final = self._note is not None
        self._held = [each for note in held if (each := self._own(note)) is not None and each.size]
        self._verifiers: Final[dict[str, Verifier]] = {}
        self._seams: Final[list[_Seam]] = []
        self._failed: list[Checkpoint] = []
        self.frontier = Frontier()
        self._whole = True
        self._good_before = 0
        self.signed = 0
        self.agreed: Final[list[int]] = []

    def _own(self, note: str) -> Checkpoint | None:
        claimed = read_held(note)
        try:
            self._signer.opened(note)
        except BadNote as error:
            self._found.note(
                "V311", f"{claimed.origin} {claimed.size} 条的副本，本登记册的钥匙没有签过（{error}）"
            )
            return None
        return claimed

    def take(self, hash_: bytes, entry: Entry | None, *, contiguous: bool, origin: str) -> None:
        """Go past one leaf; `contiguous` as long as none is missing, `origin` the one in force at this entry."""
        if entry is not None and entry.type == "epoch":
            self._begin_epoch(entry)
        self._whole = self._whole and contiguous
        self.frontier = self.frontier.append(hash_)
        size = self.frontier.size
        while self._note is not None and self._note.size <= size:
            self._stored(self._note, origin)
            self._note = next(self._notes, None)
        if self._guard is not None and self._guard.size == size:
            self._compare_guard(self._guard, origin)
        for each in [one for one in self._held if one.size == size]:
            self._held.remove(each)
            self._compare_held(each, origin)

    def _begin_epoch(self, entry: Entry) -> None:
        facts = entry.facts
        self._seams.append(
            _Seam(str(facts.get("old_origin")), _whole(facts.get("old_size")), str(facts.get("old_root")))
        )
        found = (self.frontier.size, self.frontier.root().hex())
        if found != (facts.get("restored_size"), facts.get("restored_root")):
            self._found.at("V303", "恢复备份时写下的总账与此前的登记不符", entry)

    def _matches(self, head: Checkpoint) -> bool:
        return self._whole and head.size == self.frontier.size and head.root == self.frontier.root()

    def _stored(self, row: StoredNote, origin: str) -> None:
        try:
            if row.origin not in self._verifiers:
                self._verifiers[row.origin] = self._signer.verifier(row.origin)
            head = open_note(row.note, [self._verifiers[row.origin]])
        except BadNote as error:
            self._found.note("V302", f"库中 {row.size} 条的签名无效：{error}")
            return
        if (head.origin, head.size) != (row.origin, row.size):
            self._found.note("V302", f"库中 {row.size} 条的签名，内容却是 {head.origin} {head.size} 条")
        elif self._matches(head) and head.origin == origin:
            self.signed = head.size
        else:
            if not self._failed:
                self._good_before = self.signed
            self._failed.append(head)

    def _compare_guard(self, guard: Checkpoint, origin: str) -> None:
        if self._matches(guard) and guard.origin == origin:
            self.signed = guard.size
        else:
            first = self.signed if self.signed < guard.size else 0
            self._changed("V305", first, guard.size, "守护文件记着签过名的总账")

    def _compare_held(self, head: Checkpoint, origin: str) -> None:
        if head.origin != origin:
            self._beyond(head)
        elif self._matches(head):
            self.signed = head.size
            self.agreed.append(head.size)
        else:
            self._changed("V312", max(self.agreed, default=0), head.size, f"外面保存的 {head.size} 条的副本")

    def _changed(self, code: str, first: int, size: int, whose: str) -> None:
        """Note that something in `first` … `size - 1` is not what it was; one entry alone is named with its matter."""
        where = Finding(code, "", first)
        if first == size - 1:
            which = f"总第 {first} 条"
            where = self._named(where) or where
        else:
            which = f"总第 {first} 至 {size - 1} 条之间"
        message = f"{whose}与现在的登记对不上：{which}有改动、增删或调换"
        self._found.findings.append(replace(where, message=message))

    def _named(self, where: Finding) -> Finding | None:
        leaf = checking.entry_at(self._conn, where.seq or 0)
        try:
            return Finding.at(where.code, "", Entry.from_own_leaf(leaf or b""))
        except (ValueError, TypeError):
            return None

    def _beyond(self, head: Checkpoint) -> None:
        """A held head of an origin that was no longer in force at its size: a backup was restored in between."""
        seam = next((each for each in self._seams if each.origin == head.origin), None)
        words = f"{head.origin} {head.size} 条的副本是在恢复备份之前签的"
        if seam is None:
            self._found.note("V313", f"{words}，登记册里没有这次恢复的登记")
        elif head.size > seam.old_size or (head.size == seam.old_size and head.root.hex() != seam.old_root):
            self._found.note("V314", f"{words}，恢复时只交代到 {seam.old_size} 条")
        else:
            self._found.uncovered.append(
                Finding("V903", f"{words}；恢复时登记了原因，那以后的条数已不在库中")
            )

    def finish(self, origin: str, last_recorded_at: str | None) -> None:
        """Compare what no entry reached: heads larger than the log, the head row, the unsigned tail."""
        self._report_failed()
        size = self.frontier.size
        beyond = [] if self._note is None else [self._note, *self._notes]
        if beyond:
            largest = max(each.size for each in beyond)
            self._found.note(
                "V304", f"库中有 {len(beyond)} 份签名比登记册长，最长签到 {largest} 条，现在只有 {size} 条"
            )
        if self._guard is not None and self._guard.size > size:
            self._found.note("V305", f"守护文件记着已签到 {self._guard.size} 条，现在只有 {size} 条")
        if (
            self._guard is None
            and self._any_note
            and not any(each.code == "V305" for each in self._found.findings)
            and self._signer.signed() is None  # the first signature may have come while we read
        ):
            self._found.note("V305", "库中有签名，守护文件却不见了")
        for each in self._held:
            if each.origin == origin:
                self._found.note("V313", f"外面保存的副本是 {each.size} 条，现在只有 {size} 条")
            else:
                self._beyond(each)
        self._head_row(origin, last_recorded_at)
        if self.signed < size:
            tail = f"总第 {self.signed} 至 {size - 1} 条还没有有效的签名"
            self._found.uncovered.append(Finding("V901", tail, self.signed))

    def _report_failed(self) -> None:
        if not self._failed:
            return
        first = self._failed[0].size
        later = f"（其后还有 {len(self._failed) - 1} 份签名也对不上）" if len(self._failed) > 1 else ""
        self._changed("V303", self._good_before, first, f"签过名的 {first} 条的总账{later}")

    def _head_row(self, origin: str, last_recorded_at: str | None) -> None:
        try:
            head = register.head(self._conn)
        except (NotBegun, ValueError) as error:
            self._found.note("V301", f"总账行不见了或已损坏：{error}")
            return
        own = {
            "登记册名号": origin,
            "条数": self.frontier.size,
            "根": self.frontier.root().hex(),
            "最后时间": last_recorded_at,
        }
        row = {
            "登记册名号": head.origin,
            "条数": head.size,
            "根": head.root.hex(),
            "最后时间": head.last_recorded_at,
        }
        wrong = [
            f"{name}：总账写 {row[name]}，按内容是 {own[name]}" for name in own if row[name] != own[name]
        ]
        if wrong:
            self._found.note("V301", "；".join(wrong))


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else -1
