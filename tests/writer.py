"""Processes that write until somebody kills them or a system call fails them; they tell every receipt they got.

The first kind are started by `multiprocessing`'s fork server, which has read this module, so that a round costs
no start of Python. The second kind are forked by this module run as a program under strace.
"""

import json
import multiprocessing
import os
import signal
import sqlite3
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any, NoReturn

import psycopg
from sqlalchemy.exc import DBAPIError

from tests.builders import VILLAGE, Clock
from tests.lives import OPENING
from workflow.advance import advance
from workflow.installation import Installation, open_at
from workflow.library import Library
from workflow.request import Receipt, Request
from workflow.shelves import SHIPPED
from workflow.store import database
from workflow.store.database import ReadOnly, driver
from workflow.store.signing import Signer, read_key

FORKS = multiprocessing.get_context("forkserver")
# pytest, because every process imports its parent's main program again.
FORKS.set_forkserver_preload(["pytest", "tests.writer"])
SPENDING: Mapping[str, Callable[[int], object]] = {
    "pwrite64": lambda file: os.pwrite(file, b"x", 0),
    "fdatasync": os.fdatasync,
    "fsync": os.fsync,
}
DAY = date(2026, 3, 2)
FAILURES = (DBAPIError, sqlite3.Error, psycopg.Error, ReadOnly, OSError)
LIBRARY = Library(SHIPPED)
# Read before any process is forked.
LIBRARY.effective("siyi_lianggongkai", VILLAGE, DAY)
LIBRARY.law  # noqa: B018 - cached


def started(target: Any, *arguments: object) -> tuple[Any, Connection]:
    """A process from the fork server, and the end of the pipe at which it tells."""
    ours, theirs = FORKS.Pipe(duplex=False)
    process = FORKS.Process(target=target, args=(*arguments, theirs))
    process.start()
    theirs.close()
    return process, ours


def rest(ours: Connection) -> list[Any]:
    """What a process that is no more had told until its end."""
    told = []
    while True:
        try:
            told.append(ours.recv())
        except EOFError:
            ours.close()
            return told


def opening(key: str, title: str = "修建村东排水沟") -> Request:
    """The opening of a matter under this key; any number may be opened."""
    return Request(VILLAGE, None, "open", "p_secretary", DAY, {**OPENING, "title": title}, key)


def reopened(folder: Path, url: str, minute: int = 0) -> Installation:
    """The installation as a new process finds it, a minute later each time: the lease of the last signer is over."""
    here = open_at(folder, url=url, library=LIBRARY, clock=Clock())
    here.signer = Signer(
        here.database, read_key(folder / "key"), folder / "signed", clock=lambda: minute * 60.0
    )
    return here


def write(folder: Path, url: str, prefix: str, minute: int, acks: Connection) -> None:
    """Open matter after matter for ever, tell the key and place of each once it has its receipt, sign now and then."""
    here = reopened(folder, url, minute)
    for number in count():
        answer = advance(here, opening(f"{prefix}-{number}"))
        assert isinstance(answer, Receipt), answer
        acks.send((answer.entry.key, answer.entry.seq))
        if number % 3 == 2:
            here.signer.sign_pending()


def write_some(folder: Path, url: str, prefix: str, start: Barrier, acks: Connection, acts: int) -> None:
    """Open that many matters, all processes at once; tell the receipts, or the first failure."""
    here = reopened(folder, url)
    start.wait()
    try:
        for number in range(acts):
            answer = advance(here, opening(f"{prefix}-{number}"))
            assert isinstance(answer, Receipt), answer
            acks.send((answer.entry.key, answer.entry.seq))
    except FAILURES as error:
        acks.send(repr(error))
    here.database.close()


def die_at(folder: Path, url: str, key: str, minute: int, statement: int, acks: Connection) -> None:
    """Act, tell the receipt and sign, but die as the SQLite statement of that number begins; tell each statement."""
    here = reopened(folder, url, minute)
    left = count(statement, -1)

    def begins(sql: str) -> None:
        acks.send(sql)
        if next(left) == 1:
            os.kill(os.getpid(), signal.SIGKILL)

    with here.database.writing() as conn:
        connection = driver(conn)
    connection.set_trace_callback(begins)
    advance(here, opening(key))
    acks.send("receipt")
    here.signer.sign_pending()
    acks.send("signed")
    here.database.close()


def die_unanswered(folder: Path, url: str, key: str, minute: int, acks: Connection) -> None:
    """Act, and die between the commit and the answer."""
    here = reopened(folder, url, minute)
    advance(here, opening(key))
    acks.close()
    os.kill(os.getpid(), signal.SIGKILL)


def _outcome(here: Installation, key: str) -> str:
    try:
        return type(advance(here, opening(key))).__name__
    except FAILURES as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        return str(getattr(cause, "sqlite_errorname", type(error).__name__))


def _sign_outcome(here: Installation) -> str:
    try:
        return str(here.signer.sign_pending() is not None)
    except FAILURES as error:
        return type(error).__name__


def _meet(folder: Path, url: str, key: str, minute: int, spent: int) -> NoReturn:
    met: list[str] = []
    with suppress(*FAILURES):
        here = reopened(folder, url, minute)
        with (folder / "scratch").open("wb") as scratch:
            for _ in range(spent):
                SPENDING[sys.argv[3]](scratch.fileno())
        met += _outcome(here, f"{key}-a"), _outcome(here, f"{key}-b"), _sign_outcome(here)
    sys.stdout.write(json.dumps(met) + "\n")
    sys.stdout.flush()
    # At once: SQLite would tidy up if its connections were closed.
    os._exit(0)


def main() -> None:
    """For every line `key minute spent` on the input fork a process that acts twice and signs; print what it met.

    strace fails one system call of each process, counted from its start; `spent` of the same kind are made before
    the acts, so that each call of the acts has its turn.
    """
    folder, url = Path(sys.argv[1]), sys.argv[2]
    database.COMMITS_PER_CHECKPOINT = 2
    for line in sys.stdin:
        key, minute, spent = line.split()
        child = os.fork()
        if child == 0:
            _meet(folder, url, key, int(minute), int(spent))
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
