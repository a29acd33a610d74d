"""The HTTP server killed in mid-act: a program that sends its request again loses nothing and does nothing twice."""

import hashlib
import json
import signal
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.builders import COUNTY, VILLAGE, Clock, village
from tests.lives import OPENING
from tests.serving import serve
from tests.writer import DAY, LIBRARY, reopened, started
from web import store
from workflow.installation import create
from workflow.store import register
from workflow.verify import verify

LONGEST_WORK = 8_000_000
BODY = json.dumps({"facts": dict(OPENING), "acted_on": DAY.isoformat()})


@pytest.fixture
def home(database_url: str, tmp_path: Path) -> Path:
    """The folder of an installation with one village that nobody has open, on each kind of database."""
    made = create(tmp_path / "home", COUNTY, "临沭县", url=database_url, library=LIBRARY, clock=Clock())
    village(made)
    made.database.close()
    return tmp_path / "home"


@pytest.fixture
def token(home: Path, database_url: str) -> str:
    """A token with which a program acts for the village's secretary."""
    here = reopened(home, database_url)
    now = here.clock()
    with here.database.writing() as conn:
        person = store.create_account(
            conn, name="书记", display="王书记", group="secretary", scope=VILLAGE, place_name="张庄村", now=now,
            person="p_secretary",
        )  # fmt: skip
        token = store.issue_token(conn, person, "act", "test", now, timedelta(days=30))
    here.database.close()
    return token


class Program:
    """A program at its end of one connection."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", port)
        self._token = token

    def send(self, key: str) -> None:
        """Ask for a matter to be opened, all but hearing the answer."""
        headers = {
            "Authorization": f"Bearer {self._token}", "Idempotency-Key": key, "Content-Type": "application/json",
        }  # fmt: skip
        self._connection.request("POST", f"/api/places/{VILLAGE}/matters", BODY, headers)

    def answer(self) -> dict[str, Any] | None:
        """The receipt, or None if the connection broke before it was here."""
        try:
            response = self._connection.getresponse()
            body = json.loads(response.read())
        except (HTTPException, OSError):
            return None
        finally:
            self._connection.close()
        assert response.status == 200, body
        return dict(body["receipt"])

    def open(self, key: str) -> dict[str, Any] | None:
        """The receipt for a matter opened under this key."""
        self.send(key)
        return self.answer()


def servers_killed(home: Path, url: str, token: str, rounds: int) -> None:
    """Rounds of a server that is killed while it acts; the next one is asked for everything again."""
    chance = Random(rounds)
    asked: dict[str, dict[str, Any] | None] = {}
    here = reopened(home, url)
    with here.database.reading() as conn:
        before = register.head(conn).size
    for number in range(rounds + 1):
        process, told = started(serve, home, url, number)
        program = Program(told.recv(), token)
        for key in sorted(asked)[-4:]:
            again = program.open(key)
            assert again is not None
            assert asked[key] in (None, again)
            asked[key] = again
        if number == rounds:
            process.terminate()
        else:
            for each in range(1 + chance.randrange(3)):
                asked[f"round-{number:04}-{each}"] = program.open(f"round-{number:04}-{each}")
            program.send(f"round-{number:04}-last")
            # Work of any length, so that the kill comes at any point of the act.
            hashlib.sha256(bytes(chance.randrange(LONGEST_WORK)))
            process.kill()
            asked[f"round-{number:04}-last"] = program.answer()
        process.join()
        told.close()
        # uvicorn ends itself by the signal, after an orderly end.
        assert process.exitcode == -(signal.SIGTERM if number == rounds else signal.SIGKILL)

    assert None not in asked.values()
    assert sorted(each["seq"] for each in asked.values() if each) == list(range(before, before + len(asked)))
    with here.database.reading() as conn:
        assert register.head(conn).size == before + len(asked)
    report = verify(here)
    assert (report.findings, report.uncovered) == ((), ())
    here.database.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_killed_server_loses_nothing(home: Path, database_url: str, token: str):
    """Every receipt that was sent stands, and what was not answered is one entry once it is sent again."""
    servers_killed(home, database_url, token, 1)


@pytest.mark.prove
def test_servers_killed_again_and_again_lose_nothing(
    home: Path, database_url: str, token: str, prove_rounds: int
):
    """The same for a hundredth of the rounds of a proof, on both kinds of database."""
    servers_killed(home, database_url, token, max(3, prove_rounds // 100))
