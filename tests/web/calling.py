"""Calling the API as one of a village's people."""

import itertools

from starlette.testclient import TestClient

from tests import builders

VILLAGE, OTHER = builders.VILLAGE, "371329105202"
_keys = itertools.count(1)


class Caller:
    """A program with the token of one person."""

    def __init__(self, client: TestClient, token: dict[str, str]) -> None:
        self.client = client
        self.token = token

    def get(self, path: str, **asked: object):
        """A reading request."""
        return self.client.get(f"/api{path}", params=asked, headers=self.token)

    def post(self, path: str, body: object, key: str = ""):
        """A request that records; every call has a key of its own unless told otherwise."""
        headers = {**self.token, "Idempotency-Key": key or f"test-{next(_keys)}"}
        return self.client.post(f"/api{path}", json=body, headers=headers)
