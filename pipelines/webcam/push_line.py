"""One connection of a broadcast: frames and sound in, bytes on their way to the server, and what becomes of them."""

from __future__ import annotations

import json
import logging
import selectors
import time
from collections.abc import Callable
from typing import IO, Any

from pipelines.webcam.push_problems import AT_STAGE, ENCODER, LOST, STUCK, Problem
from pipelines.webcam.push_processes import Pair

log = logging.getLogger(__name__)

STUCK_SECONDS = 6.0
"""After so long without a byte that went out, a connection counts as dead. Networks notice after minutes."""
SETTLED_SECONDS = 1.0
"""What a stream must last to count as taken: some servers refuse a key by closing the connection just after."""
READ = 1 << 16


class Line:
    """Takes a frame and its sound when it is `hungry` and moves them on in `carry`; never waits for the other end.

    Not safe for several threads.
    """

    def __init__(
        self, pair: Pair, mask: Callable[[str], str], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`mask` takes the key out of a text, should one ever hold it."""
        self._pair, self._mask, self._clock = pair, mask, clock
        self.sent, self.stage = 0, "start"
        self._moved, self._begun = clock(), 0.0
        self._pending: dict[IO[bytes], memoryview] = {}
        self._parts: dict[IO[bytes], bytes] = {pair.told: b"", pair.complaints: b""}
        self._pipes = selectors.DefaultSelector()
        for pipe in self._parts:
            self._pipes.register(pipe, selectors.EVENT_READ)

    @property
    def streaming(self) -> bool:
        """Whether the server takes the stream."""
        return self.sent > 0 and self._clock() - self._begun >= SETTLED_SECONDS

    @property
    def hungry(self) -> bool:
        """Whether all that was put is on its way."""
        return not self._pending

    def put(self, frame: memoryview, sound: bytes) -> None:
        """One frame's bytes and the sound that is heard with it."""
        self._pending = {self._pair.pictures: frame, self._pair.sound: memoryview(sound)}
        for pipe in self._pending:
            self._pipes.register(pipe, selectors.EVENT_WRITE)

    def carry(self, seconds: float) -> None:
        """Move what can be moved; return when something was, or after so long."""
        for key, _ in self._pipes.select(seconds):
            pipe: Any = key.fileobj
            if pipe in self._pending:
                self._write(pipe)
            else:
                self._read(pipe)

    def find_problem(self) -> Problem | None:
        """Why it is over, None while it is not."""
        if self._pair.ended:
            self.carry(0)  # its last words
            return LOST if self.streaming else AT_STAGE.get(self.stage, ENCODER)
        return STUCK if self._clock() - self._moved > STUCK_SECONDS else None

    def close(self) -> None:
        """End it; what is on its way gets through where that is soon."""
        self._pipes.close()
        self._pair.close()

    def _write(self, pipe: IO[bytes]) -> None:
        rest = self._pending[pipe]
        try:
            rest = rest[pipe.write(rest) or 0 :]
        except OSError:
            rest = rest[:0]  # the process has ended, which `find_problem` tells
        self._pending[pipe] = rest
        if not rest:
            del self._pending[pipe]
            self._pipes.unregister(pipe)

    def _read(self, pipe: IO[bytes]) -> None:
        data = pipe.read(READ)
        if not data:
            self._pipes.unregister(pipe)
            return
        *lines, self._parts[pipe] = (self._parts[pipe] + data).split(b"\n")
        hear = self._hear_relay if pipe is self._pair.told else self._hear_encoder
        for line in lines:
            hear(line.decode("utf-8", "replace"))

    def _hear_relay(self, line: str) -> None:
        facts = json.loads(line)
        self.stage = facts.get("stage", self.stage)
        if facts.get("sent", 0) > self.sent or "stage" in facts:
            self._moved = self._clock()
            self._begun = self._begun if self.sent else self._moved
            self.sent = facts.get("sent", self.sent)
        if "failed" in facts:
            log.warning("A broadcast failed at its %s: %s", self.stage, self._mask(str(facts["failed"])))

    def _hear_encoder(self, line: str) -> None:
        orphaned = self._pair.relay.poll() is not None  # then it only says that nobody takes what it writes
        if line.strip():
            log.log(logging.DEBUG if orphaned else logging.WARNING, "ffmpeg: %s", self._mask(line.strip()))
