"""A TCP proxy before PostgreSQL's socket that cuts a connection at its COMMIT."""

import contextlib
import select
import socket
from collections.abc import Iterator
from threading import Thread
from typing import Literal
from urllib.parse import parse_qs, urlsplit

Cut = Literal["", "before", "sent", "answered"]
COMMIT = b"Q\0\0\0\x0bCOMMIT\0"
"""A simple query as it is sent: kind, length, text."""


class Proxy:
    """Passes everything on until `cut` is set; the next COMMIT then ends its connection, once.

    "before": the COMMIT never reaches the server. "sent": it does, and nobody waits for the answer.
    "answered": the server has answered, the client never hears it.
    """

    def __init__(self, server: str) -> None:
        self.cut: Cut = ""
        self._server = server
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._accepting = Thread(target=self._accept)
        self._accepting.start()

    def close(self) -> None:
        """Accept no more; a connection ends when one of its sides does."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._accepting.join()
        self._listening.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                Thread(target=self._pass_on, args=(client,), daemon=True).start()

    def _pass_on(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server, contextlib.suppress(ConnectionError):
            server.connect(self._server)
            while True:
                for one in select.select([client, server], [], [])[0]:
                    data = one.recv(65536)
                    cut = self.cut if one is client and COMMIT in data else ""
                    if data and cut != "before":
                        (server if one is client else client).sendall(data)
                    if cut == "answered":
                        server.recv(65536)
                    if cut:
                        self.cut = ""
                    if cut or not data:
                        return


@contextlib.contextmanager
def proxied(url: str) -> Iterator[tuple[Proxy, str]]:
    """A proxy before the server of `url` (one with the folder of its socket), and the URL through it."""
    parts = urlsplit(url)
    proxy = Proxy(parse_qs(parts.query)["host"][0] + "/.s.PGSQL.5432")
    try:
        yield proxy, f"postgresql://postgres@127.0.0.1:{proxy.port}{parts.path}"
    finally:
        proxy.close()
