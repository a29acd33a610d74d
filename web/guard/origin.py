"""Only requests meant for this installation, and only forms that its own pages sent."""

from typing import Final
from urllib.parse import urlsplit

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from web.errors import problem
from web.settings import Settings

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def from_here(request: Request, settings: Settings) -> bool:
    """Whether a request that changes something comes from one of our pages, or from no browser at all.

    Every browser since 2020 sends Sec-Fetch-Site (where the page is trustworthy) or Origin with a form; a
    program that sends neither carries no one's cookies by accident.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    if origin is None:
        return True
    ours = {request.headers.get("host", "").lower(), urlsplit(settings.url).netloc.lower()}
    try:
        return urlsplit(origin).netloc.lower() in ours - {""}
    except ValueError:
        return False


class Origin:
    """Refuses a foreign `Host` (421), another site's form (403), control characters in a path (404)."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        app = self.app
        if not self.settings.serves(request.headers.get("host", "")):
            app = problem(request, 421)
        elif any(not sign.isprintable() for sign in scope["path"]):
            app = problem(request, 404)
        elif request.method not in SAFE and not from_here(request, self.settings):
            app = problem(request, 403, "这份表格不是从本系统的网页提交的，没有收下。请从首页重新进入。")
        await app(scope, receive, send)
