"""What colours say: is a colour, near this place, the subject's or the background's?

Two histograms over place and colour - one of the subject, one of the background - as a bilateral grid
(Chen, Paris and Durand, "Real-time Edge-Aware Image Processing with the Bilateral Grid", 2007). They follow
a background that changes across the picture, which one colour model for all of it can't.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Picture = NDArray[np.uint8]
Indices = NDArray[np.int64]

PLACES = 8
"""Cells along the long side."""
SHADES = 32
"""Cells along each of Lab's axes."""
PURITY = 4
"""Pixels count as alpha^PURITY for the subject: half-transparent ones show mixed colours."""
DOUBT = 1.0
"""Weight of the mask's own alpha, in pixels of the histogram's copy; it decides where no colour is known."""

DECISIVE = 1.0
"""Log of the factor by which a colour must shift the odds to be believed wholly."""


@dataclass(frozen=True)
class Evidence:
    """Histograms [y, x, L, a, b] of the subject's and the background's colours."""

    front: Floats
    back: Floats


def gather_evidence(rgb: Picture, alpha: Floats) -> Evidence:
    """Count colours by place; rgb uint8 HWC and alpha HW 0..1, a small copy is enough (320 px)."""
    everywhere = np.arange(alpha.size)
    cells = _cells(rgb, everywhere, alpha.shape)
    shape = (*(_places(side, alpha.shape) for side in alpha.shape), *[SHADES + 2] * 3)
    slots = np.asarray(np.ravel_multi_index(list(np.rint(cells).astype(np.int64)), shape))
    share = alpha.ravel()
    return Evidence(_histogram(slots, share, shape), _histogram(slots, 1 - share, shape))


def weigh_evidence(evidence: Evidence, rgb: Picture, pixels: Indices, alpha: Floats) -> tuple[Floats, Floats]:
    """What the colours say at flat indices `pixels` of a picture, where the mask says `alpha` (N, 0..1).

    Returns the alpha that they speak for and how much they tell beyond the place, both N, 0..1: where
    subject and background share a colour, the colour tells nothing.
    """
    cells = np.stack(_cells(rgb, pixels, rgb.shape[:2]))
    said = _share(evidence, cells, alpha)
    place = Evidence(evidence.front.sum(axis=(2, 3, 4)), evidence.back.sum(axis=(2, 3, 4)))
    beyond = np.abs(_log_odds(said) - _log_odds(_share(place, cells[:2], alpha)))
    return said, np.clip(beyond / DECISIVE, 0, 1)


def _share(evidence: Evidence, cells: Floats, alpha: Floats) -> Floats:
    """Part of the subject among the counts at `cells`, the mask's alpha counting as DOUBT more."""
    from scipy.ndimage import map_coordinates

    front = map_coordinates(evidence.front, cells, order=1)
    back = map_coordinates(evidence.back, cells, order=1)
    share: Floats = (front + DOUBT * alpha) / (front + back + DOUBT)
    return share


def _log_odds(share: Floats) -> Floats:
    held = np.clip(share, 0.01, 0.99)
    odds: Floats = np.log(held / (1 - held))
    return odds


def _places(side: int, shape: tuple[int, ...]) -> int:
    return int(side / max(shape) * (PLACES - 1)) + 4


def _cells(rgb: Picture, pixels: Indices, shape: tuple[int, ...]) -> list[Floats]:
    """Coordinates in the grid; one empty cell stands around it for the blur."""
    y, x = np.divmod(pixels, shape[1])
    colours = rgb.reshape(-1, 3)[pixels].reshape(-1, 1, 3)
    lab = cv2.cvtColor(colours, cv2.COLOR_RGB2LAB).reshape(-1, 3).astype(np.float32) / 255
    # Photographs use the middle half of a and b.
    lab[:, 1:] = np.clip(2 * lab[:, 1:] - 0.5, 0, 1)
    place = [(axis * ((PLACES - 1) / max(shape)) + 1).astype(np.float32) for axis in (y, x)]
    return place + [channel * (SHADES - 1) + 1 for channel in lab.T]


def _histogram(slots: Indices, share: Floats, shape: tuple[int, ...]) -> Floats:
    from scipy.ndimage import convolve1d

    counted = np.bincount(slots, share**PURITY, int(np.prod(shape)))
    grid = counted.reshape(shape).astype(np.float32)
    for axis in range(grid.ndim):
        grid = convolve1d(grid, [0.25, 0.5, 0.25], axis=axis, mode="constant")
    return grid
