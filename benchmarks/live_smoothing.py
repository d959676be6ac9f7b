"""What temporal smoothing does to films of people, animals and traffic, beside a plain moving average."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np

from benchmarks.flicker import Measured, Rgb, average
from benchmarks.synthetic import SyntheticScene
from pipelines.video import VideoReader
from pipelines.webcam.frames import Drawer
from pipelines.webcam.options import SMOOTHINGS
from pipelines.webcam.smoothing import Smoother
from pipelines.webcam.stages import find_size, fit

LONGEST, MULTIPLE = 384, 8
FRAMES, QUICK_FRAMES = 90, 16
AVERAGES = (0.5, 0.7)
FILMS = (".mp4", ".webm", ".mov")

Figures = dict[str, float]


def find_films(folder: Path | None) -> list[Path]:
    """Every film of a folder and below."""
    return sorted(each for each in folder.rglob("*") if each.suffix in FILMS) if folder else []


def read_clips(films: Sequence[Path], frames: int) -> dict[str, list[Rgb]]:
    """The first frames of each film, at the loop's usual size; of a made-up one without any."""
    if not films:
        scene = SyntheticScene((384, 288))
        return {"made up": [scene.frame(number) for number in range(frames)]}
    return {each.stem: read_clip(each, frames) for each in films}


def read_clip(film: Path, frames: int) -> list[Rgb]:
    with VideoReader(film) as reader:
        size = find_size((reader.info.width, reader.info.height), LONGEST, MULTIPLE)
        return [fit(frame.rgb, size, mirror=False) for frame in islice(reader, frames)]


def measure_smoothing(camera: Sequence[Rgb], drawer: Drawer) -> dict[str, Figures]:
    """Flicker and ghosting of each way to smooth one clip, in grey levels, and what it takes, ms a frame."""
    drawn = [drawer.draw(each) for each in camera]
    clip = Measured(camera, drawn)
    ways: dict[str, Callable[[], list[Rgb]]] = {
        **{name: partial(smooth, camera, drawn, name) for name in SMOOTHINGS},
        **{f"moving average {kept}": partial(average, drawn, kept) for kept in AVERAGES},
    }
    return {name: measure_way(clip, way) for name, way in ways.items()}


def measure_way(clip: Measured, way: Callable[[], list[Rgb]]) -> Figures:
    start = time.perf_counter()
    shown = way()
    took = 1000 * (time.perf_counter() - start) / len(shown)
    return {**clip.measure(shown), "ms": took}


def smooth(camera: Sequence[Rgb], drawn: Sequence[Rgb], strength: str) -> list[Rgb]:
    """As the loop does it."""
    smoother = Smoother()
    return [smoother.smooth(*each, strength, 0) for each in zip(camera, drawn, strict=True)]


def compare(clips: dict[str, dict[str, Figures]]) -> dict[str, Figures]:
    """Means over the clips of each way's flicker and ghosting against none, as shares: -0.4 is 40 % less."""
    return {way: compare_way(list(clips.values()), way) for way in next(iter(clips.values()))}


def compare_way(clips: Sequence[dict[str, Figures]], way: str) -> Figures:
    shares = {
        kind: float(np.mean([found[way][kind] / max(found["off"][kind], 1e-9) - 1 for found in clips]))
        for kind in ("flicker", "ghosting")
    }
    return {**shares, "ms": float(np.median([found[way]["ms"] for found in clips]))}
