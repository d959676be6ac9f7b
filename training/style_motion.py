"""Two frames of which one knows where each pixel came from: moved by ourselves, or by a film and found by flow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.video.info import VideoInfo
from pipelines.video.read import VideoReader

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]
Rng = np.random.Generator

ZOOM, TURN, SHIFT = 0.03, 2.0, 0.02
"""Standard deviations of a made-up motion: logarithm of a factor, degrees, share of the side."""
LIGHT, GRAIN = 0.03, 3.0
"""How much brighter or darker the second frame is, and its sensor noise in levels: neither may change strokes."""
BACK = 1.0
"""Flow that does not come back to within so many px is not believed."""
ALIKE = 24.0
"""Nor where the pixels differ by more than so many levels."""
PAIRS = 24
"""Pairs of frames kept of each clip."""


@dataclass(frozen=True)
class Moved:
    """`before` and `after`, RGB uint8 S x S x 3; `origin` S x S x 2 float32: x and y in `before` of each pixel of
    `after`; `sure` S x S float32: 1 where that holds, 0 where it does not."""

    before: Picture
    after: Picture
    origin: Floats
    sure: Floats


def places(side: int) -> Floats:
    """Each pixel's own x and y."""
    return np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).astype(np.float32)


def move(rgb: Picture, rng: Rng) -> Moved:
    """A picture turned, zoomed and shifted a little, then seen by a noisy camera."""
    side = rgb.shape[0]
    turn = cv2.getRotationMatrix2D(
        (side / 2, side / 2), rng.normal(0, TURN), float(np.exp(rng.normal(0, ZOOM)))
    )
    turn[:, 2] += rng.normal(0, SHIFT * side, 2)
    origin = (places(side) @ turn[:, :2].T + turn[:, 2]).astype(np.float32)
    moved = cv2.remap(rgb, origin, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    grain = rng.standard_normal(moved.shape, dtype=np.float32) * rng.uniform(0, GRAIN)
    seen = moved * np.exp(rng.normal(0, LIGHT)) + grain
    within = ((origin >= 0) & (origin <= side - 1)).all(axis=2)
    return Moved(rgb, np.clip(np.rint(seen), 0, 255).astype(np.uint8), origin, np.asarray(within, np.float32))


def follow(before: Picture, after: Picture) -> Moved:
    """Two frames of a film, where `after`'s pixels came from by flow that is the same forth and back."""
    flow: Any = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    grey = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in (before, after)]
    back, forth = flow.calc(grey[1], grey[0], None), flow.calc(grey[0], grey[1], None)
    origin = np.asarray(places(before.shape[0]) + back, np.float32)
    returned = cv2.remap(forth, origin, None, cv2.INTER_LINEAR)
    carried = cv2.remap(before, origin, None, cv2.INTER_LINEAR)
    sure = np.hypot(*np.moveaxis(back + returned, 2, 0)) < BACK
    sure &= np.abs(carried.astype(np.float32) - after).max(axis=2) < ALIKE
    sure &= ((origin >= 0) & (origin <= before.shape[0] - 1)).all(axis=2)
    return Moved(before, after, origin, np.asarray(sure, np.float32))


def read_frame_pairs(paths: Sequence[Path], shortest: int) -> list[tuple[Picture, Picture]]:
    """PAIRS pairs of neighbouring frames of each clip, evenly chosen, shorter side `shortest` px."""
    found: list[tuple[Picture, Picture]] = []
    for path in paths:
        with VideoReader(path) as film:
            found += _choose_pairs(film, film.info, shortest)
    return found


def _choose_pairs(film: VideoReader, info: VideoInfo, shortest: int) -> list[tuple[Picture, Picture]]:
    every = max(2, round((info.frames or 2 * PAIRS) / PAIRS))
    pairs: list[tuple[Picture, Picture]] = []
    first: Picture | None = None
    for number, frame in enumerate(film):
        if first is not None:
            pairs.append((first, _shrink(frame.rgb, shortest)))
            first = None
        elif number % every == 0:
            first = _shrink(frame.rgb, shortest)
        if len(pairs) == PAIRS:
            break
    return pairs


def _shrink(rgb: Picture, shortest: int) -> Picture:
    scale = shortest / min(rgb.shape[:2])
    size = max(shortest, round(rgb.shape[1] * scale)), max(shortest, round(rgb.shape[0] * scale))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(rgb, size, interpolation=how), np.uint8)
