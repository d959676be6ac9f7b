"""Read a film: frames in order, turned upright, as RGB."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from pipelines.errors import BadInput, TooLarge
from pipelines.video.colours import find_turn, has_alpha, to_rgb
from pipelines.video.info import VideoInfo
from pipelines.video.opening import open_media
from pipelines.video.timing import Frame, find_rate

if TYPE_CHECKING:
    import av

NO_PICTURE = "The film holds no picture that can be decoded."
HINT = "Use an MP4, WebM, MOV or GIF file that other players show."
SEES_ALPHA = {"vp8": "libvpx", "vp9": "libvpx-vp9"}
"""WebM keeps transparency as a second picture beside each frame, which only these decoders read."""


class VideoReader:
    """An open film; iterate for its frames, once. A context manager.

    Raises BadInput for what is no film or holds no picture, TooLarge for frames over `max_pixels`.
    """

    def __init__(self, path: Path, *, max_pixels: int = 1 << 26) -> None:
        import av

        try:
            self._container = open_media(path)
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise BadInput("This file is not a film that can be read.", HINT) from error
        self.damaged = False
        """Whether reading ended early, at something that could not be decoded."""
        try:
            self._stream, self._size, self.info = self._describe(path, max_pixels)
        except BaseException:
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
            for number, frame in enumerate(self._decode(self._stream)):
                time = float(frame.time) if frame.time is not None else float(number / self.info.rate)
                start = time if start is None else start
                shown = float((frame.duration or 0) * (frame.time_base or 0))
                yield Frame(to_rgb(frame, self._size, self._turn), max(0.0, time - start), shown)
        except (av.error.FFmpegError, OSError) as error:
            if start is None:
                raise BadInput("The film's pictures can't be decoded.", HINT) from error
            # What came before the damage is worth keeping; the caller sees fewer frames than announced.
            self.damaged = True

    def _decode(self, stream: Any) -> Iterator[av.VideoFrame]:
        """Frames of the stream, by a decoder of its own where the usual one would leave out transparency."""
        import av

        name = SEES_ALPHA.get(stream.codec_context.name)
        tags = {key.lower(): value for key, value in stream.metadata.items()}
        if name is None or tags.get("alpha_mode") != "1":
            yield from self._container.decode(stream)
            return
        decoder = av.CodecContext.create(name, "r")
        for packet in self._container.demux(stream):
            for frame in decoder.decode(packet if packet.size else None):  # type: ignore[attr-defined]
                frame.time_base = stream.time_base
                yield frame

    def _describe(self, path: Path, max_pixels: int) -> tuple[Any, tuple[int, int], VideoInfo]:
        import av

        if not self._container.streams.video:
            raise BadInput("This file holds no moving picture.", HINT)
        stream = self._container.streams.video[0]
        if stream.codec_context is None:  # pictures of a kind that FFmpeg has no decoder for
            raise BadInput(NO_PICTURE, HINT)
        stream.thread_type = "AUTO"
        check_size(stream.width, stream.height, max_pixels)
        try:
            first = next(self._decode(stream))
            self._container.seek(0)
        except (StopIteration, av.error.FFmpegError, OSError) as error:
            raise BadInput(NO_PICTURE, HINT) from error
        size = square_size(first, stream.sample_aspect_ratio)
        check_size(*size, max_pixels)
        rate, timing = find_rate(stream, path, self._container.format.name)
        seconds = timing.seconds if timing else self._seconds(stream)
        self._turn = find_turn(first)
        rgb_size = size[::-1] if self._turn.quarters % 2 else size
        return (
            stream,
            size,
            VideoInfo(
                *rgb_size,
                rate,
                round(seconds * rate) or stream.frames,
                seconds,
                bool(self._container.streams.audio),
                is_see_through(first),
            ),
        )

    def _seconds(self, stream: Any) -> float:
        if stream.duration is not None and stream.time_base is not None:
            return float(stream.duration * stream.time_base)
        return float(self._container.duration or 0) / 1e6


def check_size(width: int, height: int, max_pixels: int) -> None:
    """Raise TooLarge for frames over `max_pixels`."""
    if width * height > max_pixels:
        raise TooLarge(
            f"The film's frames are too large ({width}x{height}).", "Scale the film down and try again."
        )


def square_size(frame: av.VideoFrame, aspect: Any) -> tuple[int, int]:
    """Width and height in px at which a frame's pixels are square; a flat aspect widens it."""
    shape = float(aspect or 1)
    if not 0.25 <= shape <= 4 or abs(shape - 1) < 0.005:
        return frame.width, frame.height
    return max(1, round(frame.width * shape)), frame.height


def is_see_through(frame: av.VideoFrame) -> bool:
    """Whether a part of the frame shows what is behind it."""
    if not has_alpha(frame):
        return False
    return bool(frame.reformat(format="rgba").to_ndarray()[..., 3].min() < 255)
