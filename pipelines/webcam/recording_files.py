"""The two files of a recording while it lasts: pictures and sound, each readable up to its last second if the
program or the machine ends. `recording_film` makes one ordinary film of them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.video.colours import EXACT
from pipelines.video.write import tell_colours
from pipelines.webcam.ffmpeg_arguments import SOUND_BYTES, SOUND_RATE
from pipelines.webcam.frames import Rgb, Size

PICTURES, SOUND = "pictures.mp4", "sound.m4a"
FRAGMENT_SECONDS = 1
"""What is lost at most when all ends at once."""
FRAGMENTS = {
    "movflags": "+frag_keyframe+empty_moov+default_base_moof",
    "frag_duration": str(FRAGMENT_SECONDS * 1_000_000),
    "flush_packets": "1",
}
CLOCK = Fraction(1, 90_000)
ENCODING = {"preset": "superfast", "tune": "zerolatency", "crf": "20", "g": "50"}
"""No frame waits inside the encoder for a later one; quick, as the live picture needs the processor more."""
SOUND_BITS = 96_000
OFF = 0.3
"""Seconds by which sound may come early or late before it is put right: networks are uneven by less."""


class PicturesFile:
    """H.264 with each frame at its own time. Raises OSError."""

    def __init__(self, path: Path, size: Size) -> None:
        """`size` (width, height) px, even."""
        import av

        self._container: Any = av.open(str(path), "w", format="mp4", options=FRAGMENTS)
        stream: Any = self._container.add_stream("libx264", rate=30, options=ENCODING)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        tell_colours(stream.codec_context)
        stream.time_base = stream.codec_context.time_base = CLOCK
        stream.codec_context.thread_count = 1  # a few ms a frame; the other cores belong to the live picture
        self._stream, self._last = stream, -1

    def write(self, rgb: Rgb, seconds: float) -> bool:
        """Add a frame, RGB uint8 HWC, shown from then on; False for one that is not after the last."""
        import av

        at = round(seconds / CLOCK)
        if at <= self._last:
            return False
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
        frame = frame.reformat(format="yuv420p", dst_colorspace="itu709", interpolation=EXACT)
        frame.pts, frame.time_base, self._last = at, CLOCK, at
        self._container.mux(self._stream.encode(frame))
        return True

    def close(self) -> None:
        """Write what is left."""
        self._container.mux(self._stream.encode(None))
        self._container.close()


class SoundFile:
    """AAC of s16le mono chunks at 48 kHz, with silence where none came. Raises OSError."""

    def __init__(self, path: Path) -> None:
        import av

        self._container: Any = av.open(str(path), "w", format="mp4", options=FRAGMENTS)
        self._stream: Any = self._container.add_stream("aac", rate=SOUND_RATE)
        self._stream.layout, self._stream.bit_rate = "mono", SOUND_BITS
        self._at, self._half = 0, b""

    def write(self, chunk: bytes, end: float) -> None:
        """Add sound that was heard until `end` seconds after the first picture. Where it strays from what came
        before by more than OFF, silence fills the gap, or what is too much is left out."""
        chunk = self._half + chunk
        whole = len(chunk) // SOUND_BYTES * SOUND_BYTES
        chunk, self._half = chunk[:whole], chunk[whole:]
        samples = np.frombuffer(chunk, "<i2").astype(np.float32) / 32768
        gap = round(end * SOUND_RATE) - len(samples) - self._at
        if abs(gap) > OFF * SOUND_RATE or not self._at:
            samples = np.pad(samples, (gap, 0)) if gap > 0 else samples[-gap:]
        if len(samples):
            self._encode(samples)

    def close(self) -> None:
        """Write what is left."""
        self._container.mux(self._stream.encode(None))
        self._container.close()

    def _encode(self, samples: np.ndarray) -> None:
        import av

        frame = av.AudioFrame.from_ndarray(samples[None], format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE, self._at, Fraction(1, SOUND_RATE)
        self._at += len(samples)
        self._container.mux(self._stream.encode(frame))
