"""The H.264 encoders that ffmpeg may have: the ones in hardware only where they really open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pipelines.errors import InvalidOption

CRF = 17
"""Constant rate factor of x264: 17 is hardly told from the source."""
WANTED = ("auto", "software", "hardware")


@dataclass(frozen=True)
class Encoder:
    """`codec` is ffmpeg's name; `options` gives its options for a quality on x264's scale (crf: less is
    better)."""

    codec: str
    title: str
    options: Callable[[int], dict[str, str]]
    pixels: str = "yuv420p"


SOFTWARE = Encoder("libx264", "x264", lambda crf: {"preset": "veryfast", "crf": str(crf)})
HARDWARE = (
    Encoder(
        "h264_nvenc",
        "NVENC",
        lambda crf: {"preset": "p4", "rc": "vbr", "cq": str(crf + 2), "b": "0", "bf": "0"},
    ),
    Encoder("h264_qsv", "Quick Sync", lambda crf: {"global_quality": str(crf + 2), "bf": "0"}, "nv12"),
    Encoder("h264_amf", "AMF", lambda crf: {"rc": "cqp", "qp_i": str(crf), "qp_p": str(crf + 2)}),
    Encoder("h264_videotoolbox", "VideoToolbox", lambda crf: {"q": str(100 - 2 * crf), "bf": "0"}),
)
"""Without B-frames, so that parts of a film can be put one after the other."""


def choose_encoder(
    wanted: str, size: tuple[int, int], rate: Fraction, known: Sequence[Encoder] = HARDWARE
) -> Encoder:
    """The first encoder in hardware that opens at that size (width, height, even) and rate, else x264.

    Raises InvalidOption for `hardware` where there is none.
    """
    if wanted != "software":
        for each in known:
            if opens(each, size, rate):
                return each
    if wanted == "hardware":
        raise InvalidOption(
            "No encoder in hardware opens on this machine for this size.", "Use encoder auto or software."
        )
    return SOFTWARE


def opens(encoder: Encoder, size: tuple[int, int], rate: Fraction) -> bool:
    """Whether the encoder takes a frame: being listed says only that ffmpeg was built with it."""
    import av

    try:
        context = av.CodecContext.create(encoder.codec, "w")
        context.width, context.height = size  # type: ignore[attr-defined]
        context.pix_fmt = encoder.pixels  # type: ignore[attr-defined]
        context.framerate = rate  # type: ignore[attr-defined]
        context.time_base = 1 / rate
        context.options = encoder.options(CRF)
        frame = av.VideoFrame(*size, encoder.pixels)
        frame.pts = 0
        return bool([*context.encode(frame), *context.encode(None)])  # type: ignore[attr-defined]
    except (av.error.FFmpegError, OSError, ValueError):
        return False
