"""Write a film: MP4 with H.264, whole or not at all, with the sound of another film if wished."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import numpy as np

from pipelines.video.colours import EXACT
from pipelines.video.mp4 import Mp4File

CRF = 17
"""Constant rate factor of x264: 17 is hardly told from the source."""
PRESET = "veryfast"


class VideoWriter(Mp4File):
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
        xmp: bytes = b"",
        crf: int = CRF,
    ) -> None:
        """`size` (width, height) px; `rate` frames a second, exact; `sound` a film whose sound is kept, cut
        where the pictures end; `xmp` a whole XMP packet.

        Raises OSError where the file can't be written.
        """
        super().__init__(path, sound=sound, metadata=metadata, xmp=xmp)
        width, height = (side + side % 2 for side in size)
        stream = self._container.add_stream("libx264", rate=rate, options={"preset": PRESET, "crf": str(crf)})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.colorspace = stream.codec_context.color_primaries = (
            stream.codec_context.color_trc
        ) = 1
        stream.time_base = stream.codec_context.time_base = 1 / Fraction(rate)
        self._stream, self._count, self._rate = stream, 0, Fraction(rate)
        self._begin_sound()

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
        self._tell(float(self._count / self._rate))

    def _end(self) -> None:
        self._container.mux(self._stream.encode())
        super()._end()
