"""Open a film's or a sound's file as what these are in, and as nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from av.container import InputContainer

FORMATS = (
    *("mov", "mp4", "m4a", "3gp", "3g2", "mj2", "matroska", "webm", "gif", "apng", "avi", "mpegts"),
    *("mpeg", "flv", "asf", "ogg", "ivf", "h264", "hevc", "m4v", "mpegvideo"),
)
"""Playlists are left out: a file that was sent must not name other files of this machine."""
SOUND_FORMATS = (
    *("mp3", "wav", "w64", "flac", "aac", "aiff", "au", "caf", "amr", "ac3", "eac3", "ape", "wv", "tta"),
    *("mpc", "mpc8", "dsf", "oma", "shn", "voc", "dts", "truehd", "xwma"),
)
"""What holds sound alone."""


def open_media(path: Path) -> InputContainer:
    """Open a file with moving pictures or sound. Raises FFmpegError, OSError, ValueError."""
    return _open(path, FORMATS)


def open_sound(path: Path) -> InputContainer:
    """Open a file with sound, a film or not. Raises FFmpegError, OSError, ValueError."""
    return _open(path, (*FORMATS, *SOUND_FORMATS))


def _open(path: Path, formats: Sequence[str]) -> InputContainer:
    import av

    options = {"format_whitelist": ",".join(formats), "protocol_whitelist": "file"}
    return av.open(str(path), metadata_errors="replace", options=options)
