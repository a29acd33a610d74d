"""Documents: named by their bytes, whole or absent."""

import io
import stat
from pathlib import Path

import pytest

from workflow.core.entry import digest
from workflow.store.documents import Documents, TooLarge


@pytest.fixture
def documents(tmp_path: Path) -> Documents:
    """An empty folder of documents."""
    return Documents(tmp_path / "data" / "documents")


@pytest.mark.parametrize("size", [0, 1, 1 << 20, (1 << 20) + 1])
def test_kept_under_their_digest(documents: Documents, size: int):
    """What is put is found whole under the SHA-256 of its bytes, up to exactly the limit."""
    body = b"x" * size
    stored = documents.put(io.BytesIO(body), limit=size)
    assert stored == (digest(body), size)
    assert documents.path(stored.digest).read_bytes() == body
    assert documents.verify(stored.digest) == "whole"


def test_too_large_leaves_nothing(documents: Documents):
    """One byte more than the limit is refused and no file stays."""
    with pytest.raises(TooLarge):
        documents.put(io.BytesIO(b"x" * 11), limit=10)
    assert list(documents.folder.rglob("*")) == []


def test_a_source_that_breaks_leaves_nothing(documents: Documents):
    """When the upload breaks off no file stays."""

    class Broken:
        def read(self, size: int) -> bytes:
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        documents.put(Broken(), limit=10)
    assert list(documents.folder.rglob("*")) == []


def test_the_same_bytes_are_one_file(documents: Documents):
    """Putting the same bytes again keeps one file, and repairs it if it was changed."""
    first = documents.put(io.BytesIO(b"photo"), limit=10)
    documents.path(first.digest).write_bytes(b"other")
    assert documents.verify(first.digest) == "changed"
    assert documents.put(io.BytesIO(b"photo"), limit=10) == first
    assert documents.verify(first.digest) == "whole"
    assert len([path for path in documents.folder.rglob("*") if path.is_file()]) == 1


def test_missing_is_a_finding(documents: Documents):
    """A document that was never put, or is gone, is missing; it is no exception."""
    assert documents.verify(digest(b"never")) == "missing"


def test_files_belong_to_the_owner_alone(documents: Documents):
    """Nobody else can read documents."""
    stored = documents.put(io.BytesIO(b"photo"), limit=10)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (documents.folder, documents.path(stored.digest))]
    assert modes == [0o700, 0o600]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a" * 64,
        "sha256:../../etc/passwd",
        "sha256:" + "A" * 64,
        "sha256:" + "a" * 63,
        "sha256:" + "a" * 64 + "\n",
    ],
)
def test_other_names_are_refused(documents: Documents, name: str):
    """Only a digest leads to a path."""
    with pytest.raises(ValueError, match="digest"):
        documents.path(name)
