"""How much of a body is read, and that it is well formed before the last of it reaches a route."""

from collections.abc import Callable
from typing import Final, Protocol

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.errors import Malformed, problem
from web.guard.text import PAIRS, Unacceptable, check_json, check_once, read_bytes, read_pairs

PLAIN: Final = 1024 * 1024
UPLOAD: Final = 64 * 1024 * 1024
UPLOADS_OF_API: Final = frozenset({"/api/documents"})


class Checker(Protocol):
    """Is fed a body piece by piece; raises Unacceptable."""

    def feed(self, piece: bytes) -> None:
        """Take the next piece."""

    def end(self) -> None:
        """Judge the whole."""


class Whole:
    """Collects a small body and has it checked at its end."""

    def __init__(self, check: Callable[[bytes], None]) -> None:
        self.check = check
        self.body = bytearray()

    def feed(self, piece: bytes) -> None:
        """Take the next piece."""
        self.body += piece

    def end(self) -> None:
        """Judge the whole."""
        self.check(bytes(self.body))


class Unread:
    """Lets a body pass that no route takes for text; only its size is looked at."""

    def feed(self, piece: bytes) -> None:
        """Take the next piece."""

    def end(self) -> None:
        """Judge the whole."""


class Parts:
    """Follows a multipart body for the names and plain texts of its parts; files pass by unread."""

    def __init__(self, boundary: bytes) -> None:
        self.names: list[str] = []
        self.header = bytearray()
        self.value = bytearray()
        self.plain: bytearray | None = None
        self.parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._field,
                "on_header_value": self._text,
                "on_header_end": self._header_end,
                "on_part_data": self._data,
                "on_part_end": self._part_end,
            },
        )

    def feed(self, piece: bytes) -> None:
        """Take the next piece."""
        try:
            self.parser.write(piece)
        except FormParserError:
            raise Unacceptable("", "表格没有传完整，请重新提交") from None

    def end(self) -> None:
        """Judge the whole."""
        check_once(self.names)

    def _begin(self) -> None:
        self.plain = None
        self.header.clear()
        self.value.clear()

    def _field(self, data: bytes, start: int, end: int) -> None:
        self.header += data[start:end]

    def _text(self, data: bytes, start: int, end: int) -> None:
        self.value += data[start:end]

    def _header_end(self) -> None:
        if self.header.lower() == b"content-disposition":
            options = parse_options_header(bytes(self.value))[1]
            self.names.append(read_bytes("", options.get(b"name", b"")))
            self.plain = None if b"filename" in options else bytearray()
        self.header.clear()
        self.value.clear()

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self.plain is not None:
            self.plain += data[start:end]
            if len(self.plain) > PLAIN:
                raise HTTPException(413)

    def _part_end(self) -> None:
        if self.plain is not None:
            read_bytes(self.names[-1], bytes(self.plain))


class Bodies:
    """Innermost guard: size, one value a name, real text, strict JSON; also checks the query string."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        kind, options = parse_options_header(request.headers.get("content-type", ""))
        try:
            checker = _checker(scope, kind, options)
        except FormParserError:
            await problem(request, 422, fields={"": "表格没有传完整，请重新提交"})(scope, receive, send)
            return
        if scope["path"] in UPLOADS_OF_API:
            uploads = not isinstance(checker, Whole)
        else:
            uploads = isinstance(checker, Parts) and not scope["path"].startswith("/api/")
        limit = UPLOAD if uploads else PLAIN
        try:
            read_pairs(scope["query_string"])
        except Unacceptable as bad:
            await problem(request, 422, fields={bad.field: str(bad)})(scope, receive, send)
            return
        announced = request.headers.get("content-length", "0")
        if not announced.isdecimal() or int(announced[:20]) > limit:
            await problem(request, 413)(scope, receive, send)
            return
        await self.app(scope, _checked(receive, checker, limit), send)


def _checker(scope: Scope, kind: bytes, options: dict[bytes, bytes]) -> Checker:
    if kind == b"application/x-www-form-urlencoded":
        pairs: list[tuple[str, str]] = []
        scope["state"][PAIRS] = pairs
        return Whole(lambda body: pairs.extend(read_pairs(body)))
    if kind == b"multipart/form-data":
        return Parts(options.get(b"boundary", b""))
    if kind == b"application/json" or kind.endswith(b"+json"):
        return Whole(check_json)
    return Unread()


def _checked(receive: Receive, checker: Checker, limit: int) -> Receive:
    size = 0

    async def next_piece() -> Message:
        nonlocal size
        message = await receive()
        if message["type"] != "http.request":
            return message
        piece = message.get("body", b"")
        size += len(piece)
        if size > limit:
            raise HTTPException(413)
        try:
            checker.feed(piece)
            if not message.get("more_body", False):
                checker.end()
        except Unacceptable as bad:
            raise Malformed({bad.field: str(bad)}) from None
        return message

    return next_piece
