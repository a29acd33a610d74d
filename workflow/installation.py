"""One installation: its data folder, its database, its texts, its documents, its signer. Made once, handed around."""

import datetime
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from sqlalchemy import Connection

from workflow.core.decide import Law
from workflow.core.entry import Entry
from workflow.core.machine import Compiled
from workflow.core.matter import Matter, replay
from workflow.core.place import Place, level_of, replay_place, under
from workflow.library import Library
from workflow.shelves import SHIPPED
from workflow.store import places, register
from workflow.store.database import Database
from workflow.store.documents import Documents
from workflow.store.signing import Signer, create_key, read_key

REMEMBERED = 1024


def server_clock() -> datetime.datetime:
    """Return the instant now, aware."""
    return datetime.datetime.now(datetime.UTC)


class NotHere(LookupError):
    """There is no installation in this folder or database; `cunyi init` makes one."""


class AlreadyHere(FileExistsError):
    """There is an installation already; it is never overwritten."""


@dataclass
class Installation:
    """The parts every door needs. `clock` gives aware instants; only the training clock is not the server's."""

    database: Database
    library: Library
    documents: Documents
    signer: Signer
    clock: Callable[[], datetime.datetime] = server_clock
    kept_texts: set[str] = field(default_factory=set)
    _matters: "OrderedDict[str, Matter]" = field(default_factory=OrderedDict)
    _places: dict[str, Place] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def matter(self, conn: Connection, place: str, matter: str, size: int | None = None) -> Matter | None:
        """Return a matter as its entries amount to. `size`, where the caller knows it, lets a kept replay serve."""
        if size is not None:
            with self._lock:
                kept = self._matters.get(matter)
            if kept is not None and kept.mseq == size and kept.place == place:
                return kept
        found = replay(register.of_matter(conn, place, matter))
        if found is not None:
            self.keep(found)
        return found

    def keep(self, matter: Matter) -> None:
        """Remember a replayed matter, the newest of it; id and size name one content, the log being append-only."""
        with self._lock:
            kept = self._matters.pop(matter.id, matter)
            self._matters[matter.id] = matter if matter.mseq >= kept.mseq else kept
            while len(self._matters) > REMEMBERED:
                self._matters.popitem(last=False)

    def place(self, conn: Connection, code: str, lasts: Mapping[str, int] | None = None) -> Place:
        """Return a place with the office holders of the township and county above it.

        `lasts`, where the caller knows them, are the last entries of `places.of_rule(code)`'s own records.
        """
        if lasts is None:
            lasts = register.last_of_places_themselves(conn, places.of_rule(code))
        own, *above = [self._own(conn, each, last) for each, last in lasts.items()]
        return under(own, above)

    def _own(self, conn: Connection, code: str, last: int) -> Place:
        with self._lock:
            kept = self._places.get(code)
        if kept is not None and kept.pseq == last:
            return kept
        found = replay_place(code, register.of_place_itself(conn, code))
        with self._lock:
            self._places[code] = found
        return found

    def compiled(self, conn: Connection, digest: str) -> Compiled:
        """Return the compiled procedure of a digest, from the texts the register keeps where the folder moved on."""
        return self.library.compiled(digest, lambda wanted: register.text(conn, wanted))

    def law_of(self, conn: Connection, entry: Entry) -> Law:
        """Return the statutes and calendar an entry was decided under."""
        statutes = entry.statutes[0] if entry.statutes else ""
        return self.library.law_of(statutes, entry.calendar or "", lambda wanted: register.text(conn, wanted))

    def close(self) -> None:
        """Sign what is not signed yet, let others sign, and let go of the database, signed or not."""
        try:
            self.signer.sign_pending()
            self.signer.release()
        finally:
            self.database.close()


def url_of(folder: Path) -> str:
    """Return the address of the database an installation keeps in its folder when no other is given."""
    return f"sqlite:///{folder.resolve() / 'cunyi.db'}"


def create(
    folder: Path,
    county: str,
    name: str,
    *,
    url: str | None = None,
    library: Library | None = None,
    clock: Callable[[], datetime.datetime] = server_clock,
) -> Installation:
    """Make an installation for a county (a 12-digit code) and open it: tables, empty register, key, first place.

    Raises `AlreadyHere` where one was made before, `ValueError` for a code that is no county's.
    """
    if len(county) != places.CODE_LENGTH or level_of(county) != "county":
        raise ValueError(f"{county} 不是县级区划代码（12位，后6位为0）")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (folder / "key").exists():
        raise AlreadyHere(f"{folder} 里已经有了，不会覆盖")
    database = Database.open(url or url_of(folder))
    if database.exists():
        raise AlreadyHere("数据库里已经有登记册，不会覆盖")
    database.create()
    origin = f"cunyi.{county[:6]}"
    with database.writing() as conn:
        register.begin(conn, origin)
        places.add(conn, county, name)
    create_key(folder / "key", origin)
    return _made(folder, database, library, clock)


def open_at(
    folder: Path,
    *,
    url: str | None = None,
    library: Library | None = None,
    clock: Callable[[], datetime.datetime] = server_clock,
) -> Installation:
    """Open the installation of a folder; raises `NotHere` where there is none."""
    database = Database.open(url or url_of(folder))
    if not (folder / "key").exists() or not database.exists():
        raise NotHere(f"{folder} 里没有登记册；先运行 cunyi init")
    return _made(folder, database, library, clock)


def _made(
    folder: Path, database: Database, library: Library | None, clock: Callable[[], datetime.datetime]
) -> Installation:
    signer = Signer(database, read_key(folder / "key"), folder / "signed")
    return Installation(
        database,
        library or Library(SHIPPED, (folder / "published",)),
        Documents(folder / "documents"),
        signer,
        clock,
    )
