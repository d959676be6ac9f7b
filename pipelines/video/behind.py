"""Write frames in a thread of its own, so that drawing the next one does not wait for the encoder."""

from __future__ import annotations

import threading
from queue import Queue
from types import TracebackType
from typing import Protocol

import numpy as np

ROOM = 4
"""Frames that may wait: enough to even out, few enough to stay small."""


class TakesFrames(Protocol):
    """What takes the frames of a film, RGB or RGBA uint8 HWC."""

    def write(self, pixels: np.ndarray, /) -> None: ...


class FrameWriter(TakesFrames, Protocol):
    """A film's file: whole after `close`, gone after `drop`."""

    def close(self) -> None: ...

    def drop(self) -> None: ...


class WriteBehind:
    """Hands frames on to `writer`, which belongs to its thread from the first frame to `finish`.

    A context manager: left by an error, what waits is thrown away. The writer itself is not closed.
    """

    def __init__(self, writer: TakesFrames) -> None:
        self._writer = writer
        self._waiting: Queue[np.ndarray | None] = Queue(ROOM)
        self._error: BaseException | None = None
        self._throw_away = False
        self._thread = threading.Thread(target=self._run, name="encoder", daemon=True)
        self._thread.start()

    def __enter__(self) -> WriteBehind:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._throw_away = kind is not None
        self._waiting.put(None)
        self._thread.join()
        if kind is None and self._error is not None:
            raise self._error

    def write(self, pixels: np.ndarray) -> None:
        """Add a frame, which must not be changed afterwards. Raises what writing an earlier one raised."""
        if self._error is not None:
            raise self._error
        self._waiting.put(pixels)

    def _run(self) -> None:
        while (pixels := self._waiting.get()) is not None:
            if self._error is not None or self._throw_away:
                continue
            try:
                self._writer.write(pixels)
            except BaseException as error:  # told to the thread that draws
                self._error = error
