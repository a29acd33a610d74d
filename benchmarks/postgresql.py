"""The tests' own PostgreSQL, but one that syncs: theirs does without, for speed."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from tests import postgresql

DURABLE = "-c fsync=on -c full_page_writes=on -c synchronous_commit=on -c max_connections=60 -c shared_buffers=128MB"


@contextmanager
def durable_server() -> Iterator[str]:
    """The URL of a running server whose commits are on the disk."""
    with mock.patch.object(postgresql, "SETTINGS", DURABLE), postgresql.server() as url:
        yield url
