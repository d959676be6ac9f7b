"""Read a film: frames in order, turned upright, as RGB."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.errors import BadInput, TooLarge
from pipelines.video.colours import EXACT
from pipelines.video.info import VideoInfo

if TYPE_CHECKING:
    import av

FASTEST, SLOWEST = 240, 1
"""Frames a second; a rate outside is a broken header."""
USUAL = Fraction(25)
BT709_FROM = 720
"""Height in px from which on films that don't say it are taken to be BT.709, smaller ones BT.601."""
MATRICES = {1: "itu709", 5: "itu601", 6: "itu601", 7: "smpte240m"}
"""ISO/IEC 23091-4's numbers of the colour matrices that swscale knows."""
HINT = "Use an MP4, WebM, MOV or GIF file that other players show."


@dataclass(frozen=True)
class Frame:
    """`rgb` uint8 HWC; `time` seconds since the first frame."""

    rgb: np.ndarray
    time: float


class VideoReader:
    """An open film; iterate for its frames, once. A context manager.

    Raises BadInput for what is no film or holds no picture, TooLarge for frames over `max_pixels`.
    """

    def __init__(self, path: Path, *, max_pixels: int = 1 << 26) -> None:
        import av

        try:
            self._container = av.open(str(path), metadata_errors="replace")
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise BadInput("This file is not a film that can be read.", HINT) from error
        try:
            self._stream, self.info = self._describe(max_pixels)
        except Exception:
            self._container.close()
            raise

    def __enter__(self) -> VideoReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._container.close()

    def __iter__(self) -> Iterator[Frame]:
        import av

        start: float | None = None
        try:
            for number, frame in enumerate(self._container.decode(self._stream)):
                time = float(frame.time) if frame.time is not None else float(number / self.info.rate)
                start = time if start is None else start
                yield Frame(to_rgb(frame), time - start)
        except (av.error.FFmpegError, OSError) as error:
            if start is None:
                raise BadInput("The film's pictures can't be decoded.", HINT) from error
            # What came before the damage is worth keeping; the caller sees fewer frames than announced.
            return

    def _describe(self, max_pixels: int) -> tuple[Any, VideoInfo]:
        import av

        if not self._container.streams.video:
            raise BadInput("This file holds no moving picture.", HINT)
        stream = self._container.streams.video[0]
        stream.thread_type = "AUTO"
        if stream.width * stream.height > max_pixels:
            raise TooLarge(
                f"The film's frames are too large ({stream.width}x{stream.height}).",
                "Scale the film down and try again.",
            )
        try:
            first = next(self._container.decode(stream))
            self._container.seek(0)
        except (StopIteration, av.error.FFmpegError, OSError) as error:
            raise BadInput("The film holds no picture that can be decoded.", HINT) from error
        rate = _sane(stream.average_rate) or _sane(stream.guessed_rate) or USUAL
        seconds = self._seconds(stream)
        width, height = (first.width, first.height)
        if first.rotation % 180:
            width, height = height, width
        frames = stream.frames or round(seconds * rate)
        return stream, VideoInfo(width, height, rate, frames, seconds, bool(self._container.streams.audio))

    def _seconds(self, stream: Any) -> float:
        if stream.duration is not None and stream.time_base is not None:
            return float(stream.duration * stream.time_base)
        return float(self._container.duration or 0) / 1e6


def to_rgb(frame: av.VideoFrame) -> np.ndarray:
    """A decoded frame as upright RGB uint8 HWC, by the colour matrix that it says or that its size suggests."""
    matrix = MATRICES.get(int(frame.colorspace)) or ("itu709" if frame.height >= BT709_FROM else "itu601")
    rgb = frame.reformat(format="rgb24", src_colorspace=matrix, interpolation=EXACT).to_ndarray()
    quarters = round(frame.rotation / 90) % 4
    return np.ascontiguousarray(np.rot90(rgb, quarters)) if quarters else rgb


def at_rate(frames: Iterable[Frame], rate: Fraction) -> Iterator[np.ndarray]:
    """Frames of any timing as an even stream: at each tick the last one shown by then, RGB uint8 HWC."""
    last, tick = None, 0
    for frame in frames:
        while last is not None and tick / rate < frame.time - 1e-6:
            yield last
            tick += 1
        last = frame.rgb
    if last is not None:
        yield last


def _sane(rate: Fraction | None) -> Fraction | None:
    return Fraction(rate) if rate is not None and SLOWEST <= rate <= FASTEST else None
