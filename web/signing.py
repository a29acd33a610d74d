"""Signs committed heads in the background, and stops every act when that would tell two histories."""

import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Event, Thread
from typing import Final

import anyio.to_thread
import psycopg
from fastapi import FastAPI, Request
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from web.errors import problem
from web.founding import found
from web.guard.origin import SAFE
from workflow.store.database import ReadOnly
from workflow.store.signing import ForkRefused, Signer

log = logging.getLogger("cunyi.signing")

WORKERS: Final = 4
EVERY: Final = 0.5
"""Seconds between two looks, so that an entry is signed within a second of its commit."""
STILL_OPEN: Final = frozenset({"/login", "/logout", "/large-text"})
REFUSED: Final = (
    "登记簿和已经签过的记录对不上（可能恢复了旧备份，或数据被改动），为保护记录，系统只能看、不能登记。"
    "请马上告诉管理员运行 cunyi verify。"
)
PASSING: Final = (OSError, SQLAlchemyError, sqlite3.Error, psycopg.Error, ReadOnly)
"""What disks and servers may do; it is tried again."""


class Signing:
    """The thread of one process. `refused` is the fork that ended it, if one did; then nothing is recorded."""

    def __init__(self, signer: Signer) -> None:
        self.refused: ForkRefused | None = None
        self._signer = signer
        self._stopping = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Begin; the first look is taken before this returns, so a fork shows from the first request on."""
        self._stopping.clear()
        self.sign()
        self._thread = Thread(target=self._run, name="signing", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread, sign what it has not signed yet, and let another process sign."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self.sign()
        try:
            self._signer.release()
        except PASSING as error:
            log.warning("the next process signs a little later: %s", error)

    def sign(self) -> None:
        """Sign once; a fork ends all signing, anything else is tried again at the next look."""
        if self.refused is not None:
            return
        try:
            self._signer.sign_pending()
        except ForkRefused as error:
            self.refused = error
            log.critical("nothing is signed or recorded any more: %s", error)
        except PASSING as error:
            log.warning("not signed yet: %s", error)

    def _run(self) -> None:
        while self.refused is None and not self._stopping.wait(EVERY):
            self.sign()


@asynccontextmanager
async def while_signing(app: FastAPI) -> AsyncIterator[None]:
    """The application's lifespan: few threads, sign from its start to its end, and see to the first office."""
    # One process, one writer: more threads than this only wait for each other, and the slowest answers come later.
    anyio.to_thread.current_default_thread_limiter().total_tokens = WORKERS
    signing: Signing = app.state.signing
    await run_in_threadpool(signing.start)
    if signing.refused is None:
        await run_in_threadpool(found, app.state.here)
    try:
        yield
    finally:
        await run_in_threadpool(signing.stop)


class OnlyWhileSigning:
    """Refuses (503) whatever records something, once signing was refused; looking and logging in go on."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if (
            scope["type"] == "http"
            and scope["method"] not in SAFE
            and scope["path"] not in STILL_OPEN
            and scope["app"].state.signing.refused is not None
        ):
            await problem(Request(scope), 503, REFUSED)(scope, receive, send)
            return
        await self.app(scope, receive, send)
