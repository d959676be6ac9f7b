"""What a server with too much to do needs: threads for those who wait, and words for those who can't."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipelines.settings import Settings
from server.failures import RETRY_SECONDS

TOO_MUCH = (429, 503)


def make_room_for_waiting(settings: Settings) -> None:
    """Give each picture that is worked on or waits a thread of its own: in those that there are by themselves all
    else goes on, and a full line says no at once instead of waiting for a thread. Runs in the event loop."""
    from anyio.to_thread import current_default_thread_limiter

    current_default_thread_limiter().total_tokens += settings.workers + settings.queue


class SayWhenToComeBack:
    """Puts Retry-After on every 429 and 503 without one: the page's own queue leaves it out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def told(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in TOO_MUCH:
                MutableHeaders(scope=message).setdefault("Retry-After", RETRY_SECONDS)
            await send(message)

        await self._app(scope, receive, told)
