"""What every answer tells the browser: who may frame it, what it may load, what it may use."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.docs_page import HOST as VIEWER
from server.docs_page import PATH as DOCS

STARTS = ("http.response.start", "websocket.http.response.start")
SOURCES = {
    "default-src": "'self'",
    # Gradio's page sets itself up in inline scripts and makes functions of texts
    "script-src": "'self' 'unsafe-inline' 'unsafe-eval' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "media-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self' data: blob:",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
FEATURES = {
    "camera": "(self)",
    "microphone": "(self)",
    "display-capture": "(self)",
    "fullscreen": "(self)",
    "geolocation": "()",
    "payment": "()",
    "usb": "()",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # an address may hold a ticket
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}={who}" for name, who in FEATURES.items()),
}


class SecurityHeaders:
    """Puts the headers on every answer that passes; what an answer says by itself stays."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def told(message: Message) -> None:
            if message["type"] in STARTS:
                headers = MutableHeaders(scope=message)
                for name, value in headers_for(scope["path"]).items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, told)


def headers_for(path: str) -> Mapping[str, str]:
    """The headers of an answer to `path`. The page about the REST routes loads its viewer from afar."""
    sources = dict(SOURCES)
    if path == DOCS:
        for name in ("script-src", "style-src"):
            sources[name] += f" {VIEWER}"
    policy = "; ".join(f"{name} {value}" for name, value in sources.items())
    return {"Content-Security-Policy": policy, **HEADERS}
