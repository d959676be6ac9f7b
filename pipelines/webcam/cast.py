"""Who draws now, at what size, by which options: what the loop's threads have in common."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pipelines.webcam.adaptive import Adaptive, Goal
from pipelines.webcam.following import make_goal, needs_adjusting, needs_drawer, stay_with
from pipelines.webcam.frames import Drawer, Size
from pipelines.webcam.options import LiveOptions
from pipelines.webcam.stages import find_size

START = 384
"""Longer side of the first frames, px."""


@dataclass(frozen=True)
class Look:
    """A drawer on stage; `number` grows with each that takes over, or draws in another way."""

    options: LiveOptions
    drawer: Drawer
    number: int


@dataclass(frozen=True)
class Plan:
    """How the next frame is prepared: its size, and the longer side that was aimed at."""

    size: Size
    longest: int
    mirror: bool


class Cast:
    """Safe to use from several threads."""

    def __init__(
        self, options: LiveOptions, clock: Callable[[], float], changed: Callable[[Look], None]
    ) -> None:
        """`changed` is told of each look that comes on stage, by the thread that brought it."""
        self.options = options
        """What was asked for last and is not known to fail."""
        self.look: Look | None = None
        self._clock, self._changed, self._lock = clock, changed, threading.Lock()
        self._adaptive = Adaptive(make_goal(options), clock, START)
        self._shown: Size = (0, 0)
        self._closed = False

    def change(self, options: LiveOptions) -> bool:
        """Follow other options as far as that can be done at once; returns whether a drawer is needed."""
        with self._lock:
            before, self.options = self.options, options
            self._aim()
            look = self._adjust()
        if look is not None:
            self._changed(look)
        return needs_drawer(before, options)

    def take_over(self, options: LiveOptions, drawer: Drawer) -> None:
        """Put a drawer that stands on stage."""
        with self._lock:
            if self._closed:
                return
            first, number = self.look is None, self.look.number + 1 if self.look else 0
            look = self.look = Look(stay_with(options, self.options), drawer.adjust(self.options), number)
            if first:
                self._adaptive = Adaptive(self._goal(), self._clock, START)
            else:
                self._aim()
        self._changed(look)

    def stay(self, failed: LiveOptions) -> None:
        """Take back a wish that could not be met, unless another one followed it."""
        with self._lock:
            if self.look is not None and not needs_drawer(self.options, failed):
                self.options = stay_with(self.look.options, self.options)

    def plan(self, source: Size) -> Plan:
        """For a frame of that size."""
        with self._lock:
            self._adaptive.bound(max(source))
            longest = self._adaptive.longest
            size = find_size(source, longest, self._goal().multiple)
            return Plan(size, longest, self.options.mirror)

    def note(self, longest: int, seconds: float, shown: Size) -> None:
        """Take what the slowest thread needed for a frame, and the size at which it was shown."""
        with self._lock:
            self._shown = shown
            self._adaptive.note(longest, seconds)

    def facts(self) -> dict[str, Any]:
        """The fields of Stats that are known here."""
        with self._lock:
            move, look = self._adaptive.move, self.look
            return {
                "width": self._shown[0],
                "height": self._shown[1],
                "longest": move.now,
                "size_before": move.before,
                "size_why": move.why,
                "size_took_ms": move.took_ms,
                "size_allowed_ms": move.allowed_ms,
                "size_sentence": move.sentence,
                "target_fps": self.options.target_fps,
                "style": look.options.style if look else "",
                "smoothing": self.options.smoothing,
            }

    def close(self) -> None:
        """Let go of the drawer, for good."""
        with self._lock:
            self._closed, self.look = True, None

    def _adjust(self) -> Look | None:
        look = self.look
        if look is None or not needs_adjusting(look.options, self.options):
            return None
        drawn = stay_with(look.options, self.options)
        self.look = Look(drawn, look.drawer.adjust(drawn), look.number + 1)
        return self.look

    def _aim(self) -> None:
        self._adaptive.aim(self._goal())

    def _goal(self) -> Goal:
        return make_goal(self.options, self.look.drawer.multiple if self.look else 1)
