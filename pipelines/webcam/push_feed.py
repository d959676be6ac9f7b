"""What a broadcast sends at each tick: the newest frame, or the last one again, and the sound that goes with it."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable

from pipelines.webcam.broadcast_presets import Preset
from pipelines.webcam.ffmpeg_arguments import SOUND_RATE
from pipelines.webcam.fitting import fit_into
from pipelines.webcam.frames import Rgb
from pipelines.webcam.microphone import Microphone
from pipelines.webcam.push_line import Line
from pipelines.webcam.push_problems import Problem
from pipelines.webcam.ticks import Ticks


class Feed:
    """Frames and sound come in from any thread and never wait; one thread runs lines, one after the other.

    `counts`: frames `arrived` and `used`; `frames` sent, `repeats` of them again; ticks `skipped` while a line took
    nothing.
    """

    def __init__(
        self,
        preset: Preset,
        prepare: Callable[[Rgb], Rgb] = lambda rgb: rgb,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`prepare` does something to each frame of the preset's size, such as laying a label on it."""
        self._preset, self._prepare, self._clock = preset, prepare, clock
        self.microphone = Microphone()
        self.counts: Counter[str] = Counter()
        self._newest: Rgb | None = None
        self._shown: tuple[Rgb, memoryview] | None = None

    @property
    def ready(self) -> bool:
        """Whether there is a frame to begin with."""
        return self._newest is not None

    def put(self, rgb: Rgb) -> None:
        """Show this frame, RGB uint8 HWC of any size, from the next tick on."""
        self._newest = rgb
        self.counts["arrived"] += 1

    def run(self, line: Line, stopping: threading.Event, note: Callable[[Line], None]) -> Problem | None:
        """Feed a line at the preset's rate until it breaks, which is returned, or until stopping. `note` is called
        at each turn."""
        fps, sounded = self._preset.fps, 0
        ticks, skipped = Ticks(fps, self._clock()), self.counts["skipped"]
        self.microphone.clear()
        while not stopping.is_set():
            now = self._clock()
            if line.hungry and ticks.take(now):
                samples = (sounded + 1) * SOUND_RATE // fps - sounded * SOUND_RATE // fps
                line.put(self._draw(), self.microphone.take(samples))
                sounded += 1
            self.counts["skipped"] = skipped + ticks.skipped
            line.carry(ticks.wait(now) if line.hungry else 1 / fps)
            if problem := line.find_problem():
                return problem
            note(line)
        return None

    def _draw(self) -> memoryview:
        """The newest frame's bytes at the preset's size; the same again where there is no newer one."""
        newest, shown = self._newest, self._shown
        self.counts["frames"] += 1
        if shown is not None and shown[0] is newest:
            self.counts["repeats"] += 1
            return shown[1]
        if newest is None:
            raise RuntimeError("there is no frame yet")
        self.counts["used"] += 1
        pixels = self._prepare(fit_into(newest, self._preset.size)).data.cast("B")
        self._shown = (newest, pixels)
        return pixels
