"""A client of the live loop as the page is one: at most two frames on their way, the next when one is back."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from types import TracebackType

from pipelines.errors import InkframeError
from pipelines.webcam.frames import Styled
from pipelines.webcam.loop import LiveLoop
from pipelines.webcam.options import LiveOptions
from pipelines.webcam.understudy import OpenDrawer

PATIENCE = 120.0
"""Seconds that a first frame may take: models are loaded for it."""
LOST = 0.25
"""Seconds without one back after which a frame is taken for dropped, and another sent in its place."""


class TwoInFlight:
    """A loop and its client, begun when entered."""

    def __init__(self, open_drawer: OpenDrawer, options: LiveOptions, frames: Sequence[bytes]) -> None:
        self._frames, self._sent, self._back = frames, 0, 0
        self._may_send = 1
        self._moved = threading.Condition()
        self._ended = False
        self.troubles: list[InkframeError] = []
        self.loop = LiveLoop(open_drawer, options, self._take, on_trouble=self.troubles.append)
        self._thread = threading.Thread(target=self._send, name="live-client", daemon=True)

    def __enter__(self) -> TwoInFlight:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._moved:
            self._ended = True
            self._moved.notify_all()
        self._thread.join()
        self.loop.close()

    def wait(self) -> None:
        """Until the first frame is back. Raises what kept it from coming, TimeoutError after PATIENCE."""
        with self._moved:
            back = self._moved.wait_for(lambda: self._back or self.troubles, PATIENCE)
        if self.troubles:
            raise self.troubles[0]
        if not back:
            raise TimeoutError("The live loop gave no frame.")

    def _take(self, frame: Styled) -> None:
        with self._moved:
            self._back += 1
            self._may_send = 1
            self._moved.notify_all()

    def _send(self) -> None:
        """One for each that came back: both at once would have the first make way for the second."""
        while True:
            with self._moved:
                self._moved.wait_for(lambda: self._ended or self._may_send, LOST)
                if self._ended:
                    return
                self._may_send = 0
            self.loop.offer(self._sent, 0, self._frames[self._sent % len(self._frames)])
            self._sent += 1
