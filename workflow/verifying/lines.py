"""Each line by itself and after the one before: exact bytes, stored hash, index columns, numbering, time."""

import json
from typing import Final

from workflow.core.entry import Entry
from workflow.core.tree import leaf_hash
from workflow.store.checking import StoredEntry
from workflow.verifying.report import Finding, Found

_COLUMNS: Final = ("seq", "place", "pseq", "matter", "mseq", "type", "action", "recorded_at", "key")


class Lines:
    """Reads the stored rows in the order of the log."""

    def __init__(self, found: Found, origin: str) -> None:
        self._found: Final = found
        self._first_origin: Final = origin
        self.origin = origin
        self.contiguous = True
        self._next = 0
        self._pseq: Final[dict[str, int]] = {}
        self.mseq: Final[dict[str, int]] = {}
        self._recorded_at = ""

    def read(self, row: StoredEntry) -> tuple[Entry | None, bytes]:
        """The entry of a row, None if it cannot be read at all, and the hash its bytes really have."""
        hash_ = leaf_hash(row.leaf)
        entry = self._parsed(row)
        if hash_ != row.hash:
            where = Finding(
                "V102", "这一条的内容被改动过，摘要没有跟着改", row.seq, row.place, row.matter, row.mseq
            )
            self._found.findings.append(where)
        if row.seq != self._next:
            self._gap(row)
        self._next = row.seq + 1
        if entry is not None:
            self._index(row, entry)
            self._order(entry)
        return entry, hash_

    def _parsed(self, row: StoredEntry) -> Entry | None:
        try:
            return Entry.from_leaf(row.leaf)
        except ValueError as error:
            message = f"不是规定的写法：{error}"
            self._found.findings.append(Finding("V101", message, row.seq, row.place, row.matter, row.mseq))
        try:
            return Entry.from_own_leaf(row.leaf)
        except (ValueError, TypeError):
            # The numbering goes on by the index, so that one damaged line is one finding.
            self._pseq[row.place] = row.pseq
            if row.matter is not None:
                self.mseq[row.matter] = row.mseq or 0
            return None

    def _gap(self, row: StoredEntry) -> None:
        self.contiguous = False
        missing = f"{self._next}" if row.seq == self._next + 1 else f"{self._next} 至 {row.seq - 1}"
        self._found.findings.append(
            Finding("V201", f"总第 {missing} 条不见了", self._next, row.place, row.matter, row.mseq)
        )

    def _index(self, row: StoredEntry, entry: Entry) -> None:
        own = tuple(getattr(entry, name) for name in _COLUMNS)
        if own != row[: len(_COLUMNS)]:
            wrong = [
                f"{name} 栏是 {json.dumps(stored, ensure_ascii=False)}，内容是 {json.dumps(true, ensure_ascii=False, default=str)}"
                for name, stored, true in zip(_COLUMNS, row, own, strict=False)
                if stored != true
            ]
            self._found.findings.append(
                Finding("V103", "；".join(wrong), row.seq, row.place, row.matter, row.mseq)
            )

    def _order(self, entry: Entry) -> None:
        place, matter = entry.place, entry.matter
        due = self._pseq.get(place, 0) + 1
        if entry.pseq != due:
            self._found.at("V202", f"本村应是第 {due} 条，写的是第 {entry.pseq} 条", entry)
        self._pseq[place] = entry.pseq
        if matter is not None:
            due = self.mseq.get(matter, 0) + 1
            if entry.mseq != due:
                self._found.at("V203", f"这件事应是第 {due} 条，写的是第 {entry.mseq} 条", entry)
            self.mseq[matter] = entry.mseq or 0
        if entry.recorded_at < self._recorded_at:
            self._found.at("V204", f"登记于 {entry.recorded_at}，上一条登记于 {self._recorded_at}", entry)
        self._recorded_at = entry.recorded_at
        if entry.type == "epoch" and entry.log.startswith(f"{self._first_origin}/e"):
            self.origin = entry.log
        elif entry.log != self.origin:
            self._found.at("V104", f"写的是 {entry.log}，应是 {self.origin}", entry)

    @property
    def last_recorded_at(self) -> str | None:
        """The time of the last entry read."""
        return self._recorded_at or None
