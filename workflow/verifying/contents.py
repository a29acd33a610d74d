"""What the leaves name by digest: texts, attached files, and the private words behind the commitments."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection

from workflow.core.entry import Entry, commitment, digest
from workflow.store import checking
from workflow.store.documents import Documents
from workflow.store.register import Private
from workflow.verifying.report import Finding, Found


class Texts:
    """The kept texts, every one hashed again at the beginning; entries are then asked what they lack."""

    def __init__(self, conn: Connection, found: Found) -> None:
        self._found: Final = found
        self._whole: Final[set[str]] = set()
        self._changed: Final[set[str]] = set()
        self._lacking: Final[dict[str, tuple[Entry, int]]] = {}
        for name, body in checking.texts(conn):
            (self._whole if digest(body) == name else self._changed).add(name)

    def usable(self, entry: Entry) -> bool:
        """Whether every text the entry rests on is there, unchanged."""
        lacking = [each for each in _named(entry) if each not in self._whole]
        for each in lacking:
            first, count = self._lacking.get(each, (entry, 0))
            self._lacking[each] = first, count + 1
        return not lacking

    def finish(self) -> None:
        """Note each text that is gone or changed, with the first entry that rests on it."""
        for name, (entry, count) in self._lacking.items():
            code = "V401" if name in self._changed else "V402"
            self._found.at(code, f"{name}：自这一条起有 {count} 条以它为依据，无法重算", entry)
        for name in sorted(self._changed - self._lacking.keys()):
            self._found.note("V401", f"{name}：没有登记以它为依据")


def _named(entry: Entry) -> list[str]:
    return [
        *entry.statutes,
        *(each for each in (entry.procedure, entry.calendar) if each is not None),
    ]


class Files:
    """The attached files, each hashed once, reported at every entry that names it."""

    def __init__(self, documents: Documents, found: Found) -> None:
        self._documents: Final = documents
        self._found: Final = found
        self._known: Final[dict[str, str]] = {}

    def check(self, entry: Entry) -> None:
        """Look at what the entry has attached."""
        for each in entry.documents:
            name = each.get("digest", "")
            if not name.startswith("sha256:"):
                message = f"“{each['kind']}”只登记了封存值，要有原件和盐才能核对"
                self._found.uncovered.append(Finding.at("V905", message, entry))
                continue
            if name not in self._known:
                self._known[name] = self._documents.verify(name)
            state = self._known[name]
            if state == "whole" and self._documents.path(name).stat().st_size != each["size"]:
                state = "changed"
            if state != "whole":
                self._found.at("V411" if state == "missing" else "V412", f"“{each['kind']}” {name}", entry)


class Words:
    """The private texts: each opens its commitment, or a `redaction` entry says why it is gone.

    Such an entry names in its facts the entry (`seq`) and the `fields` that were erased.
    """

    def __init__(self, found: Found) -> None:
        self._found: Final = found
        self._missing: Final[dict[tuple[int, str], Entry]] = {}
        self._erased: Final[dict[tuple[int, str], Entry]] = {}

    def check(self, entry: Entry, kept: Mapping[str, Private]) -> None:
        """Open the entry's commitments with what is kept."""
        if entry.type == "redaction":
            fields = entry.facts.get("fields")
            for each in fields if isinstance(fields, list) else ():
                self._erased[int(str(entry.facts.get("seq", -1))), str(each)] = entry
        for name, committed in entry.private.items():
            private = kept.get(name)
            if private is None:
                self._missing[entry.seq, name] = entry
            elif _commitment(name, private) != committed:
                self._found.at("V421", f"“{name}”", entry)
        for name in kept.keys() - entry.private.keys():
            self._found.at("V423", f"“{name}”", entry)

    def finish(self, conn: Connection) -> None:
        """Hold what is missing against what was erased."""
        for (seq, name), entry in self._missing.items():
            erased = self._erased.get((seq, name))
            if erased is None or erased.seq <= seq:
                self._found.at("V422", f"“{name}”", entry)
            else:
                message = f"“{name}”已删除，依据总第 {erased.seq} 条"
                self._found.uncovered.append(Finding.at("V902", message, entry))
        for (seq, name), redaction in self._erased.items():
            if (seq, name) not in self._missing and checking.has_private(conn, seq, name):
                self._found.at("V424", f"总第 {seq} 条的“{name}”", redaction)


def _commitment(name: str, private: Private) -> str:
    try:
        return commitment(name, bytes(private.salt), private.value)
    except ValueError:
        return ""
