"""Keeps Gradio from fetching addresses for a visitor.

Gradio downloads a file whose path is a URL, both in an event's data and through its file route. Inkframe
takes uploads only, and with --offline it must never open a connection.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipelines.errors import BadInput

API = "/gradio_api/"
FETCHING = ("file=", "file/", "proxy=", "stream/http")
UNUSED = ("process_recording", "deep_link")
"""Routes that the page does not use and that put files onto the disk."""
MOST = 8_000_000
"""Bytes of an event's data; pictures come through the upload route, not in here."""


class RefuseAddresses:
    """Answers 403 where a request would make Gradio open a connection; all else passes untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or API not in scope["path"]:
            await self._app(scope, receive, send)
            return
        route = scope["path"].split(API, 1)[1]
        if asks_for_address(route) or route.startswith(UNUSED):
            await _refuse(403)(scope, receive, send)
        elif scope["method"] == "POST" and _is_json(scope):
            await self._check_body(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _check_body(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more and len(body) <= MOST:
            message = await receive()
            body += message.get("body", b"")
            more = message["type"] == "http.request" and message.get("more_body", False)
        if len(body) > MOST:
            await _refuse(413)(scope, receive, send)
        elif holds_address(body):
            await _refuse(403)(scope, receive, send)
        else:
            await self._app(scope, _replay(body, receive), send)


def refuse_downloads() -> None:
    """Take from Gradio what it would fetch an address with, in case one comes past the layer."""
    from gradio import processing_utils

    async def refuse(url: str, cache_dir: str) -> str:
        raise BadInput("Inkframe takes uploaded files only.", "Upload the file itself.")

    processing_utils.async_ssrf_protected_download = refuse


def asks_for_address(route: str) -> bool:
    """Whether a Gradio route, without its prefix, names something outside: file=http://..., proxy=..."""
    for start in FETCHING:
        if route.startswith(start):
            rest = unquote(route[len(start) :]).lstrip("/").lower()
            return start.startswith(("proxy", "stream")) or ":/" in rest[:12]
    return False


def holds_address(body: bytes) -> bool:
    """Whether JSON data holds a file whose path or URL lies elsewhere."""
    try:
        return any(map(_is_outside, _files(json.loads(body))))
    except (ValueError, RecursionError):
        return False  # Gradio refuses what is not JSON by itself


def _files(data: Any) -> list[dict[str, Any]]:
    """All objects in the data that have a path, at any depth."""
    found, waiting = [], [data]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            found += [each] if "path" in each else []
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    return found


def _is_outside(file: dict[str, Any]) -> bool:
    path = file["path"]
    return isinstance(path, str) and "://" in path.strip()[:16]


def _is_json(scope: Scope) -> bool:
    kinds = [value for name, value in scope["headers"] if name.lower() == b"content-type"]
    return not kinds or kinds[0].split(b";")[0].strip().lower() != b"multipart/form-data"


def _refuse(status: int) -> JSONResponse:
    return JSONResponse({"detail": "Inkframe takes uploaded files only."}, status_code=status)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Give the body once more, then whatever comes after it (a disconnect)."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
