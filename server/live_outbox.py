"""What waits to be sent to one live client: few texts, and one frame at most - a newer one takes its place."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from contextlib import suppress

MOST_TEXTS = 64
"""The oldest go first: a client that does not read loses messages, not the server its memory."""


class Outbox:
    """Filled by any thread, emptied by the event loop that made it."""

    def __init__(self) -> None:
        self.home = asyncio.get_running_loop()
        self._filled = asyncio.Event()
        self._lock = threading.Lock()
        self._texts: deque[str] = deque(maxlen=MOST_TEXTS)
        self._frame: bytes | None = None
        self.overtaken = 0
        """Frames that a newer one replaced before they were sent."""

    def put_text(self, text: str) -> None:
        """Send a text; texts keep their order and none is lost."""
        with self._lock:
            self._texts.append(text)
        self._ring()

    def put_frame(self, frame: bytes) -> None:
        """Send a frame in the place of one that still waits, which is counted as overtaken."""
        with self._lock:
            self.overtaken += self._frame is not None
            self._frame = frame
        self._ring()

    async def take(self) -> str | bytes:
        """The next message; texts go before the frame."""
        while True:
            with self._lock:
                if self._texts:
                    return self._texts.popleft()
                frame, self._frame = self._frame, None
                if frame is not None:
                    return frame
                self._filled.clear()
            await self._filled.wait()

    def _ring(self) -> None:
        with suppress(RuntimeError):  # the server has stopped
            self.home.call_soon_threadsafe(self._filled.set)
