"""The live loop: prepare, draw, smooth and finish in a thread each, handing over only the newest frame.

While a frame is drawn, the next is decoded and those before it are smoothed and encoded; OpenCV and ONNX Runtime let
other threads run meanwhile. Nothing waits in a queue: what comes too fast makes way and is counted.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from pipelines.errors import InkframeError
from pipelines.webcam.cast import Cast
from pipelines.webcam.frames import Arrival, Drawer, Drawn, Passing, Prepared, Rgb, Styled
from pipelines.webcam.load import MachineLoad
from pipelines.webcam.options import LiveOptions
from pipelines.webcam.picture_header import is_jpeg, read_size
from pipelines.webcam.smoothing import Smoother
from pipelines.webcam.stages import check_size, decode, encode, fit
from pipelines.webcam.taps import Take, Taps
from pipelines.webcam.telemetry import Stats, Telemetry
from pipelines.webcam.understudy import OpenDrawer, Understudy, broken
from pipelines.webcam.worker import Worker

log = logging.getLogger(__name__)

PASSING_QUALITY = 80
"""A file goes back as it came where at least this quality is wanted: a lower one wants smaller files."""
MOST_MS = 0xFFFF
"""The protocol has two bytes for the server's time."""


class LiveLoop:
    """One session. Frames go in by `offer`, styled ones come out by `deliver`, in the order of their numbers.

    `deliver`, `on_trouble` and `on_look` are called from the loop's threads and must return soon. Nothing is delivered
    before the first drawer stands: what was asked to be hidden is never shown.
    """

    def __init__(
        self,
        open_drawer: OpenDrawer,
        options: LiveOptions,
        deliver: Callable[[Styled], None],
        clock: Callable[[], float] = time.perf_counter,
        *,
        encode: bool = True,
        on_trouble: Callable[[InkframeError], None] | None = None,
        on_look: Callable[[LiveOptions, Drawer], None] = lambda options, drawer: None,
    ) -> None:
        """`encode=False` leaves the JPEG out, for transports that want pixels; `on_look` hears of each drawer
        that draws from now on, or draws in another way."""
        self._deliver, self._clock, self._encodes = deliver, clock, encode
        self.on_trouble = on_trouble
        self._last, self._sent, self._told = -1, -1, ""
        self._cast = Cast(options, clock, lambda look: on_look(look.options, look.drawer))
        self._smoother = Smoother()
        self._telemetry, self._taps, self._machine = Telemetry(clock), Taps(), MachineLoad()
        self._understudy = Understudy(open_drawer, self._take_over, self._stay)
        self._understudy.ask(options)
        self._finisher: Worker[Drawn | Passing] = Worker("live-finish", self._finish, self._lose)
        self._steadier = Worker("live-smooth", self._smooth, self._lose)
        self._painter = Worker("live-draw", self._draw, self._lose)
        self._preparer = Worker("live-prepare", self._prepare, self._lose)

    def __enter__(self) -> LiveLoop:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def options(self) -> LiveOptions:
        """What was asked for last and is not known to fail."""
        return self._cast.options

    def offer(self, number: int, captured_ms: float, data: bytes) -> None:
        """Take a JPEG or WebP file; never waits, never raises. Numbers that don't grow are dropped."""
        self._arrive(number, captured_ms, data)

    def offer_rgb(self, number: int, captured_ms: float, rgb: Rgb) -> None:
        """Take RGB uint8 HWC, which must not be changed afterwards; else like `offer`."""
        self._arrive(number, captured_ms, rgb)

    def change(self, options: LiveOptions) -> None:
        """Follow other options: at once, or as soon as their drawer stands. Returns at once."""
        needed = self._cast.change(options)
        if needed or (self._cast.look is None and self._understudy.preparing is None):
            self._understudy.ask(options)

    def renew(self) -> None:
        """Open the drawer in use anew, as when a style's own net has come to be. Returns at once."""
        self._understudy.ask(self._cast.options)

    def seen(self, number: int, age_ms: float) -> None:
        """Take the client's word for how old frame `number` was when it was shown."""
        if 0 <= age_ms < 60_000:
            self._telemetry.seen(age_ms)

    def tap(self, take: Take) -> Callable[[], None]:
        """Have `take(rgb, time)` called with the newest frames, from a thread of its own; a slow one loses
        frames. `time`: the loop's clock when the frame came in. Returns what ends it."""
        return self._taps.add(take)

    def stats(self) -> Stats:
        """The loop's pulse now."""
        waiting = self._understudy.preparing
        return Stats(
            preparing=waiting.style if waiting else "",
            **self._telemetry.facts(),
            **self._cast.facts(),
            **self._machine.facts(),  # type: ignore[arg-type]
        )

    def close(self) -> None:
        """End the threads and let go of the drawer. May be called twice, and from `deliver`."""
        workers = self._preparer, self._painter, self._steadier, self._finisher
        self._understudy.close()
        self._taps.close()
        for worker in workers:
            worker.stop()
        for worker in workers:
            worker.join()
        self._cast.close()

    def _arrive(self, number: int, captured_ms: float, content: bytes | Rgb) -> None:
        self._telemetry.arrived()
        if number <= self._last:
            self._telemetry.dropped("late")
            return
        self._last = number
        if self._preparer.put(Arrival(number, captured_ms, self._clock(), content)):
            self._telemetry.dropped("arrival")

    def _prepare(self, arrival: Arrival) -> None:
        passing = self._pass(arrival)
        if passing is not None:
            if self._finisher.put(passing):
                self._telemetry.dropped("finish")
            return
        rgb = self._open(arrival)
        if rgb is None:
            return
        plan = self._cast.plan((rgb.shape[1], rgb.shape[0]))
        with self._telemetry.time("fit"):
            fitted = fit(rgb, plan.size, plan.mirror)
        self._understudy.frame = fitted
        if self._cast.look is None:
            self._telemetry.dropped("preparing")
        elif self._painter.put(Prepared(arrival, fitted, plan.longest)):
            self._telemetry.dropped("draw")

    def _pass(self, arrival: Arrival) -> Passing | None:
        """The file itself, where nothing is done to its picture and nobody else wants to see it."""
        look, content, options = self._cast.look, arrival.content, self._cast.options
        if look is None or not look.drawer.leaves or not isinstance(content, bytes) or not is_jpeg(content):
            return None
        if not self._encodes or options.quality < PASSING_QUALITY or self._taps or self._understudy.preparing:
            return None
        size = read_size(content)
        if size is None:
            return None
        plan = self._cast.plan(size)
        if plan.mirror or plan.size != size:
            return None
        return Passing(arrival, content, size, plan.longest)

    def _open(self, arrival: Arrival) -> Rgb | None:
        content = arrival.content
        try:
            if isinstance(content, np.ndarray):
                check_size((content.shape[1], content.shape[0]))
                return content
            with self._telemetry.time("decode"):
                return decode(content, int(self._cast.options.ceiling))
        except InkframeError as error:
            self._telemetry.dropped("too large" if error.status == 413 else "unreadable")
            if error.status == 413:
                self._tell(error)
        return None

    def _draw(self, prepared: Prepared) -> None:
        look = self._cast.look
        if look is None:
            return
        start = self._clock()
        try:
            rgb = look.drawer.draw(prepared.rgb)
        except InkframeError as error:
            self._fail(error)
            return
        except Exception as error:
            if self._fail(broken(look.options)):
                log.error("drawing a live frame failed", exc_info=error)
            return
        seconds = self._clock() - start
        self._telemetry.took("draw", seconds)
        if self._steadier.put(Drawn(prepared, rgb, look.number, seconds)):
            self._telemetry.dropped("finish")

    def _smooth(self, drawn: Drawn) -> None:
        start, strength = self._clock(), self._cast.options.smoothing
        rgb = self._smoother.smooth(drawn.prepared.rgb, drawn.rgb, strength, drawn.look)
        seconds = self._clock() - start
        self._telemetry.took("smooth", seconds)
        if self._finisher.put(replace(drawn, rgb=rgb, slowest=max(drawn.slowest, seconds))):
            self._telemetry.dropped("finish")

    def _finish(self, frame: Drawn | Passing) -> None:
        if isinstance(frame, Passing):
            self._cast.note(frame.longest, 0.0, frame.size)
            self._send(frame.arrival, frame.jpeg, None)
            return
        start, rgb, jpeg = self._clock(), frame.rgb, None
        if self._encodes:
            with self._telemetry.time("encode"):
                jpeg = encode(rgb, round(self._cast.options.quality))
        slowest = max(frame.slowest, self._clock() - start)
        self._cast.note(frame.prepared.longest, slowest, (rgb.shape[1], rgb.shape[0]))
        for _ in range(self._taps.put(rgb, frame.prepared.arrival.at)):
            self._telemetry.dropped("tap")
        self._send(frame.prepared.arrival, jpeg, rgb)

    def _send(self, arrival: Arrival, jpeg: bytes | None, rgb: Rgb | None) -> None:
        """Deliver a frame, unless a later one that passed by was faster."""
        if arrival.number < self._sent:
            self._telemetry.dropped("finish")
            return
        self._sent = arrival.number
        server_ms = 1000 * (self._clock() - arrival.at)
        self._deliver(Styled(arrival.number, arrival.captured_ms, min(round(server_ms), MOST_MS), jpeg, rgb))
        self._telemetry.delivered(server_ms, len(jpeg or b""))

    def _take_over(self, options: LiveOptions, drawer: Drawer) -> None:
        self._cast.take_over(options, drawer)
        self._told = ""

    def _stay(self, options: LiveOptions, error: InkframeError) -> None:
        self._cast.stay(options)
        self._told = ""
        self._tell(error)

    def _fail(self, error: InkframeError) -> bool:
        self._lose()
        return self._tell(error)

    def _tell(self, error: InkframeError) -> bool:
        """Say a thing once, not thirty times a second; returns whether it was new."""
        new, self._told = self._told != str(error), str(error)
        if new and self.on_trouble is not None:
            self.on_trouble(error)
        return new

    def _lose(self) -> None:
        self._telemetry.dropped("failed")
