"""Write a film: MP4 with H.264, whole or not at all, with the sound of another film if wished."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.video.colours import EXACT
from pipelines.video.encoders import CRF, SOFTWARE, Encoder
from pipelines.video.mp4 import Mp4File

BT709 = 1
"""ISO/IEC 23091-2's number of BT.709's primaries, transfer and matrix."""
STUDIO_RANGE = 1


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
        encoder: Encoder = SOFTWARE,
    ) -> None:
        """`size` (width, height) px; `rate` frames a second, exact; `sound` a film whose sound is kept, cut
        where the pictures end; `xmp` a whole XMP packet; `crf` 0..51, less is better.

        Raises OSError where the file can't be written.
        """
        super().__init__(path, sound=sound, metadata=metadata, xmp=xmp)
        width, height = (side + side % 2 for side in size)
        stream = self._container.add_stream(encoder.codec, rate=rate, options=encoder.options(crf))
        stream.width, stream.height, stream.pix_fmt = width, height, encoder.pixels
        tell_colours(stream.codec_context)
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
        frame = frame.reformat(format=self._stream.pix_fmt, dst_colorspace="itu709", interpolation=EXACT)
        frame.pts, frame.time_base = self._count, 1 / self._rate
        self._count += 1
        self._container.mux(self._stream.encode(frame))
        self._tell(float(self._count / self._rate))

    def _end(self) -> None:
        self._container.mux(self._stream.encode())
        super()._end()


def tell_colours(codec: Any) -> None:
    """Write into a stream that it is BT.709 in studio range, as players take for granted."""
    codec.colorspace = codec.color_primaries = codec.color_trc = BT709
    codec.color_range = STUDIO_RANGE
