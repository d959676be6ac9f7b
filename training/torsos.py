"""Dress a close-up: draw a body under a head, so that the net learns that clothes belong to the person.

The photos end at the neck or the shoulders. A smooth outline that widens from the photo's foot to a pair of
shoulders, filled with cloth, stands for the rest.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from training.walls import draw_clutter

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]
Rng = np.random.Generator

LONGEST = 320
OVERLAP = 0.06
"""How far the cloth reaches up behind the photo's foot, in photo heights."""


def add_torso(label: Picture, rng: Rng) -> Picture:
    """A label (uint8 H x W x 7) -> a taller and wider one with a body under its foot.

    Only alpha and the person's own colours mean anything in it; its photo is a copy of those colours.
    """
    label = shrink(label)
    height, width = label.shape[:2]
    below, beside = int(height * rng.uniform(0.3, 1.6)), int(width * rng.uniform(0.25, 0.6))
    padded = np.pad(label, ((0, below), (beside, beside), (0, 0)))
    body = draw_outline(padded[..., 3], height, rng)
    cloth = draw_cloth(max(padded.shape[:2]), rng)[: padded.shape[0], : padded.shape[1]]
    head = padded[..., 3:4] / np.float32(255)
    alpha = head + body[..., None] * (1 - head)
    front = (padded[..., 4:] * head + cloth * body[..., None] * (1 - head)) / np.maximum(alpha, 1e-3)
    colours = np.clip(np.rint(front), 0, 255).astype(np.uint8)
    return np.dstack([colours, np.rint(alpha * 255).astype(np.uint8), colours])


def shrink(label: Picture) -> Picture:
    """A dressed person stands small in the frame: LONGEST px are enough."""
    scale = LONGEST / max(label.shape[:2])
    if scale >= 1:
        return label
    size = round(label.shape[1] * scale), round(label.shape[0] * scale)
    parts = [np.ascontiguousarray(part) for part in (label[..., :4], label[..., 4:])]
    return np.dstack([cv2.resize(part, size, interpolation=cv2.INTER_AREA) for part in parts])


def draw_outline(alpha: Picture, foot: int, rng: Rng) -> Floats:
    """A body's alpha 0..1: alpha HW has the head's matte in its first `foot` rows."""
    row = np.flatnonzero(alpha[foot - 1] > 128)
    spread = np.flatnonzero((alpha[:foot] > 128).any(axis=0))
    if not len(row):
        return np.zeros(alpha.shape, np.float32)
    neck, head = float(np.ptp(row)) / 2, float(np.ptp(spread)) / 2
    shoulders = max(neck, head * rng.uniform(0.9, 1.6)) * rng.uniform(1, 1.15)
    y, x = np.mgrid[: alpha.shape[0], : alpha.shape[1]].astype(np.float32)
    down = y - foot * (1 - OVERLAP)
    rise = np.clip(down / (foot * rng.uniform(0.15, 0.5)), 0, 1) ** rng.uniform(0.5, 1.2)
    half = 0.8 * neck + (shoulders - 0.8 * neck) * rise + rng.normal(0, 0.08) * down
    centre = (row[0] + row[-1]) / 2 + rng.normal(0, 0.06) * down
    outline: Floats = np.clip(half - np.abs(x - centre) + 0.5, 0, 1) * (down >= 0)
    return outline.astype(np.float32)


def draw_cloth(side: int, rng: Rng) -> Floats:
    """One colour, stripes or a print, with folds; RGB 0..255, square."""
    base = np.clip(rng.beta(0.6, 0.8) * 255 + rng.normal(0, 45, 3), 0, 255)
    cloth = np.broadcast_to(base, (side, side, 3)).astype(np.float32)
    kind = rng.random()
    if kind < 0.2:
        cloth = draw_clutter(side, rng).astype(np.float32)
    elif kind < 0.4:
        y, x = np.mgrid[:side, :side].astype(np.float32)
        angle, period = rng.uniform(0, np.pi), side / rng.uniform(8, 60)
        wave = np.sin((x * np.cos(angle) + y * np.sin(angle)) * 2 * np.pi / period)
        other = np.clip(rng.uniform(0, 255, 3), 0, 255)
        cloth = np.where((wave > rng.uniform(-0.7, 0.7))[..., None], cloth, other).astype(np.float32)
    strength = rng.uniform(0.05, 0.35)
    coarse = rng.normal(0, strength, (int(rng.integers(3, 9)), int(rng.integers(4, 16))))
    folds = cv2.resize(coarse.astype(np.float32), (side, side), interpolation=cv2.INTER_CUBIC)
    creased: Floats = np.clip(cloth * (1 + folds[..., None]), 0, 255).astype(np.float32)
    return creased
