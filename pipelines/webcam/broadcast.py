"""Send the styled picture to a live platform at a steady rate, and again when the connection breaks."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

from pipelines.webcam.broadcast_presets import Preset
from pipelines.webcam.broadcast_target import Target
from pipelines.webcam.ffmpeg_arguments import X264, Codec, list_encode_arguments
from pipelines.webcam.ffmpeg_program import choose_codec, find_ffmpeg
from pipelines.webcam.frames import Rgb
from pipelines.webcam.push_feed import Feed
from pipelines.webcam.push_line import Line
from pipelines.webcam.push_problems import ENCODER, NO_NAME, PLAIN, REFUSED, UNTRUSTED, Problem, reach
from pipelines.webcam.push_processes import launch

log = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT, PATIENT_WAIT = 0.5, 1.5, 10.0
"""Seconds before a connection is tried again: short, as viewers leave, until PATIENT_AFTER tries."""
PATIENT_AFTER = 60
GIVE_UP_AFTER = 4
"""Tries of a broadcast that never began; one that broke off is taken up again without end."""
IN_VAIN = (REFUSED, NO_NAME, UNTRUSTED, PLAIN, ENCODER)
"""What trying again rarely mends."""
RATE_SECONDS = 4.0
"""Over which the bit rate is taken."""
LOOK = 0.05
"""Seconds between two looks for the first frame."""
LEAVE = 10.0
"""Seconds that `stop` waits for the thread, which may be asking for the server's name."""
SILENT = Problem("", "")


class Broadcast:
    """Begins when made; `frame` is a tap of the live loop. `stop` alone may take seconds."""

    def __init__(
        self,
        target: Target,
        preset: Preset,
        *,
        ffmpeg: str = "",
        codec: Codec | None = None,
        prepare: Callable[[Rgb], Rgb] = lambda rgb: rgb,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`ffmpeg` is found and `codec` chosen where they are not given; `prepare` does something to each frame of
        the preset's size, such as laying a label on it. Raises FfmpegMissing."""
        self._target, self._preset, self._clock = target, preset, clock
        self._ffmpeg, self._codec = ffmpeg or find_ffmpeg(), codec
        self._feed, self._begun = Feed(preset, prepare, clock), 0
        self._sent: deque[tuple[float, int]] = deque()
        self._state, self._problem, self._since = "connecting", SILENT, clock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="broadcast", daemon=True)
        self._thread.start()

    def frame(self, rgb: Rgb, time: float) -> None:
        """Show this frame, RGB uint8 HWC of any size, from the next tick on. Never waits."""
        self._feed.put(rgb)

    def sound(self, chunk: bytes) -> None:
        """Add sound of the microphone: s16le, 48 kHz, one channel. Never waits."""
        self._feed.microphone.put(chunk)

    def state(self) -> dict[str, Any]:
        """What is going on, as plain values; nothing of it holds the key.

        `state` is connecting, streaming, waiting (for the next try), failed (given up) or stopped; `seconds` since
        it is; `problem` and `hint` say why the last connection ended, "" after the first; `frames` were sent,
        `repeats` of them again, `drops` came and were not sent as newer ones were there, `skipped` were due while
        the connection took nothing.
        """
        counts = self._feed.counts
        return {
            "state": self._state,
            "seconds": round(self._clock() - self._since, 1),
            "server": str(self._target),
            "preset": self._preset.id,
            "width": self._preset.size[0],
            "height": self._preset.size[1],
            "fps": self._preset.fps,
            "kbit_s": round(self._measure_rate()),
            "encoder": self._codec.title if self._codec else "",
            "sound": "microphone" if self._feed.microphone.flows else "silence",
            "frames": counts["frames"],
            "repeats": counts["repeats"],
            "drops": max(0, counts["arrived"] - counts["used"]),
            "skipped": counts["skipped"],
            "reconnects": max(0, self._begun - 1),
            "problem": self._problem.message,
            "hint": self._problem.hint,
        }

    def stop(self) -> None:
        """End the stream in order. May be called twice."""
        self._stopping.set()
        if self._thread is not threading.current_thread():
            self._thread.join(LEAVE)

    def _run(self) -> None:
        try:
            self._codec = self._codec or choose_codec(self._ffmpeg)
            self._enter(self._keep_on())
        except Exception:
            log.exception("a broadcast ended")
            self._problem = ENCODER
            self._enter("failed")

    def _keep_on(self) -> str:
        """Stream until stopped or given up; says which."""
        tries = 0
        while not self._stopping.is_set():
            if not self._feed.ready:
                self._stopping.wait(LOOK)
                continue
            before = self._begun
            problem = reach(self._target) or self._stream()
            if problem is None:
                break
            tries = 1 if self._begun > before else tries + 1
            if problem != self._problem:
                log.info("%s: %s", self._target, problem.message)
            self._problem = problem
            if not self._begun and problem in IN_VAIN and tries >= GIVE_UP_AFTER:
                return "failed"
            self._enter("waiting")
            self._stopping.wait(choose_wait(tries))
        return "stopped"

    def _stream(self) -> Problem | None:
        """One connection from beginning to end; None when it was stopped."""
        codec = self._codec or X264
        try:
            pair = launch(self._target, partial(list_encode_arguments, self._ffmpeg, self._preset, codec))
        except OSError as error:
            log.warning("ffmpeg could not be started: %s", error.strerror)
            return ENCODER
        line = Line(pair, self._target.mask, self._clock)
        self._sent.clear()
        try:
            problem = self._feed.run(line, self._stopping, self._note)
        finally:
            line.close()
        if problem is ENCODER:
            self._codec = X264  # an encoder in hardware may refuse a size
        return problem

    def _note(self, line: Line) -> None:
        now, sent = self._clock(), self._sent
        if line.streaming and self._state != "streaming":
            self._begun += 1
            self._enter("streaming")
        if not sent or sent[-1][1] != line.sent:
            sent.append((now, line.sent))
            while sent[0][0] < now - RATE_SECONDS:
                sent.popleft()

    def _measure_rate(self) -> float:
        """kbit/s that went out of late; 0 where nothing does."""
        sent = list(self._sent)
        if self._state != "streaming" or len(sent) < 2:
            return 0.0
        return (sent[-1][1] - sent[0][1]) * 8 / 1000 / (sent[-1][0] - sent[0][0])

    def _enter(self, state: str) -> None:
        if state != self._state:
            self._state, self._since = state, self._clock()


def choose_wait(tries: int) -> float:
    """Seconds before the next try."""
    if tries > PATIENT_AFTER:
        return PATIENT_WAIT
    return min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (tries - 1))
