# mypy: allow-subclassing-any
"""Batches for the style net: photos and films' frames, each with what it is to look like a moment later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from training.cartoon_crops import change_light, cut_piece, read_photo
from training.style_motion import Moved, follow, move
from training.style_teacher import SIDE as WHOLE
from training.style_teacher import Teacher
from training.walls import draw_clutter

Picture = NDArray[np.uint8]
Rng = np.random.Generator
Batch = dict[str, Tensor]
"""before, after N x 3 x S x S uint8; origin N x S x S x 2 in -1..1, as grid_sample wants it; sure N x 1 x S x S;
style N int64; taught N x 3 x S x S uint8 where there is a teacher."""

SIDE, COUNT = 256, 2
FILMS = 0.3
"""Share of films' frames among the samples."""


@dataclass(frozen=True)
class Sources:
    """Photos, pairs of neighbouring frames whose sides are at least WHOLE px, and how many styles there are."""

    photos: Sequence[Path]
    frames: Sequence[tuple[Picture, Picture]]
    styles: int
    teacher: Teacher | None = None
    made: float = 0.0
    """Share of made-up pictures among the photos."""


class StyleBatches(Dataset[Batch]):
    """Item `step` is that step's whole batch, `count` samples of `side` px, a multiple of 16 up to WHOLE."""

    def __init__(self, sources: Sources, seed: int, side: int = SIDE, count: int = COUNT) -> None:
        self._sources = sources
        self._seed = seed
        self._side, self._count = side, count

    def __getitem__(self, step: int) -> Batch:
        rng = np.random.default_rng((self._seed, step))
        samples = [self._draw(step * self._count + place, rng) for place in range(self._count)]
        return {name: torch.stack([sample[name] for sample in samples]) for name in samples[0]}

    def _draw(self, number: int, rng: Rng) -> Batch:
        """One sample; the styles take turns, so that none is forgotten."""
        style = number % self._sources.styles
        moved = self._draw_moved(rng)
        top, left = (int(place) for place in rng.integers(0, WHOLE - self._side + 1, 2))
        window = slice(top, top + self._side), slice(left, left + self._side)
        origin = (moved.origin[window] - (left, top)) / (self._side - 1) * 2 - 1
        sure = moved.sure[window] * (np.abs(origin) <= 1).all(axis=2)
        sample = {
            "before": _planes(moved.before[window]),
            "after": _planes(moved.after[window]),
            "origin": torch.from_numpy(origin.astype(np.float32)),
            "sure": torch.from_numpy(sure.astype(np.float32))[None],
            "style": torch.tensor(style),
        }
        if self._sources.teacher is not None:
            sample["taught"] = _planes(self._sources.teacher.paint(moved.before, style)[window])
        return sample

    def _draw_moved(self, rng: Rng) -> Moved:
        frames, photos = self._sources.frames, self._sources.photos
        if frames and rng.random() < FILMS:
            return follow(*_cut_both(frames[int(rng.integers(len(frames)))], rng))
        if not photos or rng.random() < self._sources.made:
            return move(draw_clutter(WHOLE, rng), rng)
        photo = cut_piece(read_photo(photos[int(rng.integers(len(photos)))]), WHOLE, rng)
        turned = photo[:, ::-1] if rng.random() < 0.5 else photo
        return move(change_light(np.ascontiguousarray(turned), rng), rng)


def _cut_both(frames: tuple[Picture, Picture], rng: Rng) -> tuple[Picture, Picture]:
    """The same square of both frames."""
    top, left = (int(rng.integers(0, edge - WHOLE + 1)) for edge in frames[0].shape[:2])
    before, after = (np.ascontiguousarray(each[top : top + WHOLE, left : left + WHOLE]) for each in frames)
    return before, after


def _planes(rgb: Picture) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(rgb.transpose(2, 0, 1)))
