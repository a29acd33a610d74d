"""One application in a process of its own on the first core; the load generator keeps to the second."""

import argparse
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from benchmarks import bare, load, tutorial
from benchmarks.machine import on_core
from tests.builders import Clock
from web.app import create_app
from web.settings import Settings
from workflow.installation import open_at

SERVER_CORE, CLIENT_CORE = 0, 1
KINDS = ("product", "tutorial", "bare")


@contextmanager
def served(kind: str, folder: Path, now: datetime, first: str) -> Iterator[int]:
    """The port of an application, when it has answered a GET of `first`; it ends with the block."""
    with socket.create_server((load.HOST, 0), backlog=2048) as listening:
        port: int = listening.getsockname()[1]
        command = [sys.executable, "-m", "benchmarks.serving", kind, str(folder), now.isoformat()]
        process = subprocess.Popen(
            [*command, str(listening.fileno())],
            cwd=Path(__file__).parent.parent,
            pass_fds=[listening.fileno()],
        )
    try:
        load.ask(port, load.get(port, first))
        yield port
    finally:
        process.terminate()
        process.wait()


def _app(kind: str, folder: Path, now: datetime, port: int) -> FastAPI:
    if kind == "tutorial":
        return tutorial.create_app(folder)
    if kind == "bare":
        return bare.create_app(folder)
    here = open_at(folder, clock=Clock(now))
    return create_app(Settings(data=folder, host=load.HOST, port=port), here)


def main() -> None:
    """Serve until told to stop: one worker, no access log, as `cunyi serve` does."""
    asked = argparse.ArgumentParser()
    asked.add_argument("kind", choices=KINDS)
    asked.add_argument("folder", type=Path)
    asked.add_argument("now", type=datetime.fromisoformat)
    asked.add_argument("descriptor", type=int)
    given = asked.parse_args()
    logging.basicConfig(level=logging.ERROR)
    with socket.socket(fileno=os.dup(given.descriptor)) as listening, on_core(SERVER_CORE):
        app = _app(given.kind, given.folder, given.now, listening.getsockname()[1])
        config = uvicorn.Config(
            app, access_log=False, log_config=None, server_header=False, proxy_headers=False
        )
        uvicorn.Server(config).run([listening])


if __name__ == "__main__":
    main()
