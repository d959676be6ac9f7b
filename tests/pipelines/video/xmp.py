"""What a reader of XMP finds in an MP4 file."""

from __future__ import annotations

from pathlib import Path

from pipelines.video.mp4 import XMP_BOX


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
