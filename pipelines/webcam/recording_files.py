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
FRAME = 1024
"""Samples of an AAC packet."""
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
        try:
            self._container.mux(self._stream.encode(None))
        finally:
            self._container.close()


class SoundFile:
    """AAC of s16le mono chunks at 48 kHz, with silence where none came. Raises OSError."""

    def __init__(self, path: Path) -> None:
        import av

        self._container: Any = av.open(str(path), "w", format="mp4", options=FRAGMENTS)
        self._stream: Any = self._container.add_stream("aac", rate=SOUND_RATE)
        self._stream.layout, self._stream.bit_rate = "mono", SOUND_BITS
        self._at, self._half = 0, b""
        self._repeated, self._last = 0, (b"", 0)

    def write(self, chunk: bytes, end: float) -> None:
        """Add sound that was heard until `end` seconds after the first picture. Where it strays from what came
        before by more than OFF, silence fills the gap, or what is too much is left out."""
        chunk = self._half + chunk
        whole = len(chunk) // SOUND_BYTES * SOUND_BYTES
        chunk, self._half = chunk[:whole], chunk[whole:]
        samples = np.frombuffer(chunk, "<i2").astype(np.float32) / 32768
        gap = round(end * SOUND_RATE) - len(samples) - self._at
        if abs(gap) > OFF * SOUND_RATE or not self._at:
            self._be_silent(max(gap, 0))
            samples = samples[max(-gap, 0) :]
        self._encode(samples)

    def close(self) -> None:
        """Write what is left."""
        try:
            self._mux(self._stream.encode(None))
        finally:
            self._container.close()

    def _be_silent(self, samples: int) -> None:
        """Add silence, in constant memory. One second of it is encoded, after which its packets are all alike:
        the last one is written over and over, as encoding an hour would take ten seconds."""
        self._encode(np.zeros(min(samples, SOUND_RATE), np.float32))
        packets, rest = divmod(max(samples - SOUND_RATE, 0), FRAME)
        for _ in range(packets):
            self._repeat()
        self._encode(np.zeros(rest, np.float32))

    def _encode(self, samples: np.ndarray) -> None:
        import av

        if not len(samples):
            return
        frame = av.AudioFrame.from_ndarray(samples[None], format="fltp", layout="mono")
        # The encoder must not see a jump: what was written past it is added to its packets' times.
        frame.sample_rate, frame.time_base = SOUND_RATE, Fraction(1, SOUND_RATE)
        frame.pts = self._at - self._repeated
        self._at += len(samples)
        self._mux(self._stream.encode(frame))

    def _repeat(self) -> None:
        import av

        data, at = self._last
        packet: Any = av.Packet(data)
        packet.time_base, packet.duration = Fraction(1, SOUND_RATE), FRAME
        packet.pts = packet.dts = at + FRAME
        packet.stream = self._stream
        self._last = data, at + FRAME
        self._at += FRAME
        self._repeated += FRAME
        self._container.mux(packet)

    def _mux(self, packets: list[Any]) -> None:
        for packet in packets:
            packet.pts += self._repeated
            packet.dts = packet.pts
            self._last = bytes(packet), packet.pts
            self._container.mux(packet)
