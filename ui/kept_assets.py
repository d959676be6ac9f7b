"""Lets browsers keep the page's scripts and styles instead of asking for each of a hundred files again.

Gradio says nothing of how long they may be kept, and a browser then believes in a file for a tenth of its age: minutes
after an installation. All of their names have the hash of what is in them, so what lies under a name never changes.
"""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FOLDER = "/assets/"
FOR_GOOD = "max-age=31536000, immutable"
KEPT = (200, 304)


class KeepAssets:
    """Says of each such file that it may be kept for good; every other answer passes untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in KEPT:
                MutableHeaders(scope=message)["cache-control"] = FOR_GOOD
            await send(message)

        asset = scope["type"] == "http" and scope["path"].startswith(FOLDER)
        await self._app(scope, receive, tell if asset else send)
