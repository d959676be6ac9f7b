# mypy: allow-subclassing-any
"""Batches of training pictures: batch number -> the same batch, every time and in any process."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from training.composites import Sources, draw_sample
from training.folders import HELD_BACK, HELD_BACK_SCENES, read_names
from training.label_checks import read_kept
from training.placing import can_trim

SIZES: tuple[tuple[int, int, float], ...] = ((256, 8, 0.45), (384, 4, 0.25), (512, 2, 0.3))
"""Side of the pictures, how many a batch, and how often: about as much work in each batch."""

PHOTOS = 4
"""How often a photo is drawn for each time that a filled-in portrait background is."""

Batch = tuple[Tensor, Tensor, Tensor]
"""rgb N x 3 x H x W, alpha and contrast N x 1 x H x W, all uint8."""


def open_sources(labels: Path, backgrounds: Path) -> Sources:
    """The labels that were kept and the backgrounds, without what is held back.

    Raises FileNotFoundError where either is missing.
    """
    names = sorted(set(read_kept(labels)) - read_names(HELD_BACK))
    held = {f"photo-{name}" for name in read_names(HELD_BACK_SCENES)}
    photos = [path for path in sorted(backgrounds.glob("photo-*.npy")) if path.stem not in held]
    behind = sorted(backgrounds.glob("behind-*.npy"))
    if not photos:
        raise FileNotFoundError(
            f"{backgrounds} holds no backgrounds; run python -m training.backgrounds first"
        )
    paths = tuple(labels / f"{name}.npy" for name in names)
    busts = tuple(path for path in paths if can_trim(np.load(path, mmap_mode="r")[..., 3]))
    return Sources(paths, (*photos * PHOTOS, *behind), busts)


class PortraitBatches(Dataset[Batch]):
    """Item `step` is that step's whole batch, `factor` times the sizes' own number of pictures."""

    def __init__(self, sources: Sources, seed: int, factor: int = 1) -> None:
        self._sources = sources
        self._seed = seed
        self._factor = factor

    def __getitem__(self, step: int) -> Batch:
        import cv2

        cv2.setNumThreads(1)
        rng = np.random.default_rng((self._seed, step))
        side, count, _ = SIZES[rng.choice(len(SIZES), p=[share for _, _, share in SIZES])]
        samples = [draw_sample(self._sources, side, rng) for _ in range(count * self._factor)]
        rgb = np.stack([sample.rgb for sample in samples]).transpose(0, 3, 1, 2)
        alpha = np.stack([sample.alpha for sample in samples])[:, None]
        contrast = np.stack([sample.contrast for sample in samples])[:, None]
        return tuple(torch.from_numpy(np.ascontiguousarray(part)) for part in (rgb, alpha, contrast))
