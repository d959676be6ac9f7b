"""Ends Gradio's streams of events without a defect in the log.

Asked for a session that it does not know, Gradio tells the browser so in the stream, and then raises an HTTP error
that nothing can answer any more: a server that was restarted would log a trace for every page that is still open.
"""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send


class EndStreams:
    """Closes what has told all that it has to tell; all else passes untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except RuntimeError as error:  # "Caught handled exception, but response already started"
            if scope["type"] != "http" or not isinstance(error.__cause__, HTTPException):
                raise
            await send({"type": "http.response.body", "body": b"", "more_body": False})
