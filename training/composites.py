"""Training pictures made on the fly: people over backgrounds, photos as they are, backgrounds without anyone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training.degrade import degrade, tint
from training.placing import FOOT, Cut, find_cuts, place, trim
from training.torsos import add_torso
from training.walls import draw_clutter, draw_wall

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]
Rng = np.random.Generator

PLAIN, NOBODY = 0.40, 0.05
"""Shares of photos as they are and of backgrounds without anyone; the rest are composites."""
CROWD = (0.82, 0.14, 0.04)
"""How often one, two and three people."""
SHADOW, MATCH, BLURRED = 0.25, 0.5, 0.4
BUSTS, TORSO = 0.85, 0.6
WALL, CLUTTER = 0.12, 0.18
"""How often a background is drawn instead of taken from a photo."""


@dataclass(frozen=True)
class Sample:
    """rgb uint8 HWC; alpha uint8 HW; contrast uint8 HW: |front - back|, 0 where it isn't known."""

    rgb: Picture
    alpha: Picture
    contrast: Picture


@dataclass(frozen=True)
class Sources:
    """Files of labels (H x W x 7) and of backgrounds (H x W x 3)."""

    labels: tuple[Path, ...]
    backgrounds: tuple[Path, ...]
    busts: tuple[Path, ...] = ()
    """The labels of people that a trim makes whole but for the foot."""

    def label(self, rng: Rng) -> Picture:
        return np.load(self.labels[rng.integers(len(self.labels))], mmap_mode="r")

    def person(self, rng: Rng) -> tuple[Picture, Cut]:
        """A label for a composite and where it is cut: BUSTS of them show the background around a head."""
        if not self.busts or rng.random() >= BUSTS:
            label = self.label(rng)
            return label, find_cuts(label[..., 3])
        label = np.array(np.load(self.busts[rng.integers(len(self.busts))], mmap_mode="r"))
        label[..., 3] = trim(label[..., 3], rng)
        return add_torso(label, rng) if rng.random() < TORSO else label, FOOT

    def background(self, rng: Rng) -> Picture:
        return np.load(self.backgrounds[rng.integers(len(self.backgrounds))], mmap_mode="r")


def draw_sample(sources: Sources, side: int, rng: Rng) -> Sample:
    """One square training picture of `side` px."""
    kind = rng.random()
    if kind < PLAIN:
        return draw_photo(sources.label(rng), side, rng)
    people = 0 if kind < PLAIN + NOBODY else int(rng.choice((1, 2, 3), p=CROWD))
    return draw_composite(sources, people, side, rng)


def draw_photo(label: Picture, side: int, rng: Rng) -> Sample:
    """A crop of a labelled photo, down to two fifths of it, mirrored, turned and stretched a little."""
    height, width = label.shape[:2]
    share = 1.0 if rng.random() < 0.6 else rng.uniform(0.4, 1)
    crop = np.array([width, height]) * share
    if rng.random() < 0.5:
        crop[:] = crop.min()
    corner = rng.uniform(0, 1, 2) * ([width, height] - crop)
    scale = side / crop
    matrix = np.array([[scale[0], 0, -corner[0] * scale[0]], [0, scale[1], -corner[1] * scale[1]]])
    if rng.random() < 0.5:
        matrix[0] = [-matrix[0, 0], 0, side - matrix[0, 2]]
    if rng.random() < 0.3:
        spin = cv2.getRotationMatrix2D((side / 2, side / 2), rng.uniform(-12, 12), 1.15)
        matrix = spin[:, :2] @ matrix + np.array([[0, 0, 1]]) * spin[:, 2:]
    rgb, alpha = carry(label[..., :3], matrix, side), carry(label[..., 3], matrix, side)
    return Sample(degrade(rgb, rng), alpha, np.zeros_like(alpha))


def carry(
    values: Picture, matrix: NDArray[np.float64], side: int, outside: int = cv2.BORDER_REFLECT
) -> Picture:
    """Warp into a square; shrinks by an area average first where the matrix shrinks by more than a half."""
    shrink = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    if shrink < 0.6:
        step = max(shrink, 0.05)
        values = cv2.resize(
            np.ascontiguousarray(values), None, fx=step, fy=step, interpolation=cv2.INTER_AREA
        )
        matrix = np.hstack([matrix[:, :2] / step, matrix[:, 2:]])
    carried: Picture = cv2.warpAffine(
        np.ascontiguousarray(values), matrix, (side, side), flags=cv2.INTER_LINEAR, borderMode=outside
    )
    return carried


def draw_composite(sources: Sources, people: int, side: int, rng: Rng) -> Sample:
    """So many people, one before the other, over a background."""
    back = draw_background(sources, side, rng).astype(np.float32)
    canvas, alpha = back.copy(), np.zeros((side, side), np.float32)
    front = np.zeros_like(canvas)
    for _ in range(people):
        colours, share = draw_person(*sources.person(rng), side, rng)
        if rng.random() < MATCH:
            colours = match_light(colours, share, back, rng.uniform(0.2, 0.9))
        if rng.random() < SHADOW:
            canvas = cast_shadow(canvas, share, rng)
        canvas = compose(colours, share, canvas)
        front = compose(colours, share, front)
        alpha = share + alpha * (1 - share)
    contrast = np.abs(front / np.maximum(alpha, 1e-3)[..., None] - back).mean(axis=2)
    rgb = degrade(to_bytes(canvas), rng)
    return Sample(rgb, to_bytes(alpha * 255), to_bytes(contrast * (alpha > 0)))


def compose(front: Floats, alpha: Floats, back: Floats) -> Floats:
    """alpha * front + (1 - alpha) * back; HWC and HW floats."""
    composed: Floats = back + alpha[..., None] * (front - back)
    return composed


def draw_person(label: Picture, cut: Cut, side: int, rng: Rng) -> tuple[Floats, Floats]:
    """A person's colours 0..255 and alpha 0..1 in a square frame."""
    matrix = place(label.shape, cut, side, rng)
    alpha = carry(label[..., 3], matrix, side, cv2.BORDER_CONSTANT) / 255
    colours = carry(label[..., 4:], matrix, side, cv2.BORDER_REPLICATE)
    return colours.astype(np.float32), alpha.astype(np.float32)


def draw_background(sources: Sources, side: int, rng: Rng) -> Picture:
    """A wall, clutter or part of a photo, perhaps out of focus."""
    kind = rng.random()
    if kind < WALL:
        return draw_wall(side, rng)
    back = draw_clutter(side, rng) if kind < WALL + CLUTTER else cut_part(sources.background(rng), side, rng)
    if rng.random() < BLURRED:
        back = cv2.GaussianBlur(back, (0, 0), side * rng.uniform(0.002, 0.03)).astype(np.uint8)
    return tint(back, rng)


def cut_part(photo: Picture, side: int, rng: Rng) -> Picture:
    """A square part of a photo, mirrored half of the time."""
    crop = int(min(photo.shape[:2]) * rng.uniform(0.3, 1))
    y, x = (int(rng.integers(0, limit - crop + 1)) for limit in photo.shape[:2])
    part = np.ascontiguousarray(photo[y : y + crop, x : x + crop])
    how = cv2.INTER_AREA if crop > side else cv2.INTER_LINEAR
    resized = cv2.resize(part, (side, side), interpolation=how)
    return np.ascontiguousarray(resized[:, ::-1] if rng.random() < 0.5 else resized, np.uint8)


def match_light(colours: Floats, alpha: Floats, back: Floats, strength: float) -> Floats:
    """Draw the person's mean and spread of each channel towards the background's by `strength`."""
    inside = colours[alpha > 0.5]
    if not len(inside):
        return colours
    mean, spread = inside.mean(axis=0), inside.std(axis=0) + 8
    ratio = np.clip((back.std(axis=(0, 1)) + 8) / spread, 0.6, 1.5)
    there = np.clip(back.mean(axis=(0, 1)), 50, 200)
    gain = 1 + strength * (ratio - 1)
    matched = (colours - mean) * gain + mean + strength * 0.6 * (there - mean)
    return np.clip(matched, 0, 255).astype(np.float32)


def cast_shadow(back: Floats, alpha: Floats, rng: Rng) -> Floats:
    """Darken what is behind a person, softly and a little to one side."""
    side = len(alpha)
    dx, dy = rng.normal(0, side * 0.05, 2)
    moved = cv2.warpAffine(alpha, np.array([[1, 0, dx], [0, 1, dy]]), (side, side))
    soft = cv2.GaussianBlur(moved, (0, 0), side * rng.uniform(0.01, 0.05))
    shaded: Floats = back * (1 - rng.uniform(0.15, 0.6) * soft)[..., None]
    return shaded


def to_bytes(values: NDArray[np.floating]) -> Picture:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)
