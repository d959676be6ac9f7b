"""Open a film's file as what films are in, and as nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from av.container import InputContainer

FORMATS = (
    *("mov", "mp4", "m4a", "3gp", "3g2", "mj2", "matroska", "webm", "gif", "apng", "avi", "mpegts"),
    *("mpeg", "flv", "asf", "ogg", "ivf", "h264", "hevc", "m4v", "mpegvideo"),
)
"""Playlists are left out: a file that was sent must not name other files of this machine."""


def open_media(path: Path) -> InputContainer:
    """Open a file with moving pictures or sound. Raises FFmpegError, OSError, ValueError."""
    import av

    options = {"format_whitelist": ",".join(FORMATS), "protocol_whitelist": "file"}
    return av.open(str(path), metadata_errors="replace", options=options)
