"""When a film's frames are shown: its rate, its length, and an even stream of uneven frames."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.video.opening import open_media

FASTEST, SLOWEST = 240, 1
"""Frames a second; a rate outside is a broken header."""
USUAL = Fraction(25)
FASTEST_GIF = Fraction(50)
"""Browsers show no GIF faster than this."""
TIMED_BY_FRAME = ("gif", "apng")
"""Containers whose frames each say how long they stay; their mean rate would drop the short ones."""
COMMON = tuple(Fraction(rate * 1000, by) for rate in (15, 24, 25, 30, 50, 60) for by in (1000, 1001))
ROUNDED, DRIFT = 0.0007, 0.1
"""Share by which a rate worked out from times may be off, and by which a header may be before it is wrong."""
EVEN = 0.05
"""Share by which mean and median of the gaps between frames differ at most where a film is even."""
FINEST = 1001 * 60
"""Largest denominator of a rate: what is finer comes from rounded times, not from a clock."""


@dataclass(frozen=True)
class Frame:
    """`rgb` uint8 HWC; `time` seconds since the first frame; `seconds` that it is shown, 0 when unknown."""

    rgb: np.ndarray
    time: float
    seconds: float = 0.0


@dataclass(frozen=True)
class Timing:
    """What the packets of a film say: `seconds` in all, `usual` and `shortest` seconds between two of its
    `count` frames."""

    count: int
    seconds: float
    usual: float
    shortest: float


def at_rate(frames: Iterable[Frame], rate: Fraction) -> Iterator[np.ndarray]:
    """Frames of any timing as an even stream: at each tick the one that is shown then, RGB uint8 HWC.

    A frame that is shown for several ticks comes as the same array. Times may be off by half a tick: WebM
    rounds them to milliseconds, and cameras are never quite even.
    """
    last, tick = None, 0
    for frame in frames:
        while last is not None and (tick + 0.5) / rate <= frame.time:
            yield last.rgb
            tick += 1
        last = frame
    while last is not None:
        yield last.rgb
        tick += 1
        last = last if (tick + 0.5) / rate <= last.time + last.seconds else None


def find_rate(stream: Any, path: Path, container: str) -> tuple[Fraction, Timing | None]:
    """Frames a second of a video stream, and its packets' timing where the header does not say its length."""
    if container in TIMED_BY_FRAME:
        measured = measure(path)
        rate = Fraction(1 / measured.shortest).limit_denominator(FINEST) if measured.shortest else USUAL
        return min(max(rate, Fraction(SLOWEST)), FASTEST_GIF), measured
    announced, has_length = sane(stream.average_rate), bool(stream.duration or stream.container.duration)
    if announced and has_length and is_near(announced, stream.base_rate):
        return announced, None
    measured = measure(path)
    timing = None if has_length else measured
    counted = sane(snap(1 / measured.usual)) if measured.usual else None
    if announced and is_near(announced, counted):
        return announced, timing
    return counted or announced or sane(stream.guessed_rate) or USUAL, timing


def is_near(rate: Fraction, other: Fraction | None) -> bool:
    """Whether two rates are one: a mean over pauses is far from the rate at which frames follow each other."""
    return other is not None and other > 0 and abs(rate / other - 1) < DRIFT


def snap(rate: float) -> Fraction:
    """The rate that cameras and screens have where it is within what rounded times leave open."""
    near = min(COMMON, key=lambda each: abs(each - rate))
    return near if abs(near / rate - 1) < ROUNDED else Fraction(rate).limit_denominator(100)


def sane(rate: Fraction | None) -> Fraction | None:
    """The rate, or None where it is none that a film has."""
    if rate is None or not SLOWEST <= rate <= FASTEST:
        return None
    return Fraction(rate).limit_denominator(FINEST)


def measure(path: Path) -> Timing:
    """Go through the packets of a film's pictures without decoding them; damage ends it early."""
    import av

    times, end, last = [], 0.0, 0.0
    with open_media(path) as container:
        stream = container.streams.video[0]
        try:
            for packet in container.demux(stream):
                moment = packet.dts if packet.pts is None else packet.pts
                if moment is not None and packet.time_base is not None:
                    times.append(float(moment * packet.time_base))
                    last = float((packet.duration or 0) * packet.time_base)
                    end = max(end, times[-1] + last)
        except (av.error.FFmpegError, OSError):
            pass  # cut off or damaged: what came before is what there is
    gaps = np.diff(np.sort(times))
    gaps = gaps[gaps > 1e-6]
    if not len(gaps):
        return Timing(len(times), end - times[0] if times else 0.0, last, last)
    middle, mean = float(np.median(gaps)), float(gaps.mean())
    usual = mean if abs(mean / middle - 1) < EVEN else middle
    seconds = end - min(times) + (0 if last else usual)
    return Timing(len(times), seconds, usual, float(gaps.min()))
