"""What Gradio must be told before its own scripts begin, which a script in its `head` argument would come too late for.

That is the page's language, where it would follow the browser's, and that its loading sign may rest (still.js).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.language import PATHS

PAGES: Mapping[str, str] = {f"/{path}": lang for lang, path in PATHS.items()}
HEAD = b"<head>"
SCRIPT = """<script>
Object.defineProperty(navigator, "language", {get: () => "%s"});
%s</script>"""
STILL = Path(__file__).with_name("still.js").read_text(encoding="utf-8")


class BeginDocuments:
    """Puts the script into the pages' documents; every other answer passes untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        lang = PAGES.get(scope["path"]) if scope["type"] == "http" else None
        await self._app(scope, receive, send if lang is None else _beginning(lang, send))


def begin_document(document: bytes, lang: str) -> bytes:
    """An HTML document, or its beginning, with the language said to readers, and the script before all others."""
    script = (SCRIPT % (lang, STILL)).encode()
    return document.replace(b'lang="en"', f'lang="{lang}"'.encode(), 1).replace(HEAD, HEAD + script, 1)


def _beginning(lang: str, send: Send) -> Send:
    """`send`, which changes the beginning of an HTML answer and the length that its head promises."""
    held: list[Message] = []

    async def tell(message: Message) -> None:
        if message["type"] == "http.response.start" and _is_plain_html(message):
            held.append(message)
            return
        if held and message["type"] == "http.response.body":
            body = begin_document(message.get("body", b""), lang)
            longer = len(body) - len(message.get("body", b""))
            start, message = held.pop(), {**message, "body": body}
            headers = MutableHeaders(raw=start["headers"])
            if "content-length" in headers:
                headers["content-length"] = str(int(headers["content-length"]) + longer)
            await send(start)
        await send(message)

    return tell


def _is_plain_html(start: Message) -> bool:
    headers = MutableHeaders(raw=list(start["headers"]))
    return headers.get("content-type", "").startswith("text/html") and "content-encoding" not in headers
