"""What many tests ask for: a database of either kind, a browser, and how long to search."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from playwright.sync_api import Browser, Page

from tests import browser as browsers
from tests import postgresql

PROVE_ROUNDS = int(os.environ.get("PROVE_ROUNDS", "2000"))

# The same examples in every run; a long search is what the tests marked `prove` are for.
hypothesis.settings.register_profile("quick", derandomize=True, deadline=None, max_examples=50)
hypothesis.settings.load_profile("quick")

_numbers = itertools.count(1)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks tests by the parts they ask for, and puts those with a browser last.

    Once playwright's synchronous interface has started, its event loop counts as running in this thread, and
    no other can start: what uses asyncio must have run before.
    """
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        if "browser" in asked:
            item.add_marker("browser")
        if "postgresql_url" in asked:
            item.add_marker("postgresql")
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture
def prove_rounds() -> int:
    """How many rounds a test marked `prove` searches."""
    return PROVE_ROUNDS


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The URL of a real PostgreSQL server, one for each test process."""
    with postgresql.server() as url:
        yield url


@pytest.fixture
def fresh_postgresql(postgresql_url: str) -> Iterator[str]:
    """The URL of an empty PostgreSQL database."""
    with postgresql.database(postgresql_url, f"cunyi_{next(_numbers)}") as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database: the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'cunyi.db'}"
    return str(request.getfixturevalue("fresh_postgresql"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium. Without one the test is skipped, or fails if CUNYI_REQUIRE_BROWSER=1."""
    path = browsers.executable()
    if path is None:
        reason = f"no browser on the path: install one of {', '.join(browsers.NAMES)}"
        if os.environ.get("CUNYI_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with browsers.chromium(path) as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a browser that remembers nothing of other tests."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    yield context.new_page()
    context.close()
