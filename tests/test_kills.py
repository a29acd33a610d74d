"""Nothing lost, nothing twice: processes killed, connections cut and backends ended in the middle of an act."""

import hashlib
import signal
from dataclasses import replace
from pathlib import Path
from random import Random

import psycopg
import pytest
import sqlalchemy
from sqlalchemy.exc import DBAPIError

from tests.builders import COUNTY, Clock, village
from tests.proxy import Cut, Proxy, proxied
from tests.writer import LIBRARY, die_at, die_unanswered, opening, reopened, rest, started, write
from workflow.advance import advance
from workflow.core.summary import Summary
from workflow.installation import Installation, create
from workflow.request import Receipt
from workflow.store import matters, register
from workflow.store.database import driver
from workflow.verify import verify

LONGEST_WORK = 4_000_000


@pytest.fixture
def home(database_url: str, tmp_path: Path) -> Path:
    """The folder of an installation with one village that nobody has open, on each kind of database."""
    made = create(tmp_path / "home", COUNTY, "临沭县", url=database_url, library=LIBRARY, clock=Clock())
    village(made)
    made.database.close()
    return tmp_path / "home"


def size(here: Installation) -> int:
    """How many entries the head counts."""
    with here.database.reading() as conn:
        return register.head(conn).size


def submitted(here: Installation, key: str) -> Receipt:
    """The receipt for an opening under this key, sent for the first time or again."""
    answer = advance(here, opening(key))
    assert isinstance(answer, Receipt), answer
    return answer


def assert_sound(here: Installation) -> None:
    """The stored leaves lead to the head, nothing stands in the way of signing it, and every check is passed."""
    here.signer.sign_pending()
    assert here.signer.status().state == "signed"
    report = verify(here)
    assert (report.findings, report.uncovered) == ((), ())


def killed_while_writing(home: Path, url: str, minute: int, chance: Random) -> None:
    """One round: a writer is killed, and the next process finds every receipt and at most one entry more."""
    here = reopened(home, url, minute)
    before = size(here)
    here.database.close()
    writer, ours = started(write, home, url, f"round-{minute}", minute)
    acks = [ours.recv() for _ in range(1 + chance.randrange(4))]
    # Work of any length, so that the kill comes at any point of an act.
    hashlib.sha256(bytes(chance.randrange(LONGEST_WORK)))
    writer.kill()
    writer.join()
    acks += rest(ours)
    assert writer.exitcode == -signal.SIGKILL
    assert acks == [(f"round-{minute}-{each}", before + each) for each in range(len(acks))]

    here = reopened(home, url, minute + 1)
    for key, seq in acks:
        again = submitted(here, key)
        assert (again.repeated, again.entry.seq) == (True, seq)
    last = submitted(here, f"round-{minute}-{len(acks)}")
    assert submitted(here, last.entry.key).repeated
    assert size(here) == before + len(acks) + 1
    here.signer.sign_pending()
    assert here.signer.status().state == "signed"
    here.database.close()


def killed_again_and_again(home: Path, url: str, rounds: int) -> None:
    """Rounds of kills, and every check at their end."""
    chance = Random(rounds)
    for number in range(rounds):
        killed_while_writing(home, url, 2 * number, chance)
    here = reopened(home, url, 2 * rounds)
    assert_sound(here)
    here.database.close()


def test_a_killed_writer_loses_nothing(home: Path, database_url: str):
    """However it is killed (-9), every receipt stands, one entry at most is unacknowledged and its key tells."""
    killed_again_and_again(home, database_url, 6)


@pytest.mark.prove
def test_writers_killed_again_and_again_lose_nothing(home: Path, database_url: str, prove_rounds: int):
    """The same for a tenth of the rounds of a proof, each killed at a moment of its own."""
    killed_again_and_again(home, database_url, max(6, prove_rounds // 10))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_writer_killed_at_any_statement(home: Path, database_url: str):
    """It dies as each SQLite statement of an act and of its signature begins: up to COMMIT nothing has happened,
    then everything, and the next process records and signs either way.
    """
    died_at: list[str] = []
    while True:
        minute = 2 * len(died_at)
        key = f"statement-{minute}"
        writer, ours = started(die_at, home, database_url, key, minute, len(died_at) + 1)
        writer.join()
        told = rest(ours)
        if writer.exitcode == 0:
            break
        died_at.append(told[-1])
        here = reopened(home, database_url, minute + 1)
        before = size(here)
        again = submitted(here, key)
        assert again.repeated == ("receipt" in told)
        assert size(here) == before + (not again.repeated)
        assert_sound(here)
        here.database.close()

    assert "signed" in told
    assert [each.split()[0] for each in died_at].count("COMMIT") == 2
    assert {each.split()[2] for each in died_at if each.startswith("INSERT")} == {
        "entry", "private_text", "matter", "lease", "checkpoint",
    }  # fmt: skip


def test_a_writer_killed_between_commit_and_answer(home: Path, database_url: str):
    """The entry nobody heard of is there, once, and the key brings its receipt."""
    writer, ours = started(die_unanswered, home, database_url, "unanswered", 0)
    writer.join()
    assert (writer.exitcode, rest(ours)) == (-signal.SIGKILL, [])

    here = reopened(home, database_url, 1)
    before = size(here)
    again = submitted(here, "unanswered")
    assert (again.repeated, again.entry.seq, size(here)) == (True, before - 1, before)
    assert_sound(here)
    here.database.close()


def cut_while_committing(here: Installation, proxy: Proxy, key: str, cut: Cut) -> bool:
    """One act whose connection is cut at COMMIT, sent again with its key; whether the first had been recorded."""
    before = size(here)
    proxy.cut = cut
    with pytest.raises((DBAPIError, psycopg.OperationalError)):
        advance(here, opening(key))
    assert proxy.cut == ""
    again = submitted(here, key)
    assert submitted(here, key) == replace(again, repeated=True)
    assert size(here) == before + 1
    return again.repeated


def cut_again_and_again(postgresql: str, home: Path, rounds: int) -> None:
    """Cuts before COMMIT has reached the server, as it does, and after the server has answered."""
    create(home, COUNTY, "临沭县", url=postgresql, library=LIBRARY, clock=Clock()).close()
    with proxied(postgresql) as (proxy, url):
        here = reopened(home, url)
        village(here)
        for number in range(rounds):
            assert not cut_while_committing(here, proxy, f"before-{number}", "before")
            cut_while_committing(here, proxy, f"sent-{number}", "sent")
            assert cut_while_committing(here, proxy, f"answered-{number}", "answered")
        assert_sound(here)
        here.database.close()


def test_a_connection_cut_at_commit(fresh_postgresql: str, tmp_path: Path):
    """The act fails with an error, whatever became of it; sent again with its key it is one entry."""
    cut_again_and_again(fresh_postgresql, tmp_path / "home", 5)


@pytest.mark.prove
def test_connections_cut_again_and_again(fresh_postgresql: str, tmp_path: Path, prove_rounds: int):
    """The same for a tenth of the rounds of a proof."""
    cut_again_and_again(fresh_postgresql, tmp_path / "home", max(5, prove_rounds // 10))


def test_a_backend_ended_in_mid_act(fresh_postgresql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """An act whose backend is ended between the entry and its row in the lists leaves neither; sent again it is whole."""
    here = create(tmp_path / "home", COUNTY, "临沭县", url=fresh_postgresql, library=LIBRARY, clock=Clock())
    village(here)
    before = size(here)
    put = matters.put

    def ended_first(conn: sqlalchemy.Connection, summary: Summary, title: str) -> None:
        assert register.by_key(conn, "ended") is not None
        with psycopg.connect(fresh_postgresql) as other:
            other.execute("SELECT pg_terminate_backend(%s, 10000)", (driver(conn).info.backend_pid,))
        put(conn, summary, title)

    with monkeypatch.context() as patched:
        patched.setattr(matters, "put", ended_first)
        with pytest.raises((DBAPIError, psycopg.OperationalError)):
            advance(here, opening("ended"))
    assert size(here) == before
    again = submitted(here, "ended")
    assert (again.repeated, again.entry.seq, size(here)) == (False, before, before + 1)
    assert_sound(here)
    here.close()
