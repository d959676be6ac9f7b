"""Films that flash and click at known times, so that what is seen and heard can be timed."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np

SOUND_RATE = 48000
CLICK = 0.02
"""Seconds that a click sounds."""


def write_flashes(path: Path, rate: Fraction, frames: int, every: int, codec: str = "aac") -> Path:
    """A small film whose frames number 0, `every`, 2 x `every`, ... are white and begin with a click."""
    with av.open(str(path), "w") as film:
        pictures = film.add_stream("libx264", rate=rate, options={"preset": "ultrafast"})
        pictures.width, pictures.height, pictures.pix_fmt = 64, 48, "yuv420p"
        sound = film.add_stream(codec, rate=SOUND_RATE)
        for number in range(frames):
            rgb = np.full((48, 64, 3), 0 if number % every else 255, np.uint8)
            film.mux(pictures.encode(av.VideoFrame.from_ndarray(rgb, format="rgb24")))
        film.mux(pictures.encode())
        wave = np.zeros(round(frames / rate * SOUND_RATE), np.float32)
        tone = np.sin(np.arange(int(CLICK * SOUND_RATE)) / 5).astype(np.float32)
        for number in range(0, frames, every):
            start = round(number / rate * SOUND_RATE)
            wave[start : start + len(tone)] = tone[: len(wave) - start]
        for begin in range(0, len(wave), SOUND_RATE):
            frame = av.AudioFrame.from_ndarray(wave[None, begin : begin + SOUND_RATE], "fltp", "mono")
            frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE, begin, Fraction(1, SOUND_RATE)
            film.mux(sound.encode(frame))
        film.mux(sound.encode())
    return path


def find_flashes(path: Path) -> list[float]:
    """Times in s at which the picture turns white."""
    with av.open(str(path)) as film:
        seen = [
            (float(frame.time), frame.to_ndarray(format="gray").mean() > 128)
            for frame in film.decode(video=0)
        ]
    return [
        time
        for (time, white), (_, before) in zip(seen, [(0, False), *seen], strict=False)
        if white and not before
    ]


def find_clicks(path: Path, apart: float = 0.2) -> list[float]:
    """Times in s at which a click begins; those less than `apart` s after another are its echo."""
    clicks: list[float] = []
    with av.open(str(path)) as film:
        for frame in film.decode(audio=0):
            loud = np.abs(frame.to_ndarray().astype(np.float32)) > (
                0.25 if "flt" in frame.format.name else 8000
            )
            if frame.format.is_packed:
                loud = loud.reshape(-1, frame.layout.nb_channels).T
            for sample in np.flatnonzero(loud.any(axis=0)):
                time = float(frame.time) + sample / frame.sample_rate
                if not clicks or time - clicks[-1] > apart:
                    clicks.append(time)
    return clicks


def count_frames(path: Path) -> int:
    with av.open(str(path)) as film:
        return sum(1 for _ in film.decode(video=0))
