"""Write a film: MP4 with H.264, whole or not at all, with the sound of another film if wished."""

from __future__ import annotations

import os
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from pipelines.video.colours import EXACT

CRF = 17
"""Constant rate factor of x264: 17 is hardly told from the source."""
PRESET = "veryfast"
AUDIO_KEPT = ("aac", "mp3", "ac3")
"""Sound that MP4 takes as it is; other sound becomes AAC."""


class VideoWriter:
    """A film in the making; `write` each frame. A context manager: left by an error, nothing stays.

    Frames of odd sizes are widened by repeating their last column or row: H.264's colours come in pairs.
    """

    def __init__(
        self,
        path: Path,
        size: tuple[int, int],
        rate: Fraction,
        *,
        sound: Path | None = None,
        metadata: Mapping[str, str] | None = None,
        crf: int = CRF,
    ) -> None:
        """`size` (width, height) px; `rate` frames a second, exact; `sound` a film whose sound is kept.

        Raises OSError where the file can't be written.
        """
        import av

        self._path, self._partial = path, path.with_name(f".{path.name}.partial")
        self._container: Any = av.open(
            str(self._partial), "w", format="mp4", options={"movflags": "+faststart+use_metadata_tags"}
        )
        self._container.metadata.update(metadata or {})
        width, height = (side + side % 2 for side in size)
        stream = self._container.add_stream("libx264", rate=rate, options={"preset": PRESET, "crf": str(crf)})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.colorspace = stream.codec_context.color_primaries = (
            stream.codec_context.color_trc
        ) = 1
        stream.time_base = stream.codec_context.time_base = 1 / Fraction(rate)
        self._stream, self._count, self._rate = stream, 0, Fraction(rate)
        self._sound = _Sound(sound, self._container) if sound else None

    def __enter__(self) -> VideoWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.drop()

    def write(self, rgb: np.ndarray) -> None:
        """Add a frame, RGB uint8 HWC of the film's size."""
        import av

        height, width = self._stream.height, self._stream.width
        below, right = height - rgb.shape[0], width - rgb.shape[1]
        if below or right:
            rgb = np.pad(rgb, ((0, below), (0, right), (0, 0)), mode="edge")
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
        frame = frame.reformat(format="yuv420p", dst_colorspace="itu709", interpolation=EXACT)
        frame.pts, frame.time_base = self._count, 1 / self._rate
        self._count += 1
        self._container.mux(self._stream.encode(frame))

    def close(self) -> None:
        """Finish the film and give it its name."""
        self._container.mux(self._stream.encode())
        if self._sound:
            self._sound.copy(float(self._count / self._rate))
        self._container.close()
        os.replace(self._partial, self._path)

    def drop(self) -> None:
        """Leave nothing behind."""
        try:
            self._container.close()
        finally:
            self._partial.unlink(missing_ok=True)


class _Sound:
    """The sound of another film on its way into this one; cut where the pictures end."""

    def __init__(self, path: Path, container: Any) -> None:
        import av

        self._source: Any = av.open(str(path), metadata_errors="replace")
        self._container = container
        streams = self._source.streams.audio
        self._from = streams[0] if streams else None
        self._to: Any = None
        if self._from is None:
            return
        self._kept = self._from.codec_context.name in AUDIO_KEPT
        if self._kept:
            self._to = container.add_stream_from_template(self._from)
        else:
            self._to = container.add_stream("aac", rate=self._from.rate)

    def copy(self, seconds: float) -> None:
        try:
            if self._from is not None:
                self._copy_packets(seconds) if self._kept else self._encode(seconds)
        finally:
            self._source.close()

    def _copy_packets(self, seconds: float) -> None:
        for packet in self._source.demux(self._from):
            if packet.dts is None or float(packet.pts * packet.time_base) >= seconds:
                continue
            packet.stream = self._to
            self._container.mux(packet)

    def _encode(self, seconds: float) -> None:
        for frame in self._source.decode(self._from):
            if frame.time is not None and frame.time >= seconds:
                break
            self._container.mux(self._to.encode(frame))
        self._container.mux(self._to.encode())
