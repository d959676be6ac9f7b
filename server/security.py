"""Who may ask, and how much they may send. Plain ASGI, so that nothing is read before it is allowed."""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, QueryParams
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipelines.settings import PREFIX, Settings
from pipelines.tickets import Tickets
from server.failures import reply

GUARDED = ("/api/", "/metrics", "/docs", "/redoc", "/openapi.json")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
READING = frozenset({"GET", "HEAD"})
LARGER = {
    "/api/v1/batch": "max_batch_mb",
    "/api/v1/cartoon/film": "max_film_mb",
    "/api/v1/video": "max_film_mb",
    "/api/v1/video/estimate": "max_film_mb",
}
"""Routes that take more than the others, and the setting that says how much."""


@dataclass(frozen=True)
class BodyLimit:
    """How much a request may send, and the setting that says so."""

    megabytes: int
    variable: str

    @property
    def size(self) -> int:
        return self.megabytes * 1_000_000

    @property
    def message(self) -> str:
        return f"The upload is over the limit of {self.megabytes} MB."

    @property
    def hint(self) -> str:
        return f"Send a smaller file, or raise {self.variable}."


class Doorkeeper:
    """Checks token or login, the request's origin and its size before the REST routes see it.

    The page's own login is Gradio's. A token guards the REST routes; with a login and no token, HTTP Basic
    with that login does. A ticket lets in whoever follows a link that the signed-in page gave out.
    """

    def __init__(self, app: ASGIApp, settings: Settings, tickets: Tickets) -> None:
        self._app = app
        self._settings = settings
        self._tickets = tickets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(GUARDED):
            await self._app(scope, receive, send)
            return
        limit = body_limit(scope["path"], self._settings)
        refusal = self._refuse(scope, limit)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        await self._app(scope, limit_body(receive, limit), send)

    def _refuse(self, scope: Scope, limit: BodyLimit) -> ASGIApp | None:
        headers = Headers(scope=scope)
        if not may_enter(headers.get("authorization", ""), self._settings) and not self._has_ticket(scope):
            answer = reply(
                401, "unauthorized", "This route needs a sign-in.", "Send the token as a Bearer token."
            )
            answer.headers["WWW-Authenticate"] = "Bearer" if self._settings.token else "Basic"
            return answer
        if scope["method"] not in SAFE_METHODS and is_foreign(headers):
            return reply(403, "foreign_origin", "Another site's page may not use this server.")
        if announced_length(headers) > limit.size:
            return reply(413, "too_large", limit.message, limit.hint)
        return None

    def _has_ticket(self, scope: Scope) -> bool:
        ticket = QueryParams(scope["query_string"]).get("ticket", "")
        return scope["method"] in READING and self._tickets.allows(scope["path"], ticket)


def body_limit(path: str, settings: Settings) -> BodyLimit:
    """How much may be sent to a route."""
    name = LARGER.get(path, "max_upload_mb")
    return BodyLimit(getattr(settings, name), PREFIX + name.upper())


def announced_length(headers: Headers) -> int:
    """Content-Length; 0 when there is none or it is no number."""
    text = headers.get("content-length", "")
    return int(text) if text.isascii() and text.isdigit() else 0


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


def limit_body(receive: Receive, limit: BodyLimit) -> Receive:
    """Count what really arrives: a body without a length may still be too long."""
    received = 0

    async def counted() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit.size:
            raise HTTPException(413, limit.message)
        return message

    return counted


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
