"""Attached files, each named by the SHA-256 of its bytes, in one shared folder."""

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import Final, Literal, NamedTuple, Protocol

from workflow.store.files import sync_folder

_CHUNK: Final = 1 << 20
_DIGEST: Final = re.compile(r"sha256:([0-9a-f]{64})")


class Source(Protocol):
    """Anything bytes can be read from."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""


class Stored(NamedTuple):
    """A kept file: `sha256:<hex>` and its size in bytes."""

    digest: str
    size: int


class TooLarge(Exception):
    """The file has more bytes than allowed; nothing of it was kept."""


class Documents:
    """The folder; it is made if it does not exist, for the owner only."""

    def __init__(self, folder: Path) -> None:
        self.folder: Final = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def put(self, source: Source, limit: int) -> Stored:
        """Keep the bytes of `source`, at most `limit`; they are on the disk when this returns.

        Call it before the transaction whose entry names the digest commits. Raises TooLarge.
        """
        descriptor, name = tempfile.mkstemp(prefix=".", suffix=".new", dir=self.folder)
        try:
            with os.fdopen(descriptor, "wb") as file:
                hashing, size = hashlib.sha256(), 0
                while chunk := source.read(_CHUNK):
                    size += len(chunk)
                    if size > limit:
                        raise TooLarge(f"more than {limit} bytes")
                    hashing.update(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            stored = Stored("sha256:" + hashing.hexdigest(), size)
            path = self.path(stored.digest)
            path.parent.mkdir(mode=0o700, exist_ok=True)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        sync_folder(path.parent)
        sync_folder(self.folder)
        return stored

    def path(self, digest: str) -> Path:
        """Where the file with this digest is, or would be; ValueError for anything but `sha256:<hex>`."""
        match = _DIGEST.fullmatch(digest)
        if match is None:
            raise ValueError("not the digest of a document")
        return self.folder / match[1][:2] / match[1]

    def verify(self, digest: str) -> Literal["whole", "missing", "changed"]:
        """Read the file again and compare it with its name."""
        try:
            with self.path(digest).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            return "missing"
        return "whole" if digest == f"sha256:{found}" else "changed"
