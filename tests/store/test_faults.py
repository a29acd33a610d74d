"""The disk fails: one system call at a time by strace, and for want of room. Nothing lost, nothing twice."""

import itertools
import json
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import IO, Any

import pytest
from sqlalchemy.exc import DBAPIError

from tests.builders import COUNTY, Clock, village
from tests.writer import LIBRARY, opening, reopened
from workflow.advance import advance
from workflow.installation import create
from workflow.request import Receipt
from workflow.store import database, register
from workflow.store.database import ReadOnly, driver, run
from workflow.verify import verify

ROOT = Path(__file__).parent.parent.parent
LAST: dict[tuple[str, str], int] = {
    ("fdatasync", "EIO"): 12,
    ("pwrite64", "EIO"): 100,
    ("pwrite64", "ENOSPC"): 100,
    ("fsync", "EIO"): 10,
}
"""Which call of a process fails, by the call and its error: the last of all that two acts and a signature make."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder of an installation on SQLite with one village, which nobody has open."""
    made = create(tmp_path / "home", COUNTY, "临沭县", library=LIBRARY, clock=Clock())
    village(made)
    made.database.close()
    return tmp_path / "home"


@contextmanager
def failing(home: Path, call: str, error: str) -> Iterator[tuple[IO[str], IO[str]]]:
    """The writer's program under strace; a line sent to it forks a process with one failing call."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed, so no system call can be made to fail")
    if subprocess.run(
        [strace, "-qq", "-o", "/dev/null", "true"], check=False, capture_output=True
    ).returncode:
        pytest.skip("strace may not trace here (ptrace is not permitted)")
    inject = f"inject={call}:error={error}:when={LAST[call, error]}"
    options = ["-f", "-qq", "-o", "/dev/null", "--seccomp-bpf", "-e", f"trace={call}", "-e", inject]
    program = [sys.executable, "-m", "tests.writer", str(home), url_of(home), call]
    with subprocess.Popen(
        [strace, *options, *program], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdin
        assert running.stdout
        yield running.stdin, running.stdout


def url_of(home: Path) -> str:
    """The database in the installation's folder."""
    return f"sqlite:///{home / 'cunyi.db'}"


def size(home: Path) -> int:
    """How many entries the head counts."""
    here = reopened(home, url_of(home))
    with here.database.reading() as conn:
        count = register.head(conn).size
    here.database.close()
    return count


def failed_at(home: Path, call: str, error: str, positions: Iterable[int]) -> set[str]:
    """Processes act twice and sign while one of their calls fails; returns all that the acts met.

    Each time the next process finds every receipt, takes the same keys without a second entry, and signs.
    """
    seen: set[str] = set()
    with failing(home, call, error) as (orders, answers):
        for turn, position in enumerate(positions):
            before = size(home)
            key, minute = f"fault-{position}", 2 * turn + 2
            orders.write(f"{key} {minute} {LAST[call, error] - 1 - position}\n")
            orders.flush()
            met = json.loads(answers.readline())
            seen.update(met[:2])
            if met[:1] == ["ReadOnly"]:
                assert met[1] == "ReadOnly"
            here = reopened(home, url_of(home), minute + 1)
            for number, act in enumerate("ab"):
                again = advance(here, opening(f"{key}-{act}"))
                assert isinstance(again, Receipt)
                if met[number : number + 1] == ["Receipt"]:
                    assert again.repeated
            here.signer.sign_pending()
            assert here.signer.status().state == "signed"
            here.database.close()
            assert size(home) == before + 2
    here = reopened(home, url_of(home))
    report = verify(here)
    assert (report.findings, report.uncovered) == ((), ())
    here.database.close()
    return seen


def test_a_failed_sync_makes_the_process_read_only(home: Path):
    """After one sync has failed, the process writes nothing more; the next one finds all that was acknowledged."""
    seen = failed_at(home, "fdatasync", "EIO", (0, 2, 3, 5))
    assert seen == {"Receipt", "ReadOnly"}


def test_a_write_without_room_fails_alone(home: Path):
    """An act for which the disk has no room fails with a clear error; the next one finds room and is recorded."""
    seen = failed_at(home, "pwrite64", "ENOSPC", (25, 60))
    assert seen == {"Receipt", "SQLITE_FULL"}


@pytest.mark.prove
@pytest.mark.parametrize("call, error", LAST)
def test_every_call_fails_once(home: Path, call: str, error: str, prove_rounds: int):
    """Whichever call of two acts and a signature fails, nothing acknowledged is lost and nothing is there twice."""
    positions = range(LAST[call, error])
    failed_at(home, call, error, Random(1).sample(positions, min(prove_rounds, len(positions))))


def test_a_full_database_recovers(home: Path):
    """Acts fail clearly while the database may not grow, what is there stays, and the same key succeeds later."""
    here = reopened(home, url_of(home))
    # The first act keeps the texts it was decided under, which are large.
    assert isinstance(advance(here, opening("first")), Receipt)
    with here.database.writing() as conn:
        pages = run(conn, "PRAGMA page_count").fetchone()[0]
        driver(conn).execute(f"PRAGMA max_page_count={pages + 8}").close()
    receipts: list[Any] = []
    answers = (advance(here, opening(f"full-{number}")) for number in itertools.count())
    with pytest.raises((sqlite3.OperationalError, DBAPIError), match="database or disk is full"):
        receipts.extend(answers)
    before = size(home)
    assert {type(each) for each in receipts} == {Receipt}
    assert receipts[-1].entry.seq == before - 1
    assert advance(here, opening("full-0")) == replace(receipts[0], repeated=True)

    with here.database.writing() as conn:
        driver(conn).execute("PRAGMA max_page_count=1000000").close()
    again = advance(here, opening(f"full-{len(receipts)}"))
    assert isinstance(again, Receipt)
    assert (again.repeated, again.entry.seq) == (False, before)
    here.signer.sign_pending()
    assert verify(here).findings == ()
    here.database.close()


def test_an_act_that_is_committed_is_acknowledged(home: Path, monkeypatch: pytest.MonkeyPatch):
    """If the log cannot be folded into the file after a commit, the act stands and says so; the next is refused."""
    monkeypatch.setattr(database, "COMMITS_PER_CHECKPOINT", 1)
    before = size(home)
    here = reopened(home, url_of(home))
    room = resource.getrlimit(resource.RLIMIT_FSIZE)
    recorded: list[Any] = []
    answers = (advance(here, opening(f"room-{number}")) for number in itertools.count())
    resource.setrlimit(resource.RLIMIT_FSIZE, ((home / "cunyi.db").stat().st_size, room[1]))
    try:
        with pytest.raises(ReadOnly, match="SQLITE_IOERR_WRITE"):
            recorded.extend(answers)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, room)
    with pytest.raises(ReadOnly):
        here.close()

    assert {type(each) for each in recorded} == {Receipt}
    assert size(home) == before + len(recorded)
    here = reopened(home, url_of(home), 1)
    assert isinstance(advance(here, opening(f"room-{len(recorded)}")), Receipt)
    assert size(home) == before + len(recorded) + 1
    here.close()
