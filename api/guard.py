"""Stands before the application: who may ask (names of this machine only), and what browsers may do with answers."""

import logging
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

# A page of the internet can point its own name at 127.0.0.1 and read from here (DNS rebinding), but its requests
# carry that name.
_ALLOWED_HOST = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "same-origin",  # with none at all, forms of our own pages would name no origin either
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
_WRONG_HOST = {
    "error": "wrong_host",
    "sentence": "This server only answers to localhost and 127.0.0.1.",
    "hint": "Open http://127.0.0.1 with its port, not another name of this machine.",
}


class Guard:
    """ASGI middleware, written against ASGI itself so that it never holds back a stream.

    `broken` answers where the application raised: FastAPI's own last resort stands outside and knows no headers.
    """

    def __init__(self, app: ASGIApp, broken: ASGIApp) -> None:
        self._app = app
        self._broken = broken

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers["cache-control"] = "no-cache" if scope["path"].startswith("/static/") else "no-store"
            await send(message)

        answer = self._app if is_allowed(Headers(scope=scope).get("host", "")) else _refusal
        try:
            await answer(scope, receive, send_with_headers)
        except Exception:
            if started:
                raise  # half an answer is out: the server hangs up, so that nobody takes it for a whole one
            log.exception("%s could not be answered", scope["path"])
            await self._broken(scope, receive, send_with_headers)


def is_allowed(host: str) -> bool:
    """Whether a Host header names this machine by a name that nobody else can take."""
    return _ALLOWED_HOST.fullmatch(host) is not None


async def _refusal(scope: Scope, receive: Receive, send: Send) -> None:
    await JSONResponse(_WRONG_HOST, 421)(scope, receive, send)
