"""Who may ask, and how much they may send. Plain ASGI, so that nothing is read before it is allowed."""

from __future__ import annotations

import base64
import binascii
import hmac
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipelines.settings import Settings
from server.failures import reply

GUARDED = ("/api/", "/metrics", "/docs", "/redoc", "/openapi.json")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Doorkeeper:
    """Checks token or login, the request's origin and its size before the REST routes see it.

    The page's own login is Gradio's. A token guards the REST routes; with a login and no token, HTTP Basic
    with that login does.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(GUARDED):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refuse(scope["method"], headers)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        await self._app(scope, limit_body(receive, self._settings.max_upload_bytes), send)

    def _refuse(self, method: str, headers: Headers) -> ASGIApp | None:
        if not may_enter(headers.get("authorization", ""), self._settings):
            answer = reply(
                401, "unauthorized", "This route needs a sign-in.", "Send the token as a Bearer token."
            )
            answer.headers["WWW-Authenticate"] = "Bearer" if self._settings.token else "Basic"
            return answer
        if method not in SAFE_METHODS and is_foreign(headers):
            return reply(403, "foreign_origin", "Another site's page may not use this server.")
        limit = self._settings.max_upload_bytes
        if int(headers.get("content-length") or 0) > limit:
            return too_large_reply(limit)
        return None


def may_enter(authorization: str, settings: Settings) -> bool:
    """Whether an Authorization header opens the REST routes; compared in constant time."""
    if settings.token:
        return _same(authorization, f"Bearer {settings.token}")
    if settings.login:
        return _same(_read_basic(authorization), settings.login)
    return True


def is_foreign(headers: Headers) -> bool:
    """Whether a browser sent this from a page of another site."""
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


def limit_body(receive: Receive, limit: int) -> Receive:
    """Count what really arrives: a body without a length may still be too long."""
    received = 0

    async def counted() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise HTTPException(413, f"The upload is over the limit of {limit // 1_000_000} MB.")
        return message

    return counted


def too_large_reply(limit: int) -> ASGIApp:
    return reply(
        413,
        "too_large",
        f"The upload is over the limit of {limit // 1_000_000} MB.",
        "Send a smaller file, or raise INKFRAME_MAX_UPLOAD_MB.",
    )


def _read_basic(authorization: str) -> str:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())
