"""The door of the whole server: by what name it is called, how often, by whom, from which page, how much is sent.

Plain ASGI and around everything - REST, the page, Gradio's own routes, files, sockets - so that nothing is read
before it is allowed and a new route is guarded from its first day.
"""

from __future__ import annotations

from fastapi import FastAPI
from starlette.datastructures import Headers, QueryParams
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from pipelines.settings import PREFIX, Settings
from pipelines.tickets import Tickets
from server.allowance import Allowance, client_of
from server.credentials import SignIns, may_enter
from server.failures import reply
from server.headers import SecurityHeaders
from server.hosts import is_foreign, is_own_host
from server.limits import BodyLimit, announced_length, body_limit, limit_body
from server.sign_in import LEAVE, PATH, build_sign_in, cookie_name, lead_to_form

OPEN = frozenset({"/healthz", PATH, LEAVE})
"""What needs no sign-in; the first is also not counted."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
READING = frozenset({"GET", "HEAD"})
LONGEST_NAME = 255
"""Bytes between two slashes of an address; file systems allow no more."""
GUESSES = 20
"""Wrong passwords or tokens a minute that one client may try."""


def add_security(app: FastAPI, settings: Settings, tickets: Tickets) -> None:
    """Put the door around an app; to be called after all its other layers, before its page is mounted."""
    sign_ins, guesses = SignIns(), Allowance(GUESSES)
    app.include_router(build_sign_in(settings, sign_ins, guesses))
    # No page of another origin reads anything. Gradio's own layer would let most do so, but steps back for this one.
    app.add_middleware(CORSMiddleware, allow_origins=())
    app.add_middleware(Doorkeeper, settings=settings, tickets=tickets, sign_ins=sign_ins, guesses=guesses)
    app.add_middleware(SecurityHeaders)


class Doorkeeper:
    """Answers what may not come in; all else passes, its body counted.

    Who has a login or token set lets in a Bearer token, HTTP Basic with the login, the cookie of the sign-in
    page, or a ticket: a link to one path that a signed-in page was given.
    """

    def __init__(
        self,
        app: ASGIApp,
        settings: Settings,
        tickets: Tickets,
        sign_ins: SignIns,
        guesses: Allowance,
    ) -> None:
        self._app, self._settings = app, settings
        self._tickets, self._sign_ins = tickets, sign_ins
        self._cookie = cookie_name(settings)
        self._requests, self._guesses = Allowance(settings.rate_limit), guesses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        limit = body_limit(scope["path"], self._settings)
        refusal = self._refuse(scope, limit)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        try:
            await self._app(scope, limit_body(receive, limit), send)
        except HTTPException as error:  # a layer further in read the body, outside of the app's own handlers
            await reply(error.status_code, "too_large", limit.message, limit.hint)(scope, receive, send)

    def _refuse(self, scope: Scope, limit: BodyLimit) -> ASGIApp | None:
        headers = Headers(scope=scope)
        return (
            self._check_host(headers)
            or self._check_pace(scope)
            or _check_name(scope)
            or self._check_sign_in(scope, headers)
            or _check_origin(scope, headers)
            or _check_length(headers, limit)
        )

    def _check_host(self, headers: Headers) -> ASGIApp | None:
        if is_own_host(headers.get("host", ""), self._settings.allowed_hosts):
            return None
        hint = f"Open it by its address, or name the host in {PREFIX}ALLOWED_HOSTS."
        return reply(400, "unknown_host", "This server is not called by that name.", hint)

    def _check_pace(self, scope: Scope) -> ASGIApp | None:
        client, path = client_of(scope), scope["path"]
        if path == "/healthz":
            return None
        guessing = path == PATH and scope.get("method") == "POST"
        wait = max(self._requests.wait(client), self._guesses.wait(client) if guessing else 0)
        if not wait:
            self._requests.spend(client)
            return None
        return _come_back(wait)

    def _check_sign_in(self, scope: Scope, headers: Headers) -> ASGIApp | None:
        if scope["path"] in OPEN or not self._settings.wants_sign_in:
            return None
        # another program's cookies on this host may be anything: the standard library's reader gives up at those
        session = HTTPConnection(scope).cookies.get(self._cookie, "")
        if self._sign_ins.knows(session) or self._has_ticket(scope):
            return None
        given, client = headers.get("authorization", ""), client_of(scope)
        wait = self._guesses.wait(client) if given else 0
        if wait:
            return _come_back(wait)
        if may_enter(given, self._settings):
            return None
        if given:
            self._guesses.spend(client)
        if _is_visit(scope, headers):
            return lead_to_form(scope)
        answer = reply(
            401, "unauthorized", "This route needs a sign-in.", "Send the token as a Bearer token."
        )
        answer.headers["WWW-Authenticate"] = "Bearer" if self._settings.token else "Basic"
        return answer

    def _has_ticket(self, scope: Scope) -> bool:
        ticket = QueryParams(scope["query_string"]).get("ticket", "")
        reads = scope["type"] == "websocket" or scope["method"] in READING
        return reads and self._tickets.allows(scope["path"], ticket)


def _check_origin(scope: Scope, headers: Headers) -> ASGIApp | None:
    changes = scope["type"] == "websocket" or scope["method"] not in SAFE_METHODS
    if changes and is_foreign(headers):
        return reply(403, "foreign_origin", "Another site's page may not use this server.")
    return None


def _check_name(scope: Scope) -> ASGIApp | None:
    """No file has so long a name, and asking the disk for one is an error of its own."""
    if all(len(part.encode("utf-8", "surrogateescape")) <= LONGEST_NAME for part in scope["path"].split("/")):
        return None
    return reply(404, "not_found", "There is nothing by so long a name.")


def _check_length(headers: Headers, limit: BodyLimit) -> ASGIApp | None:
    if announced_length(headers) > limit.size:
        return reply(413, "too_large", limit.message, limit.hint)
    return None


def _is_visit(scope: Scope, headers: Headers) -> bool:
    """Whether a person opens a page, as against a program that asks a route."""
    return scope.get("method") == "GET" and "text/html" in headers.get("accept", "")


def _come_back(seconds: int) -> ASGIApp:
    hint = f"Try again in {seconds} s."
    answer = reply(429, "too_many_requests", "Too many requests came from this address.", hint)
    answer.headers["Retry-After"] = str(seconds)
    return answer
