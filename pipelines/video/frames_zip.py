"""Write a film as numbered PNG pictures in a zip."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from pipelines.image.encode import encode_image
from pipelines.video.whole import WholeOrGone

NAME = "frame-{:06d}.png"


class FramesZip(WholeOrGone):
    """Pictures in the making; `write` each frame. A context manager: left by an error, nothing stays.

    Stored, not packed: they would not shrink.
    """

    def __init__(self, path: Path, *, xmp: bytes = b"", text: Mapping[str, str] | None = None) -> None:
        """`xmp` and `text` stand in each picture. Raises OSError."""
        self._path, self._partial = path, path.with_name(f".{path.name}.partial")
        self._xmp, self._text, self._count = xmp, text, 0
        self._zip = zipfile.ZipFile(self._partial, "w", zipfile.ZIP_STORED)

    def write(self, pixels: np.ndarray) -> None:
        """Add a frame, RGB or RGBA uint8 HWC, colours not multiplied by alpha."""
        alpha = np.ascontiguousarray(pixels[..., 3]) if pixels.shape[2] == 4 else None
        rgb = np.ascontiguousarray(pixels[..., :3])
        self._count += 1
        data = encode_image(rgb, alpha, format="png", xmp=self._xmp or None, text=self._text)
        self._zip.writestr(NAME.format(self._count), data)

    def close(self) -> None:
        """Finish the zip and give it its name."""
        try:
            self._zip.close()
            os.replace(self._partial, self._path)
        except BaseException:
            self.drop()
            raise

    def drop(self) -> None:
        """Leave nothing behind."""
        if self._zip.fp is not None:
            self._zip.fp.close()
            self._zip.fp = None
        self._partial.unlink(missing_ok=True)
