"""The shared fixtures are the real parts they promise."""

import asyncio

import psycopg
import pytest
from playwright.sync_api import Page
from sqlalchemy import create_engine, text


def test_each_database_is_new(fresh_postgresql: str) -> None:
    """A test that leaves a table behind disturbs no other: the database is its own and speaks UTF-8."""
    with psycopg.connect(fresh_postgresql) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        connection.execute("CREATE TABLE left_behind (name text)")
        word = connection.execute("INSERT INTO left_behind VALUES ('村议') RETURNING name").fetchone()

    assert tables == (0,)
    assert word == ("村议",)


def test_both_kinds_of_database_open_by_their_url(database_url: str) -> None:
    """The URL is one that SQLAlchemy opens as it stands, on SQLite and on PostgreSQL."""
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE left_behind (name text)"))
        count = connection.execute(text("SELECT count(*) FROM left_behind")).scalar_one()
    engine.dispose()

    assert count == 0


@pytest.mark.parametrize("turn", [1, 2])
def test_each_page_is_a_stranger(page: Page, turn: int) -> None:
    """What one test leaves in the browser is gone in the next: each finds nothing and leaves a cookie."""
    found = page.context.cookies()
    page.context.add_cookies([{"name": "left_behind", "value": str(turn), "url": "http://localhost/"}])

    assert found == []
    assert len(page.context.cookies()) == 1


def test_asyncio_still_works_beside_the_browser(request: pytest.FixtureRequest) -> None:
    """Tests with a browser come last, so this one can start an event loop."""

    async def answer() -> int:
        return 42

    order = [
        "browser" in item.fixturenames for item in request.session.items if isinstance(item, pytest.Function)
    ]

    assert order == sorted(order)
    assert asyncio.run(answer()) == 42


def test_the_browser_shows_chinese(page: Page) -> None:
    """The browser runs, speaks Chinese and lives in our time zone."""
    page.set_content("<h1>村务公开</h1>")

    assert page.get_by_role("heading").inner_text() == "村务公开"
    assert page.evaluate("navigator.language") == "zh-CN"
    assert page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone") == "Asia/Shanghai"
