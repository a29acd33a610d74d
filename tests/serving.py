"""A real HTTP server in a process of its own."""

import socket
from multiprocessing.connection import Connection
from pathlib import Path

import uvicorn

from tests.builders import Clock
from tests.writer import reopened
from web.app import create_app
from web.settings import Settings


def serve(folder: Path, url: str, minute: int, told: Connection) -> None:
    """Serve the installation on a free port of this machine, which is told, until the process is ended."""
    here = reopened(folder, url, minute)
    app = create_app(Settings(data=folder, database=url), here, watch=Clock())
    server = uvicorn.Server(uvicorn.Config(app, log_config=None))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        told.send(listening.getsockname()[1])
        server.run([listening])
