"""What kinds of file a film can be: a new one is a row.

Its writer is imported where a film is begun: the command line reads this table to show its help.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.video.encoders import SOFTWARE, Encoder

if TYPE_CHECKING:
    from pipelines.video.behind import FrameWriter

QUALITIES = ("small", "good", "best")


@dataclass(frozen=True)
class Making:
    """What a writer is opened with. `size` (width, height) px; `sound` a file made for the format, or None;
    `encoder` is for MP4 alone; `xmp` and `text` are the AI label."""

    size: tuple[int, int]
    rate: Fraction
    alpha: bool = False
    quality: str = "good"
    encoder: Encoder = SOFTWARE
    sound: Path | None = None
    xmp: bytes = b""
    text: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Format:
    """`alpha`: can be see-through; `even`: sides come in pairs; `resumes`: is written in parts that a later
    try goes on from; `side`: shorter side in px where none is asked for; `sound`: ending of the sound file that
    fits it, "" for none; `fastest`: frames a second that players show in time."""

    ending: str
    mime: str
    title: str
    open: Callable[[Path, Making], FrameWriter]
    alpha: bool = False
    even: bool = False
    resumes: bool = False
    side: int = 1080
    sound: str = ""
    fastest: int = 120


CRF = {"small": 24, "good": 20, "best": 16}
VP9_CRF = {"small": 34, "good": 26, "best": 18}


def open_mp4(path: Path, making: Making) -> FrameWriter:
    """H.264 in MP4. Raises OSError."""
    from pipelines.video import VideoWriter

    return VideoWriter(
        path,
        making.size,
        making.rate,
        sound=making.sound,
        metadata=making.text,
        xmp=making.xmp,
        crf=CRF[making.quality],
        encoder=making.encoder,
    )


def open_webm(path: Path, making: Making) -> FrameWriter:
    """VP9 in WebM, with alpha where it is asked for. Raises OSError."""
    from pipelines.video.webm import WebmWriter

    return WebmWriter(
        path,
        making.size,
        making.rate,
        alpha=making.alpha,
        sound=making.sound,
        metadata=making.text,
        crf=VP9_CRF[making.quality],
    )


def open_gif(path: Path, making: Making) -> FrameWriter:
    """A GIF with one palette for all frames; no sound. Raises OSError."""
    from pipelines.video.gif import GifWriter

    return GifWriter(path, making.size, making.rate, alpha=making.alpha, xmp=making.xmp)


def open_frames(path: Path, making: Making) -> FrameWriter:
    """A zip of PNG pictures, lossless; no sound. Raises OSError."""
    from pipelines.video.frames_zip import FramesZip

    return FramesZip(path, xmp=making.xmp, text=making.text)


FORMATS: Mapping[str, Format] = {
    "mp4": Format("mp4", "video/mp4", "MP4", open_mp4, even=True, resumes=True, sound=".m4a"),
    "webm": Format("webm", "video/webm", "WebM", open_webm, alpha=True, even=True, sound=".weba"),
    "gif": Format("gif", "image/gif", "GIF", open_gif, alpha=True, side=480, fastest=50),
    "png": Format("zip", "application/zip", "PNG pictures in a zip", open_frames, alpha=True),
}
