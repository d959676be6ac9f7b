"""A made-up label: a disc of one colour before another, soft at its edge."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.composites import Sources

FRONT, BACK = (200, 60, 40), (20, 90, 180)


def make_label(side: int = 96) -> NDArray[np.uint8]:
    """uint8 H x W x 7 as training.portrait_labels writes them."""
    y, x = np.mgrid[:side, :side] - (side - 1) / 2
    alpha = np.clip(side * 0.3 - np.hypot(x, y) + 0.5, 0, 1)[..., None]
    front = np.full((side, side, 3), FRONT, np.uint8)
    photo = np.rint(alpha * FRONT + (1 - alpha) * BACK).astype(np.uint8)
    return np.dstack([photo, np.rint(alpha * 255).astype(np.uint8), front])


def write_sources(folder: Path) -> Sources:
    """One label and one background on disk."""
    np.save(folder / "person.npy", make_label())
    np.save(folder / "photo-wall.npy", np.full((120, 150, 3), (10, 200, 90), np.uint8))
    return Sources((folder / "person.npy",), (folder / "photo-wall.npy",))
