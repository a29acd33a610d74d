"""One installation a test: a real SQLite file, a clock that is set by hand, and people with accounts."""

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest
import uvicorn
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests import builders
from tests.web.calling import Caller
from web import store
from web.app import create_app
from web.passwords import Passwords
from web.settings import Settings
from workflow.installation import Installation, create
from workflow.library import Library
from workflow.shelves import SHIPPED
from workflow.store.database import Database

PASSWORD = "村口有棵大槐树"
HASH = Passwords().hash_now(PASSWORD)
VILLAGE, COUNTY = "371329105201", "371329"


@dataclass
class Watch:
    """A clock that stands still until it is moved."""

    now: datetime = field(default_factory=lambda: datetime(2026, 3, 1, 2, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        """The instant now."""
        return self.now

    def forward(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)


@dataclass
class House:
    """An application with its installation and its clock."""

    here: Installation
    watch: Watch
    settings: Settings
    app: FastAPI
    password: ClassVar[str] = PASSWORD

    @property
    def database(self) -> Database:
        """The database of the installation."""
        return self.here.database

    def person(self, name: str = "文书小李", group: str = "secretary", scope: str = VILLAGE) -> str:
        """An account with the password of the tests; returns its person id."""
        with self.database.writing() as conn:
            person = store.create_account(
                conn,
                name=name,
                display=name,
                group=group,
                scope=scope,
                place_name="青山镇张庄村",
                now=self.watch.now,
            )
            store.set_password(conn, person, HASH)
        return person

    def token(self, person: str, scope: str = "read", **lifetime: float) -> dict[str, str]:
        """The header of a new token."""
        with self.database.writing() as conn:
            span = timedelta(**(lifetime or {"days": 30}))
            token = store.issue_token(conn, person, scope, "test", self.watch.now, span)
        return {"Authorization": f"Bearer {token}"}

    def client(self, **options: object) -> TestClient:
        """A browser that follows nothing by itself."""
        base = self.settings.url if self.settings.tls else "http://localhost"
        return TestClient(self.app, base_url=base, follow_redirects=False, **options)

    def logged_in(self, name: str = "文书小李") -> TestClient:
        """A browser with an open session."""
        client = self.client()
        answer = client.post("/login", data={"name": name, "password": PASSWORD})
        assert answer.status_code == 303
        return client


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The address at which an application is served until the end of the block."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, server_header=False))
    listening = socket.create_server(("127.0.0.1", 0))
    thread = Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


@pytest.fixture
def serve() -> Callable[[FastAPI], AbstractContextManager[str]]:
    """How to serve an application to a real browser."""
    return served


@pytest.fixture(scope="session")
def library() -> Library:
    """The shipped procedures, read once."""
    return Library(SHIPPED)


@pytest.fixture
def install(tmp_path: Path, library: Library) -> Iterator[Callable[..., House]]:
    """Make an installation with these settings."""
    made: list[Installation] = []

    def house(**given: object) -> House:
        folder, watch = tmp_path / f"data{len(made)}", Watch()
        here = create(folder, f"{COUNTY}000000", "兰溪县", library=library, clock=watch)
        made.append(here)
        settings = Settings(data=folder, **given)
        return House(here, watch, settings, create_app(settings, here, watch=watch))

    yield house
    for here in made:
        here.close()


@pytest.fixture
def village(install: Callable[..., House]) -> House:
    """An installation on this machine with one secretary, 文书小李."""
    place = install()
    place.person()
    return place


@pytest.fixture
def house(install: Callable[..., House]):
    """An installation with the whole village on record, its people with accounts, and a neighbouring village."""
    place = install()
    ids = {
        "secretary": place.person("书记", "secretary"),
        "clerk": place.person("文书", "secretary"),
        "vsc_chair": place.person("监委会主任", "committee"),
        "township_officer": place.person("镇街审核员", "township", builders.VILLAGE[:9]),
        "administrator": place.person("管理员", "administrator", builders.VILLAGE[:6]),
    }
    place.people = builders.village(place.here, builders.People(**ids))
    return place


@pytest.fixture
def callers(house) -> Callable[..., Caller]:
    """How to call as one of the people."""
    client = house.client()

    def caller(who: str, scope: str = "act") -> Caller:
        return Caller(client, house.token(getattr(house.people, who), scope))

    return caller


@pytest.fixture
def matter(house) -> str:
    """A matter just opened."""
    return builders.life(house.here, house.people, "opened")
