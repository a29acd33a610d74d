"""The load generator: a bounded number of requests over keep-alive connections to this machine, from one process.

Closed loop: every client sends its next request when it has its answer. Open loop: requests fall due at a fixed rate
whatever the server does, and a latency counts from the moment the request was due, not from when it could be sent.
"""

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from benchmarks.pairs import Sample

HOST = "127.0.0.1"
TIMEOUT = 10.0
_BROKEN = (OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes


def get(port: int, path: str, cookie: str = "") -> bytes:
    """The bytes of a GET."""
    return _request("GET", port, path, cookie, "").encode()


def post(port: int, path: str, form: Sequence[tuple[str, str]], cookie: str = "") -> bytes:
    """The bytes of a form as a browser sends it from a page of the same site."""
    body = urlencode(form).encode()
    more = (
        f"Origin: http://{HOST}:{port}\r\nSec-Fetch-Site: same-origin\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
    )
    return _request("POST", port, path, cookie, more).encode() + body


def _request(method: str, port: int, path: str, cookie: str, more: str) -> str:
    sent = f"Cookie: sid={cookie}\r\n" if cookie else ""
    return f"{method} {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\nAccept: text/html\r\n{sent}{more}\r\n"


def drive(
    port: int, requests: Sequence[bytes], clients: int, wanted: int, rate: float | None = None
) -> Sample:
    """Send every request once, and time those that are answered with the `wanted` status."""
    return asyncio.run(_Drive(port, wanted, iter(enumerate(requests)), rate).run(clients))


def ask(port: int, request: bytes) -> Answer:
    """Send one request, with time for the server to start."""

    async def once() -> Answer:
        reader, writer = await asyncio.open_connection(HOST, port)
        writer.write(request)
        answer = await asyncio.wait_for(_read(reader), 60)
        writer.close()
        return answer

    return asyncio.run(once())


@dataclass
class _Drive:
    port: int
    wanted: int
    requests: Iterator[tuple[int, bytes]]
    rate: float | None
    seconds: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    timeouts: int = 0
    start: float = 0.0

    async def run(self, clients: int) -> Sample:
        self.start = time.perf_counter()
        await asyncio.gather(*(self._client() for _ in range(clients)))
        return Sample(self.seconds, time.perf_counter() - self.start, self.errors, self.timeouts)

    async def _client(self) -> None:
        for first in self.requests:
            reader, writer = await asyncio.open_connection(HOST, self.port)
            try:
                await self._talk(reader, writer, itertools.chain([first], self.requests))
            except TimeoutError:
                self.timeouts += 1
            except _BROKEN as error:
                self.errors[type(error).__name__] += 1
            finally:
                writer.close()

    async def _talk(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        requests: Iterator[tuple[int, bytes]],
    ) -> None:
        for number, request in requests:
            since = time.perf_counter()
            if self.rate is not None:
                since = self.start + number / self.rate
                await asyncio.sleep(since - time.perf_counter())
            writer.write(request)
            answer = await asyncio.wait_for(_read(reader), TIMEOUT)
            if answer.status == self.wanted:
                self.seconds.append(time.perf_counter() - since)
            else:
                self.errors[f"status {answer.status}"] += 1


async def _read(reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    status, *lines = head.split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines if line)
    return Answer(int(status.split(" ", 2)[1]), await reader.readexactly(int(headers["content-length"])))
