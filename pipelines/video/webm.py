"""Write a WebM film with VP9, see-through where its frames are."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import ClassVar

import numpy as np

from pipelines.video.colours import EXACT
from pipelines.video.film_file import FilmFile
from pipelines.video.sound import WEBM_SOUND, SoundKind
from pipelines.video.write import tell_colours

CRF = 24
SPEED = {"deadline": "realtime", "cpu-used": "6", "row-mt": "1", "b": "0"}
NO_ALTERED_ORDER = {"auto-alt-ref": "0"}
"""libvpx keeps the picture and its transparency in step only without frames that are never shown."""


class WebmWriter(FilmFile):
    """A film in the making; `write` each frame. A context manager: left by an error, nothing stays."""

    KIND = "webm"
    SOUND: SoundKind = WEBM_SOUND
    FLAGS: ClassVar[Mapping[str, str]] = {"cues_to_front": "1"}

    def __init__(
        self,
        path: Path,
        size: tuple[int, int],
        rate: Fraction,
        *,
        alpha: bool = False,
        sound: Path | None = None,
        metadata: Mapping[str, str] | None = None,
        crf: int = CRF,
    ) -> None:
        """`size` (width, height) px; `rate` frames a second, exact; `alpha`: frames are RGBA; `crf` 0..63, less
        is better. Raises OSError where the file can't be written."""
        super().__init__(path, sound=sound, metadata=metadata)
        options = {**SPEED, **NO_ALTERED_ORDER, "crf": str(crf)}
        stream = self._container.add_stream("libvpx-vp9", rate=rate, options=options)
        stream.width, stream.height = size
        stream.pix_fmt = "yuva420p" if alpha else "yuv420p"
        tell_colours(stream.codec_context)
        stream.codec_context.time_base = 1 / Fraction(rate)
        self._stream, self._count, self._rate = stream, 0, Fraction(rate)
        self._from = "rgba" if alpha else "rgb24"
        self._begin_sound()

    def write(self, pixels: np.ndarray) -> None:
        """Add a frame, RGB or (with `alpha`) RGBA uint8 HWC, colours not multiplied by alpha."""
        import av

        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format=self._from)
        frame = frame.reformat(format=self._stream.pix_fmt, dst_colorspace="itu709", interpolation=EXACT)
        frame.pts, frame.time_base = self._count, 1 / self._rate
        self._count += 1
        self._container.mux(self._stream.encode(frame))
        self._tell(float(self._count / self._rate))

    def _end(self) -> None:
        self._container.mux(self._stream.encode())
        super()._end()
