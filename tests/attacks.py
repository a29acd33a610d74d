"""A real register of two villages, and somebody with every right on the database and the files who changes it.

The attacker writes SQL past the product, triggers dropped first. With `key` he also signs what he has made.
"""

import contextlib
import hashlib
import itertools
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from tests.builders import COUNTY, VILLAGE, Clock, People, advance_ok, document, life, village
from tests.lives import LIFE
from workflow.core.canonical import canonical
from workflow.core.days import civil_day
from workflow.core.tree import Frontier, leaf_hash
from workflow.installation import Installation, create, open_at
from workflow.rebuild import rebuild
from workflow.store import register
from workflow.store.checking import notes
from workflow.store.signing import Signer, read_key
from workflow.verify import Finding, Report, verify

NEIGHBOUR = "371329105202"
NEIGHBOURS = People("n_secretary", "n_clerk", "n_director", "n_vsc_chair", "n_vsc_member")
_COLUMNS = ("seq", "place", "pseq", "matter", "mseq", "type", "action", "recorded_at", "key")
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Copy:
    """A register nobody has touched: its folder, its database, and a note somebody outside has kept."""

    folder: Path
    url: str
    held: str = ""

    def opened(self) -> Installation:
        """The installation of this copy."""
        return open_at(self.folder, url=self.url)

    def verified(self, *held: str) -> Report:
        """What checking this copy comes to."""
        here = self.opened()
        try:
            return verify(here, held)
        finally:
            here.database.close()


def begun(folder: Path, url: str, matters: int = 2) -> Copy:
    """Two villages with `matters` matters each, all archived, every entry signed; held is the note of two thirds."""
    here = create(folder, COUNTY, "临沭县", url=url, clock=Clock())
    going: list[tuple[str, str, People]] = []
    for place, people in ((VILLAGE, People()), (NEIGHBOUR, NEIGHBOURS)):
        village(here, people, place)
        here.signer.sign_pending()
        for _ in range(matters):
            going.append((place, life(here, people, "opened", place), people))
            here.signer.sign_pending()
    paper = [document(here)]
    for step in LIFE:
        here.clock.forward(days=step.days)  # type: ignore[attr-defined]
        facts = step.facts(civil_day(here.clock()), paper)
        for place, matter, people in going:
            advance_ok(here, place, matter, step.action, getattr(people, step.who), facts)
            here.signer.sign_pending()
    with here.database.reading() as conn:
        kept = list(notes(conn))
    here.close()
    two_thirds = next(each for each in kept if each.size * 3 >= kept[-1].size * 2)
    return Copy(folder, url, two_thirds.note)


@contextlib.contextmanager
def copied(original: Copy, folder: Path) -> Iterator[Copy]:
    """A copy of a register: its files, and its database by file or, on PostgreSQL, by template."""
    shutil.copytree(original.folder, folder)
    url = make_url(original.url)
    if url.get_backend_name() == "sqlite":
        yield Copy(folder, f"sqlite:///{folder / Path(url.database or '').name}", original.held)
        return
    name = f"copy_{next(_numbers)}"
    with psycopg.connect(original.url.replace(f"/{url.database}?", "/postgres?"), autocommit=True) as server:
        names = (sql.Identifier(name), sql.Identifier(url.database or ""))
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
        try:
            yield Copy(folder, original.url.replace(f"/{url.database}?", f"/{name}?"), original.held)
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(names[0]))


@dataclass
class Line:
    """One entry as the attacker handles it: its fields, its number before, the bytes written unless remade."""

    fields: dict[str, Any]
    before: int
    body_digest: str | None = None


@dataclass
class Attacker:
    """Hands on one copy."""

    copy: Copy
    lines: list[Line] = field(default_factory=list)

    @contextlib.contextmanager
    def database(self) -> Iterator[Callable[..., list[Any]]]:
        """A function that runs SQL with no trigger and no foreign key in the way."""
        url = make_url(self.copy.url)
        if url.get_backend_name() == "sqlite":
            connection: Any = sqlite3.connect(url.database or "")
            names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for (name,) in names:
                connection.execute(f"DROP TRIGGER {name}")
        else:
            connection = psycopg.connect(self.copy.url)
            connection.execute("SET session_replication_role = replica")

        def run(statement: str, *values: Any) -> list[Any]:
            mark = "?" if url.get_backend_name() == "sqlite" else "%s"
            done = connection.execute(statement.replace("?", mark), values)
            return done.fetchall() if done.description else []

        try:
            yield run
            connection.commit()
        finally:
            connection.close()

    def read(self) -> list[Line]:
        """Every entry, in order."""
        with self.database() as run:
            rows = run("SELECT leaf, seq, body_digest FROM entry ORDER BY seq")
        self.lines = [Line(json.loads(leaf), seq, body) for leaf, seq, body in rows]
        return self.lines

    def write(self, lines: Sequence[Line]) -> None:
        """Put these entries in place of all: numbered anew, hashed anew, the head with them, private texts moved."""
        counts: dict[str, int] = {}
        frontier = Frontier()
        with self.database() as run:
            texts = run("SELECT seq, field, salt, value FROM private_text")
            run("DELETE FROM private_text")
            run("DELETE FROM entry")
            for seq, line in enumerate(lines):
                fields = line.fields
                fields["seq"] = seq
                for name, scope in (("pseq", fields["place"]), ("mseq", fields["matter"])):
                    if scope is not None:
                        counts[scope] = counts.get(scope, 0) + 1
                        fields[name] = counts[scope]
                leaf = canonical(fields)
                hash_ = leaf_hash(leaf)
                frontier = frontier.append(hash_)
                values = (*(fields[name] for name in _COLUMNS), line.body_digest, leaf, hash_)
                run("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", *values)
                for old, name, salt, value in texts:
                    if old == line.before:
                        run("INSERT INTO private_text VALUES (?, ?, ?, ?)", seq, name, salt, value)
            last = lines[-1].fields["recorded_at"]
            state = (len(lines), frontier.to_bytes(), last)
            run("UPDATE head SET size = ?, frontier = ?, last_recorded_at = ?", *state)

    def rebuild(self) -> None:
        """Make the derived tables agree, with the product's own command."""
        here = self.copy.opened()
        rebuild(here)
        here.database.close()

    def sign(self) -> None:
        """Sign what there is now with the log's own key, as if nothing else had ever been signed."""
        with self.database() as run:
            run("DELETE FROM checkpoint")
        (self.copy.folder / "signed").unlink()
        here = self.copy.opened()
        Signer(here.database, read_key(self.copy.folder / "key"), self.copy.folder / "signed").sign_pending()
        here.database.close()


def vote(lines: Sequence[Line]) -> Line:
    """The count of the representatives' vote in the second matter of the first village."""
    ballots = [line for line in lines if "women_present" in line.fields["facts"]]
    return ballots[1]


def overturned(line: Line) -> None:
    """Change the votes for into votes against, and nothing else."""
    facts = line.fields["facts"]
    facts["in_favour"], facts["against"] = facts["against"], facts["in_favour"]


def digest_of(data: bytes) -> str:
    """The digest a text or file is kept under."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def codes(report: Report) -> set[str]:
    """The codes of what was found."""
    return {each.code for each in report.findings}


def only(report: Report, code: str) -> Finding:
    """The one finding of a code."""
    (found,) = [each for each in (*report.findings, *report.uncovered) if each.code == code]
    return found


def forge(attacker: Attacker, change: Callable[[list[Line]], Line]) -> Line:
    """Change the entries, write everything anew and sign it: bytes, tree and signatures are then right again."""
    lines = attacker.read()
    line = change(lines)
    attacker.write(lines)
    attacker.sign()
    return line


def first(lines: list[Line], action: str) -> Line:
    """The first entry of an action."""
    return next(line for line in lines if line.fields["action"] == action and line.fields["matter"])


def last_seq(here: Installation) -> int:
    """The number of the last entry."""
    with here.database.reading() as conn:
        return register.head(conn).size - 1


def matter_of(attacker: Attacker, line: Line) -> list[Line]:
    """The entries of the same matter."""
    return [each for each in attacker.lines if each.fields["matter"] == line.fields["matter"]]
