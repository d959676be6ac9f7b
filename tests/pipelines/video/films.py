"""Films made on the spot."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image

RATE = Fraction(30000, 1001)
UNTURNED = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
"""The display matrix of an MP4's track whose frames lie as they are."""


def shade(number: int, height: int = 48, width: int = 64) -> np.ndarray:
    """Frame `number`: a grey that says which one it is, with a red left half."""
    rgb = np.full((height, width, 3), 20 + 8 * number % 200, np.uint8)
    rgb[:, : width // 2, 1:] = 40
    return rgb


def write_film(path: Path, frames: Sequence[np.ndarray], rate: Fraction = RATE, sound: str = "") -> Path:
    """An H.264 film by PyAV alone; `sound` is a codec's name for a tone as long as the film."""
    kind = "webm" if path.suffix == ".webm" else "mp4"
    with av.open(str(path), "w", format=kind) as container:
        height, width = frames[0].shape[:2]
        stream = container.add_stream("libvpx-vp9" if kind == "webm" else "libx264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        tone = container.add_stream(sound, rate=48000) if sound else None
        for rgb in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(rgb, format="rgb24")))
        container.mux(stream.encode())
        if tone is not None:
            wave = np.sin(np.arange(int(48000 * len(frames) / rate)) / 20).astype(np.float32)
            frame = av.AudioFrame.from_ndarray(wave[None], format="fltp", layout="mono")
            frame.sample_rate = 48000
            container.mux(tone.encode(frame))
            container.mux(tone.encode())
    return path


def write_turned(path: Path, rgb: np.ndarray, degrees: int, matrix: Sequence[int] = ()) -> Path:
    """A film of five equal frames that players turn by so many degrees, or by (a, b, c, d) of a matrix."""
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.height, stream.width = rgb.shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.set_display_rotation(degrees)
        for _ in range(5):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(rgb, format="rgb24")))
        container.mux(stream.encode())
    if matrix:
        a, b, c, d = (each << 16 for each in matrix)
        data = path.read_bytes()
        at = data.index(UNTURNED, data.index(b"tkhd"))
        put = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
        path.write_bytes(data[:at] + put + data[at + len(put) :])
    return path


def write_timed(path: Path, frames: Sequence[np.ndarray], times: Sequence[int], begin: int = 0) -> Path:
    """A film whose frames are shown at those milliseconds, begun so many later, as WebM or MP4."""
    kind = "webm" if path.suffix == ".webm" else "mp4"
    with av.open(str(path), "w", format=kind) as container:
        stream = container.add_stream("libvpx-vp9" if kind == "webm" else "libx264", rate=25)
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
        for rgb, time in zip(frames, times, strict=True):
            frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
            frame.pts, frame.time_base = begin + time, Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def write_gif(path: Path, frames: Sequence[np.ndarray], milliseconds: Sequence[int]) -> Path:
    """A GIF by Pillow; frames are RGB or RGBA."""
    pictures = [Image.fromarray(each) for each in frames]
    pictures[0].save(
        path, save_all=True, append_images=pictures[1:], duration=list(milliseconds), loop=0, disposal=2
    )
    return path
