"""What ffmpeg is told: lists of arguments, never a shell's line, and never a stream key.

ffmpeg reads pictures and sound from pipes and writes what it encodes to a pipe, too. Arguments of a process
stand in the system's list of processes for everyone to see, so that the address with the key goes another way
(`relay`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.webcam.broadcast_presets import Preset

KEYFRAME_SECONDS = 2
"""Platforms cut their streams at keyframes and want one every two seconds."""
SOUND_RATE, SOUND_BYTES = 48_000, 2
"""The microphone's samples a second, one channel, and bytes of each (s16le)."""


@dataclass(frozen=True)
class Codec:
    """An H.264 encoder of ffmpeg's and what it is told for live pictures: no frame waits for a later one."""

    name: str
    title: str
    options: tuple[str, ...]


X264 = Codec("libx264", "x264", ("-preset", "veryfast", "-tune", "zerolatency", "-sc_threshold", "0"))
NVENC = Codec(
    "h264_nvenc", "NVENC", ("-preset", "p4", "-tune", "ll", "-rc", "cbr", "-bf", "0", "-delay", "0")
)

TOLD = ("-hide_banner", "-nostats", "-loglevel", "error")
AT_ONCE = ("-probesize", "32", "-analyzeduration", "0")
"""Raw data needs no looking at before work begins."""
BT709 = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv")


def list_encode_arguments(ffmpeg: str, preset: Preset, codec: Codec, sound: int) -> list[str]:
    """Frames (RGB uint8 HWC of the preset's size) on stdin and s16le sound on the file number `sound` become
    H.264 and AAC in NUT on stdout, at the preset's steady rate."""
    width, height = preset.size
    return [
        *(ffmpeg, *TOLD),
        *(*AT_ONCE, "-f", "rawvideo", "-pixel_format", "rgb24", "-video_size", f"{width}x{height}"),
        *("-framerate", str(preset.fps), "-i", "pipe:0"),
        *(*AT_ONCE, "-f", "s16le", "-ar", str(SOUND_RATE), "-ac", "1", "-i", f"pipe:{sound}"),
        *("-map", "0:v", "-map", "1:a"),
        *("-vf", "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p", *BT709),
        *("-c:v", codec.name, *codec.options, *list_rate_arguments(preset)),
        *("-c:a", "aac", "-b:a", f"{preset.sound_kbit_s}k"),
        *("-flags", "+global_header", "-f", "nut", "-flush_packets", "1", "pipe:1"),
    ]


def list_rate_arguments(preset: Preset) -> Sequence[str]:
    """A steady bit rate within two seconds, and a keyframe at each."""
    rate = f"{preset.kbit_s}k"
    gap = str(KEYFRAME_SECONDS * preset.fps)
    return ("-b:v", rate, "-maxrate", rate, "-bufsize", f"{KEYFRAME_SECONDS * preset.kbit_s}k", "-g", gap)


def list_trial_arguments(ffmpeg: str, codec: Codec) -> list[str]:
    """Encode one black frame and throw it away: shows whether an encoder opens on this machine."""
    black = "color=black:size=320x240:rate=15"
    return [
        *(ffmpeg, *TOLD, "-nostdin", "-f", "lavfi", "-i", black, "-frames:v", "1", "-pix_fmt", "yuv420p"),
        *("-c:v", codec.name, *codec.options, "-f", "null", "-"),
    ]
