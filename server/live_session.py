"""One live client: its loop, its options, and what it asks for."""

from __future__ import annotations

import base64
import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from pipelines.errors import BadInput, Busy, InkframeError
from pipelines.webcam.options import LiveOptions
from pipelines.webcam.session import Session
from server.live_outbox import Outbox
from server.live_protocol import Styled, read_frame, read_text, write_error, write_frame, write_text

log = logging.getLogger(__name__)

QUIET_SECONDS = 1.0
"""The same complaint is not made more often: garbage may come two hundred times a second."""
MOST_AGE = 60_000
"""Ms above which a frame's age is a mistake."""
SAMPLE = 2
"""Bytes of a sample of sound."""
MOST_WAITING = 32
"""Wishes of one client that wait for the one before them."""
GENERIC = InkframeError("Something went wrong inside Inkframe.", "The log has the details; please report it.")


@dataclass(frozen=True)
class LiveLimits:
    """`sessions` at once in this process, `frame_bytes` and `text_chars` of a message, `a_second` messages that
    are read, seconds without a frame (`idle`) and of a send that does not end (`stuck`), and between stats."""

    sessions: int = 8
    frame_bytes: int = 4_000_000
    text_chars: int = 200_000
    a_second: int = 400
    idle: float = 60.0
    stuck: float = 10.0
    stats: float = 0.5


class Loop(Protocol):
    """What a session needs of pipelines.webcam.loop."""

    def offer(self, number: int, captured_ms: float, data: bytes) -> None: ...
    def offer_rgb(self, number: int, captured_ms: float, rgb: Any) -> None: ...
    @property
    def options(self) -> LiveOptions: ...
    def change(self, options: LiveOptions) -> None: ...
    def renew(self) -> None: ...
    def seen(self, number: int, age_ms: float) -> None: ...
    def tap(self, take: Callable[[Any, float], None]) -> Callable[[], None]: ...
    def stats(self) -> Any: ...
    def close(self) -> None: ...


class OpenLoop(Protocol):
    """Makes a loop that hands finished frames to `deliver`, as JPEG if `encode`, troubles to `on_trouble`, and
    each new drawer to `on_drawer`."""

    def __call__(
        self,
        options: LiveOptions,
        deliver: Callable[[Styled], None],
        on_trouble: Callable[[InkframeError], None],
        *,
        encode: bool,
        on_drawer: Callable[[LiveOptions, Any], None],
    ) -> Loop: ...


Extra = Callable[["LiveSession", Mapping[str, Any]], None]


class LiveSession:
    """Takes a client's messages from the event loop, never waiting: wishes are met by a thread of its own, in their
    order, so that frames go on meanwhile. `extras` are further kinds of text messages.

    What runs beside the loop hangs on the session under its name: `facts` for the stats, `ears` for the
    microphone's sound, `changes` for another drawer, `endings` for its end.
    """

    def __init__(
        self,
        outbox: Outbox,
        open_loop: OpenLoop,
        limits: LiveLimits,
        extras: Mapping[str, Extra] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.outbox, self.limits = outbox, limits
        self.loop: Loop | None = None
        self.refused = 0
        self.show: Callable[[Styled], None] = self._send
        self.encodes = True
        self.newest: Styled | None = None
        self.drawer: Any = None
        self.story = Session()
        self.facts: dict[str, Callable[[], Any]] = {}
        self.ears: dict[str, Callable[[bytes], None]] = {}
        self.changes: dict[str, Callable[[LiveOptions, Any], None]] = {}
        self.endings: dict[str, Callable[[], None]] = {}
        self._open_loop, self._clock = open_loop, clock
        self._wishes: dict[str, Extra] = {"controls": LiveSession._control, **(extras or {})}
        self._worker = ThreadPoolExecutor(1, "live-wishes")
        self._waiting = threading.Semaphore(MOST_WAITING)
        self._last_taken = -1
        self._last_sent = -1
        self._begun = False
        self._closed = False
        self._told: dict[str, float] = {}
        self.last_frame = clock()

    def take_bytes(self, message: bytes) -> None:
        """A frame: handed to the loop, which keeps the newest only."""
        try:
            frame = read_frame(message, self.limits.frame_bytes)
        except InkframeError as error:
            self.refuse(error)
            return
        if self.note_frame(frame.number) and self.loop is not None:
            self.loop.offer(frame.number, frame.captured_ms, frame.data)

    def take_rgb(self, captured_ms: float, rgb: Any) -> None:
        """A frame whose bytes another transport took apart: RGB uint8 HWC."""
        number = self._last_taken + 1
        if self.note_frame(number) and self.loop is not None:
            self.loop.offer_rgb(number, captured_ms, rgb)

    def note_frame(self, number: int) -> bool:
        """Whether a frame is newer than all before it. The first one starts the loop."""
        self.last_frame = self._clock()
        if number <= self._last_taken:
            self.refused += 1
            return False
        self._last_taken = number
        if not self._begun:
            self.take_wish({"type": "controls"})
        return True

    def take_text(self, text: str) -> None:
        """A wish in JSON."""
        try:
            message = read_text(text, self.limits.text_chars)
            if message["type"] == "seen":
                self._note_seen(message.get("frames"))
            elif message["type"] == "sound":
                self._hear(message.get("pcm"))
            else:
                self.take_wish(message)
        except InkframeError as error:
            self.complain(error)

    def take_wish(self, message: Mapping[str, Any]) -> None:
        """Queue a wish. Raises BadInput for an unknown one, Busy when too many wait."""
        if message["type"] not in self._wishes:
            raise BadInput(
                f"There is no message {message['type'][:40]!r}.",
                f"Send one of: {', '.join(self._wishes)}, seen, sound.",
            )
        if not self._waiting.acquire(blocking=False):
            raise Busy("Too many messages wait.", "Send fewer.")
        self._begun = self._begun or message["type"] == "controls"
        self._worker.submit(self._meet, message)

    @property
    def options(self) -> LiveOptions:
        """What was asked for last and is not known to fail."""
        return self.loop.options if self.loop is not None else LiveOptions()

    @property
    def idle_seconds(self) -> float:
        """Since the last frame, or since the session began."""
        return self._clock() - self.last_frame

    def stats(self) -> dict[str, Any]:
        """What the dashboard shows; without a loop little more than the options."""
        own = {"options": asdict(self.options), "refused": self.refused, "overtaken": self.outbox.overtaken}
        loop = self.loop.stats().as_dict() if self.loop is not None else {}
        return {**loop, **own, **{name: tell() for name, tell in list(self.facts.items())}}

    def tell_stats(self) -> None:
        """Send the client the stats, and keep them for the report."""
        stats = self.stats()
        if self.loop is not None:
            self.story.add(stats)
        self.tell("stats", **stats)

    def tell(self, kind: str, /, **facts: Any) -> None:
        """Send the client a text message."""
        self.outbox.put_text(write_text(kind, **facts))

    def refuse(self, error: InkframeError) -> None:
        """Count a frame that is not taken, and say why."""
        self.refused += 1
        self.complain(error)

    def complain(self, error: InkframeError) -> None:
        """Tell the client of an error, the same one at most once a second."""
        now, key = self._clock(), f"{error.code} {error.message}"
        if now - self._told.get(key, -QUIET_SECONDS) >= QUIET_SECONDS:
            self._told = {told: at for told, at in self._told.items() if now - at < QUIET_SECONDS} | {
                key: now
            }
            self.outbox.put_text(write_error(error))

    def close(self) -> Future[None]:
        """End the loop and all that hangs on it, which is done when the future is.

        The wish in work is met before that; for those that wait the client is gone.
        """
        self._closed = True
        ended = self._worker.submit(self._end)
        self._worker.shutdown(wait=False)
        return ended

    def end(self, name: str) -> None:
        """End what runs beside the loop, if it does. Raises what its end raises."""
        for hung in (self.ears, self.changes, self.facts):
            hung.pop(name, None)
        self.endings.pop(name, lambda: None)()

    def _end(self) -> None:
        for name in reversed(list(self.endings)):
            try:
                self.end(name)
            except InkframeError as error:
                log.warning("%s of a live session: %s", name, error)
            except Exception:  # the others must end all the same
                log.exception("%s of a live session did not end well", name)
        if self.loop is not None:
            self.loop.close()

    def _meet(self, message: Mapping[str, Any]) -> None:
        try:
            if not self._closed:
                self._wishes[message["type"]](self, message)
        except InkframeError as error:
            self.complain(error)
        except Exception:  # a wish that fails must not end the thread
            log.exception("a live wish failed: %s", message["type"])
            self.complain(GENERIC)
        finally:
            self._waiting.release()

    def _control(self, message: Mapping[str, Any]) -> None:
        changes = {name: value for name, value in message.items() if name != "type"}
        options = LiveOptions.parse({**asdict(self.options), **changes})
        if self.loop is None:
            self.loop = self._open_loop(
                options, self._deliver, self.complain, encode=self.encodes, on_drawer=self._change_drawer
            )
        elif options != self.loop.options:
            self.loop.change(options)

    def _change_drawer(self, options: LiveOptions, drawer: Any) -> None:
        self.drawer = drawer
        for change in list(self.changes.values()):
            change(options, drawer)

    def _hear(self, text: Any) -> None:
        """The microphone's sound, base64 of s16le at 48 kHz, one channel. Raises BadInput."""
        try:
            chunk = base64.b64decode(text, validate=True) if isinstance(text, str) else b""
        except ValueError:  # no base64, or not even ASCII
            chunk = b""
        if not chunk or len(chunk) % SAMPLE:
            raise BadInput("A message of sound has none.", "Send base64 of 16-bit samples at 48 kHz as pcm.")
        for hear in list(self.ears.values()):
            hear(chunk)

    def _note_seen(self, frames: Any) -> None:
        for row in frames[: self.limits.a_second] if isinstance(frames, list) else []:
            match row:
                case [int(number), int(age) | float(age)] if 0 <= age < MOST_AGE and self.loop is not None:
                    self.loop.seen(number, float(age))

    def _deliver(self, styled: Styled) -> None:
        if styled.number > self._last_sent and not self._closed:
            self._last_sent, self.newest = styled.number, styled
            self.show(styled)

    def _send(self, styled: Styled) -> None:
        if styled.jpeg is not None:
            self.outbox.put_frame(write_frame(styled, styled.jpeg))
