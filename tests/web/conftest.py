"""One installation a test: a real SQLite file, a clock that is set by hand, and people with accounts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from web import store
from web.app import create_app
from web.passwords import Passwords
from web.settings import Settings
from workflow.store.database import Database

PASSWORD = "村口有棵大槐树"
HASH = Passwords().hash_now(PASSWORD)
VILLAGE, OTHER_VILLAGE, TOWNSHIP, COUNTY = "371329105201", "371329105202", "371329105", "371329"


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
class Installation:
    """An application with its database and its clock."""

    database: Database
    watch: Watch
    settings: Settings
    app: FastAPI
    password: ClassVar[str] = PASSWORD

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


@pytest.fixture
def install(tmp_path: Path) -> Iterator[Callable[..., Installation]]:
    """Make an installation with these settings."""
    made: list[Database] = []

    def installation(**given: object) -> Installation:
        database = Database.open(f"sqlite:///{tmp_path / f'cunyi{len(made)}.db'}")
        database.create()
        made.append(database)
        watch, settings = Watch(), Settings(data=tmp_path, **given)
        return Installation(
            database, watch, settings, create_app(settings, database, clock=watch, watch=watch)
        )

    yield installation
    for database in made:
        database.close()


@pytest.fixture
def village(install: Callable[..., Installation]) -> Installation:
    """An installation on this machine with one secretary, 文书小李."""
    place = install()
    place.person()
    return place
