"""The headers of every answer, and the number by which a request can be asked about."""

import base64
import secrets
from collections.abc import Mapping
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.settings import Settings

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)
_ALWAYS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # `no-referrer` would make a plain-HTTP page send `Origin: null` with its own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}


def secure(settings: Settings, request_id: str) -> Mapping[str, str]:
    """The headers an answer gets where its route has not set them."""
    strict = {"Strict-Transport-Security": "max-age=31536000"} if settings.tls else {}
    return {**_ALWAYS, **strict, "X-Request-Id": request_id}


class Headers:
    """Outermost: numbers the request (`request.state.request_id`) and completes the headers of its answer."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = base64.b32encode(secrets.token_bytes(5)).decode()
        scope.setdefault("state", {})["request_id"] = request_id

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in secure(self.settings, request_id).items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, complete)
