"""The microphone's sound on its way into a stream that must never lack any."""

from __future__ import annotations

import threading

from pipelines.webcam.ffmpeg_arguments import SOUND_BYTES, SOUND_RATE

SECOND = SOUND_RATE * SOUND_BYTES
"""Bytes of a second."""
PRIME, KEEP, MOST = 0.08, 0.2, 0.6
"""Seconds that are gathered before sound begins, so that uneven arrival is not heard; seconds that stay when more
than the most have gathered: a microphone's clock is never quite ours."""


class Microphone:
    """Takes s16le mono chunks at 48 kHz as they come, gives even pieces; silence where there is none."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._buffer = bytearray()
        self._flows = False

    @property
    def flows(self) -> bool:
        """Whether sound, not silence, is given."""
        return self._flows

    def put(self, chunk: bytes) -> None:
        """Add sound; never waits."""
        with self._lock:
            self._buffer += chunk
            if len(self._buffer) > MOST * SECOND:
                del self._buffer[: _even(len(self._buffer) - KEEP * SECOND)]

    def take(self, samples: int) -> bytes:
        """So many samples, with silence after the sound that there is."""
        wanted = samples * SOUND_BYTES
        with self._lock:
            if not self._flows and len(self._buffer) < PRIME * SECOND + wanted:
                return bytes(wanted)
            piece = bytes(self._buffer[:wanted])
            del self._buffer[:wanted]
            self._flows = len(piece) == wanted
            return piece + bytes(wanted - len(piece))

    def clear(self) -> None:
        """Forget what is old, before a stream begins anew."""
        with self._lock:
            self._buffer.clear()
            self._flows = False


def _even(size: float) -> int:
    """Samples are not to be cut in two."""
    return int(size) // SOUND_BYTES * SOUND_BYTES
