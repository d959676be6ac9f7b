"""An MP4 file in the making: playable while it loads, with its AI label as XMP."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from pipelines.video.film_file import FilmFile

XMP_BOX = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
"""The type of the box that holds XMP in an MP4 file (Adobe, "XMP Specification Part 3", 1.1.4)."""


class Mp4File(FilmFile):
    """See `FilmFile`."""

    FLAGS: ClassVar[Mapping[str, str]] = {"movflags": "+faststart+use_metadata_tags"}

    def __init__(
        self, path: Path, *, sound: Path | None, metadata: Mapping[str, str] | None, xmp: bytes
    ) -> None:
        """`sound`: a film whose sound is kept; `xmp`: a whole XMP packet, b"" for none."""
        super().__init__(path, sound=sound, metadata=metadata)
        self._xmp = xmp

    def _seal(self, path: Path) -> None:
        if self._xmp:
            append_xmp(path, self._xmp)


def append_xmp(path: Path, packet: bytes) -> None:
    """Add an XMP packet to an MP4 file that has none, as its last box."""
    with path.open("ab") as out:
        out.write((8 + len(XMP_BOX) + len(packet)).to_bytes(4, "big") + b"uuid" + XMP_BOX + packet)
