"""Where every place and matter stood at each entry: the log played again from its first line."""

from collections import OrderedDict
from dataclasses import replace
from typing import Final

from sqlalchemy import Connection

from workflow.core.entry import Entry
from workflow.core.matter import Matter, replay, step
from workflow.core.place import Place, step_place, under
from workflow.store import places, register

REMEMBERED: Final = 5_000
UNDECIDED_TYPES: Final = frozenset({"epoch", "heartbeat", "redaction", "export"})
"""Entries nobody decides: they change neither a place nor a matter."""

FAULTS: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What folding or deciding an entry may raise when somebody has changed its facts: they were checked when written."""


class Course:
    """Give it the entries in the order of the log: ask for the state before an entry, then `take` it.

    It keeps at most REMEMBERED matters; those closed or long untouched are read again when they go on.
    """

    def __init__(self, conn: Connection) -> None:
        self._conn: Final = conn
        self._own: Final[dict[str, Place]] = {}
        self._with_above: Final[dict[str, tuple[tuple[Place, ...], Place]]] = {}
        self._matters: Final[OrderedDict[str, Matter]] = OrderedDict()
        self._lost: Final[set[str]] = set()

    def place(self, code: str) -> Place:
        """The place with the office holders above it, as of the entries taken so far."""
        parts = tuple(self._own.get(each) or self._blank(each) for each in (code, *places.above(code)))
        known = self._with_above.get(code)
        if known is not None and all(a is b for a, b in zip(known[0], parts, strict=True)):
            return known[1]
        found = under(parts[0], parts[1:])
        self._with_above[code] = parts, found
        return found

    def _blank(self, code: str) -> Place:
        return self._own.setdefault(code, Place(code))

    def matter(self, entry: Entry) -> Matter | None:
        """The matter before its entry; None where that cannot be known, because an earlier one is missing or damaged."""
        name = str(entry.matter)
        if name in self._lost:
            return None
        if entry.mseq == 1:
            return Matter(name, entry.place, entry.procedure or "")
        found = self._matters.get(name) or self._read(entry)
        if found is None or found.mseq + 1 != entry.mseq or found.place != entry.place:
            self.lose(name)
            return None
        return found

    def _read(self, entry: Entry) -> Matter | None:
        earlier = register.of_matter(self._conn, entry.place, str(entry.matter))
        try:
            return replay(each for each in earlier if (each.mseq or 0) < (entry.mseq or 0))
        except FAULTS:
            return None

    def lose(self, matter: str) -> None:
        """Say that a matter cannot be followed any further."""
        self._matters.pop(matter, None)
        self._lost.add(matter)

    def take(self, entry: Entry, before: Matter | None = None) -> Matter | None:
        """Go past an entry; `before` is its matter as asked for before. Returns the matter after it.

        Raises one of FAULTS if the entry cannot be folded; its matter is then lost.
        """
        if entry.type in UNDECIDED_TYPES:
            return None
        if entry.matter is None:
            self._own[entry.place] = step_place(self._own.get(entry.place) or Place(entry.place), entry)
            return None
        if before is None:
            return None
        try:
            after = step(before, entry)
        except FAULTS:
            self.lose(entry.matter)
            raise
        after = replace(after, entries=after.entries[:1])
        if after.closed:
            self._matters.pop(entry.matter, None)
        else:
            self._matters[entry.matter] = after
            self._matters.move_to_end(entry.matter)
            if len(self._matters) > REMEMBERED:
                self._matters.popitem(last=False)
        return after
