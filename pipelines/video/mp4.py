"""An MP4 file in the making: whole under its name or not at all, labelled, with the sound of another film."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from pipelines.video.sound import Sound

XMP_BOX = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
"""The type of the box that holds XMP in an MP4 file (Adobe, "XMP Specification Part 3", 1.1.4)."""


class Mp4File:
    """A context manager; left by an error, nothing stays. Raises OSError where the file can't be written."""

    def __init__(
        self, path: Path, *, sound: Path | None, metadata: Mapping[str, str] | None, xmp: bytes
    ) -> None:
        """`sound`: a film whose sound is kept; `xmp`: a whole XMP packet, b"" for none."""
        import av

        self._path, self._partial = path, path.with_name(f".{path.name}.partial")
        self._xmp = xmp
        self._seconds = 0.0
        self._container: Any = av.open(
            str(self._partial), "w", format="mp4", options={"movflags": "+faststart+use_metadata_tags"}
        )
        self._container.metadata.update(metadata or {})
        self._sound_from = sound
        self._sound: Sound | None = None

    def __enter__(self) -> Any:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.drop()

    @property
    def sound_lost(self) -> bool:
        """Whether sound was there and some of it could not be kept."""
        return self._sound is not None and self._sound.lost

    def close(self) -> None:
        """Finish the film and give it its name."""
        try:
            self._end()
            self._container.close()
            if self._xmp:
                append_xmp(self._partial, self._xmp)
            os.replace(self._partial, self._path)
        except BaseException:
            self.drop()
            raise
        self._close_sound()

    def drop(self) -> None:
        """Leave nothing behind."""
        self._close_sound()
        try:
            self._container.close()
        finally:
            self._partial.unlink(missing_ok=True)

    def _begin_sound(self) -> None:
        """Call when the pictures' stream is there: it is to be the first."""
        if self._sound_from is not None:
            self._sound = Sound(self._sound_from, self._container)

    def _tell(self, seconds: float) -> None:
        """The pictures have come so far: so may the sound."""
        self._seconds = seconds
        if self._sound is not None:
            self._sound.advance(seconds)

    def _end(self) -> None:
        if self._sound is not None:
            self._sound.finish(self._seconds)

    def _close_sound(self) -> None:
        if self._sound is not None:
            self._sound.close()


def append_xmp(path: Path, packet: bytes) -> None:
    """Add an XMP packet to an MP4 file that has none, as its last box."""
    with path.open("ab") as out:
        out.write((8 + len(XMP_BOX) + len(packet)).to_bytes(4, "big") + b"uuid" + XMP_BOX + packet)


def read_xmp(path: Path) -> bytes:
    """The XMP packet among an MP4 file's outer boxes, b"" when there is none."""
    with path.open("rb") as stream:
        size = path.stat().st_size
        while (start := stream.tell()) + 8 <= size:
            head = stream.read(8)
            length = int.from_bytes(head[:4], "big")
            if length == 1:
                length = int.from_bytes(stream.read(8), "big")
            if length < 8:
                break
            if head[4:] == b"uuid" and stream.read(16) == XMP_BOX:
                return stream.read(length - 24)
            stream.seek(start + length)
    return b""
