# mypy: allow-subclassing-any
"""Batches for the cartoon net: pieces of pairs, each with the style it is to be drawn in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from pipelines.cartoon.options import STYLES
from training.cartoon_targets import PARTS, TARGETS, Part

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]
Rng = np.random.Generator
Batch = tuple[Tensor, Tensor, Tensor]
"""photo N x 3 x S x S uint8, style weights N x 14 float32, drawing N x 3 x S x S uint8."""

SIDE, COUNT = 64, 48
HEADS = 0.5
"""Share of faces among the samples, unless told."""
MIXED = 0.12
"""How often a sample is half-way between two styles; its drawing is then a blend of both drawings."""
NOISE, GRAIN = 0.3, 4.0
"""How often a photo gets sensor noise that its drawing has not, and the strongest, in levels."""
LOOK_AGAIN = 200
"""Steps after which pairs that were drawn meanwhile are taken in."""


def draw_styles(part: Part, rng: Rng) -> Floats:
    """14 weights that add up to 1: one style, seldom two."""
    weights = np.zeros(len(TARGETS), np.float32)
    first = PARTS.index(part) * len(STYLES)
    one, other = rng.choice(len(STYLES), 2, replace=False)
    share = rng.random() if rng.random() < MIXED else 1.0
    weights[first + one] = share
    weights[first + other] += 1 - share
    return weights


def blend(drawings: Picture, weights: Floats) -> Picture:
    """One drawing from seven (7 x H x W x 3) by the weights of their part."""
    used = np.flatnonzero(weights)
    if len(used) == 1:
        return np.asarray(drawings[used[0]], np.uint8)
    mixed = np.tensordot(weights[used], drawings[used].astype(np.float32), axes=1)
    return np.asarray(np.rint(mixed), np.uint8)


def draw_sample(path: Path, part: Part, side: int, rng: Rng) -> tuple[Picture, Floats, Picture]:
    """A square piece of a pair at most `side` px, its style, and its drawing."""
    pair = np.load(path, mmap_mode="r")
    side = min(side, *pair.shape[1:3])
    top, left = (int(rng.integers(0, edge - side + 1)) for edge in pair.shape[1:3])
    piece = pair[:, top : top + side, left : left + side]
    weights = draw_styles(part, rng)
    own = weights.reshape(len(PARTS), len(STYLES))[PARTS.index(part)]
    photo = np.array(piece[0])
    if rng.random() < NOISE:
        grain = rng.standard_normal(photo.shape, dtype=np.float32) * rng.uniform(0, GRAIN)
        photo = np.clip(np.rint(photo + grain), 0, 255).astype(np.uint8)
    return photo, weights, blend(piece[1:], own)


class CartoonBatches(Dataset[Batch]):
    """Item `step` is that step's whole batch, `count` pieces of `side` px."""

    def __init__(
        self, pairs: Path, seed: int, side: int = SIDE, count: int = COUNT, heads: float = HEADS
    ) -> None:
        """Raises FileNotFoundError where a part has no pairs yet."""
        self._folder = pairs
        self._seed = seed
        self._side, self._count, self._heads = side, count, heads
        self._pairs = self._find()
        self._looked = -1

    def __getitem__(self, step: int) -> Batch:
        if step // LOOK_AGAIN != self._looked:
            self._pairs, self._looked = self._find(), step // LOOK_AGAIN
        rng = np.random.default_rng((self._seed, step))
        part: Part
        samples = []
        for _ in range(self._count):
            part = "head" if rng.random() < self._heads else "background"
            path = self._pairs[part][rng.integers(len(self._pairs[part]))]
            samples.append(draw_sample(path, part, self._side, rng))
        least = min(photo.shape[0] for photo, _, _ in samples)
        photos, drawings = (
            np.stack([sample[at][:least, :least] for sample in samples]).transpose(0, 3, 1, 2)
            for at in (0, 2)
        )
        weights = np.stack([sample[1] for sample in samples])
        return tuple(torch.from_numpy(np.ascontiguousarray(array)) for array in (photos, weights, drawings))

    def _find(self) -> dict[Part, list[Path]]:
        found = {part: sorted(self._folder.glob(f"{part}-*.npy")) for part in PARTS}
        for part in PARTS:
            if not found[part]:
                raise FileNotFoundError(
                    f"{self._folder} holds no {part} pairs; run python -m training.cartoon_pairs first"
                )
        return found
