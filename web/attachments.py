"""What people attach: five kinds of file, each judged by its name, its first bytes and its structure, then kept.

The limits are those of our threat model: 20 MB a file; pictures up to 40 million pixels; office files (which are
zip archives) up to 2 000 members and 200 MB unpacked, at most 100 times their packed size, without macros, without
links that open by themselves.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, Final
from xml.etree import ElementTree

from workflow.installation import Installation
from workflow.published import MEDIA_TYPE
from workflow.reading.yaml_text import MOST_BYTES
from workflow.store import register
from workflow.store.database import run
from workflow.store.documents import TooLarge

LARGEST: Final = 20 * 1024 * 1024
MOST_PIXELS: Final = 40_000_000
MOST_MEMBERS: Final = 2_000
MOST_UNPACKED: Final = 200 * 1024 * 1024
MOST_RATIO: Final = 100
LONGEST_NAME: Final = 120
_NAMED: Final = (
    "ON CONFLICT (digest) DO UPDATE SET name_private = coalesce(document.name_private, excluded.name_private)"
)
_TEXTS: Final = frozenset({".yaml", ".yml"})
_CHUNK: Final = 1 << 20
_RELATIONSHIPS_AT_MOST: Final = 1 << 20
_SYMLINK: Final = 0o120000
_ENCRYPTED: Final = 0x1
_PDF_END: Final = 2048
_JPEG_SIZES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_BARE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_MARK, _JPEG_LENGTH, _JPEG_DATA = 0xFF, 2, (0xD9, 0xDA)
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


class Rejected(ValueError):
    """The file is not kept; `str()` says why in Chinese, for the person who chose it."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A kept file: `sha256:<hex>`, size in bytes, media type, and the name it was uploaded under."""

    digest: str
    size: int
    kind: str
    name: str


def keep(here: Installation, file: IO[bytes], filename: str, *, named: bool = True) -> Attached:
    """Judge a file and keep it under its digest, with its row in the document table. Raises `Rejected`.

    Without `named` the name is forgotten: the name of an objector's file may be the objector's.
    """
    name = _UNSEEN.sub("", PurePath(filename.replace("\\", "/")).name).strip()[-LONGEST_NAME:]
    suffix = PurePath(name).suffix.lower()
    if suffix not in _KINDS:
        raise Rejected(f"“{name}”不能上传；可以传照片（jpg、png）、PDF、Word（docx）、Excel（xlsx）")
    kind, judge = _KINDS[suffix]
    size = file.seek(0, 2)
    if size > LARGEST:
        raise Rejected(f"“{name}”超过 20 MB；请缩小，或分开上传")
    if size == 0:
        raise Rejected(f"“{name}”是空的，请重新选择")
    file.seek(0)
    try:
        judge(file)
    except (_Broken, struct.error) as fault:
        words = str(fault) if isinstance(fault, _Broken) else ""
        raise Rejected(f"“{name}”打不开：{words or '内容不完整'}。请重新拍照或另存一份再上传") from None
    file.seek(0)
    stored = here.documents.put(file, LARGEST)
    with here.database.writing() as conn:
        insert = "INSERT INTO document (digest, size, kind, name_private) VALUES (?, ?, ?, ?)"
        run(conn, f"{insert} {_NAMED}", (stored.digest, stored.size, kind, name if named else None))
    return Attached(stored.digest, stored.size, kind, name)


def keep_text(here: Installation, file: IO[bytes], filename: str) -> Attached:
    """Keep a procedure, layer or catalogue as YAML; what it says is judged by the act that names it. Raises `Rejected`."""
    name = _UNSEEN.sub("", PurePath(filename.replace("\\", "/")).name).strip()[-LONGEST_NAME:]
    if PurePath(name).suffix.lower() not in _TEXTS:
        raise Rejected(f"“{name}”不能上传；这里只传程序文本（yaml）")
    if file.seek(0, 2) == 0:
        raise Rejected(f"“{name}”是空的，请重新选择")
    file.seek(0)
    try:
        stored = here.documents.put(file, MOST_BYTES)
    except TooLarge:
        raise Rejected(f"“{name}”超过 {MOST_BYTES // 1024} KB，不是一份程序文本") from None
    with here.database.writing() as conn:
        register.put_document(conn, stored.digest, stored.size, MEDIA_TYPE, name)
    return Attached(stored.digest, stored.size, MEDIA_TYPE, name)


class _Broken(Exception):
    """Why a file is not what its name says, in Chinese."""


def _read(file: IO[bytes], size: int) -> bytes:
    data = file.read(size)
    if len(data) < size:
        raise _Broken
    return data


def _pixels(width: int, height: int) -> None:
    if not width or not height:
        raise _Broken
    if width * height > MOST_PIXELS:
        raise _Broken(f"照片有 {width}×{height} 点，超过四千万点")


def _png(file: IO[bytes]) -> None:
    if _read(file, 8) != b"\x89PNG\r\n\x1a\n":
        raise _Broken("不是 png 照片")
    length, kind = struct.unpack(">I4s", _read(file, 8))
    if (length, kind) != (13, b"IHDR"):
        raise _Broken
    _pixels(*struct.unpack(">II", _read(file, 8)))
    file.seek(5 + 4, 1)
    while kind != b"IEND":
        length, kind = struct.unpack(">I4s", _read(file, 8))
        if length > LARGEST:
            raise _Broken
        file.seek(length, 1)
        _read(file, 4)


def _jpeg(file: IO[bytes]) -> None:
    if _read(file, 2) != b"\xff\xd8":
        raise _Broken("不是 jpg 照片")
    while True:
        mark, code = _read(file, 2)
        if mark != _MARK:
            raise _Broken
        if code == _MARK:
            file.seek(-1, 1)
            continue
        if code in _JPEG_BARE:
            continue
        (length,) = struct.unpack(">H", _read(file, 2))
        if code in _JPEG_SIZES:
            _, height, width = struct.unpack(">BHH", _read(file, 5))
            return _pixels(width, height)
        if code in _JPEG_DATA or length < _JPEG_LENGTH:
            raise _Broken
        file.seek(length - _JPEG_LENGTH, 1)


def _pdf(file: IO[bytes]) -> None:
    if _read(file, 5) != b"%PDF-":
        raise _Broken("不是 PDF 文件")
    file.seek(max(0, file.seek(0, 2) - _PDF_END))
    if b"%%EOF" not in file.read():
        raise _Broken


def _office(main: str) -> Callable[[IO[bytes]], None]:
    def judge(file: IO[bytes]) -> None:
        try:
            with zipfile.ZipFile(file) as archive:
                _members(archive, main)
        except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError, zlib.error):
            raise _Broken from None

    return judge


def _members(archive: zipfile.ZipFile, main: str) -> None:
    found = archive.infolist()
    names = [each.filename for each in found]
    if len(found) > MOST_MEMBERS or len(set(names)) < len(names):
        raise _Broken("里面的文件太多")
    if main not in names or "[Content_Types].xml" not in names:
        raise _Broken("不是这种文件")
    packed, room = sum(each.compress_size for each in found), MOST_UNPACKED
    for each in found:
        parts = each.filename.replace("\\", "/").split("/")
        if ".." in parts or parts[0] == "" or ":" in each.filename:
            raise _Broken
        if each.external_attr >> 16 & 0o170000 == _SYMLINK or each.flag_bits & _ENCRYPTED:
            raise _Broken("有密码或有链接")
        if "vbaproject" in each.filename.lower():
            raise _Broken("带有宏，请另存为不带宏的文件")
        kept, size = _unpacked(archive, each, room)
        room -= size
        if MOST_UNPACKED - room > MOST_RATIO * max(packed, 1):
            raise _Broken("压缩得太厉害")
        if each.filename.lower().endswith(".rels"):
            _relationships(kept)
        if each.filename == "[Content_Types].xml" and b"macroenabled" in kept.lower():
            raise _Broken("带有宏，请另存为不带宏的文件")


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, room: int) -> tuple[bytes, int]:
    """The first bytes of a member and its size as read, never as announced."""
    kept, size = b"", 0
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > room:
                raise _Broken("解开后太大")
            if len(kept) < _RELATIONSHIPS_AT_MOST:
                kept += chunk
    return kept, size


def _relationships(data: bytes) -> None:
    """Refuse what an office program would fetch by itself; a hyperlink waits for somebody to follow it."""
    if b"\0" in data or b"<!" in data.replace(b"<!--", b"") or len(data) > _RELATIONSHIPS_AT_MOST:
        raise _Broken
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 (no document type, so no entities)
    except (ElementTree.ParseError, ValueError, LookupError):
        raise _Broken from None
    for each in root.iter():
        outside = each.get("TargetMode", "").lower() == "external"
        if outside and not each.get("Type", "").endswith("/hyperlink"):
            raise _Broken("里面有指向外面的链接")


_KINDS: Final[Mapping[str, tuple[str, Callable[[IO[bytes]], None]]]] = {
    ".jpg": ("image/jpeg", _jpeg),
    ".jpeg": ("image/jpeg", _jpeg),
    ".png": ("image/png", _png),
    ".pdf": ("application/pdf", _pdf),
    ".docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        _office("word/document.xml"),
    ),
    ".xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _office("xl/workbook.xml"),
    ),
}
