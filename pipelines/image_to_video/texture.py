"""Continue a picture's texture into a hole: each patch there looks like one that exists elsewhere.

Wexler, Shechtman and Irani, "Space-Time Completion of Video", PAMI 2007, with the search of Barnes et al.,
"PatchMatch", SIGGRAPH 2009, all pixels of a hole at once, coarse to fine.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]
Places = NDArray[np.int32]

COARSEST = 40
"""Longer side, in px, at which the search begins."""
RADIUS = 4
REACHES = (-4, -2, 0, 2, 4)
"""Rows and columns of a patch that are compared: every second of 9 x 9."""
NEIGHBOURS = ((0, 1), (0, -1), (1, 0), (-1, 0))
ROUNDS = 3
"""Of searching and filling at each size."""
FARNESS = 0.002
"""What a source costs for each share of the picture that it is away, as a squared difference of colours 0..1."""


@dataclass(frozen=True)
class Search:
    """A picture (float32 HxWx3 0..1, bordered by RADIUS) and its hole: `targets` N x 2 (row, column) in it,
    `number` the target at each place or -1, `usable` whether a whole patch around a place is known."""

    image: Floats
    targets: Places
    number: Places
    usable: Mask

    def compare(self, sources: Places) -> Floats:
        """How unlike the patches at targets and sources are: N, infinite where a source can't be used."""
        width = self.image.shape[1]
        flat = self.image.reshape(-1, 3)
        here, there = (self._flat(each) for each in (self.targets, sources))
        total = np.zeros(len(here), np.float32)
        for step in (row * width + column for row in REACHES for column in REACHES):
            total += ((flat[here + step] - flat[there + step]) ** 2).sum(axis=1)
        away = ((sources - self.targets) ** 2).sum(axis=1) ** 0.5 / max(self.usable.shape)
        total = total / len(REACHES) ** 2 + np.float32(FARNESS) * away.astype(np.float32)
        return np.where(self.usable[sources[:, 0], sources[:, 1]], total, np.inf).astype(np.float32)

    def _flat(self, places: Places) -> NDArray[np.int64]:
        width = self.image.shape[1]
        return (places[:, 0].astype(np.int64) + RADIUS) * width + places[:, 1] + RADIUS


def continue_texture(rgb: Floats, hole: Mask, wanted: Mask) -> Places | None:
    """For each `wanted` place of the hole the place outside that it is to look like: HxWx2 (row, column),
    itself elsewhere. `rgb` float32 HxWx3 0..255, a first guess in its hole. None where too little is known to
    look for anything."""
    found: Places | None = None
    rng = np.random.default_rng(0)
    for size in _sizes(hole.shape):
        small, *masks = (
            cv2.resize(each, size, interpolation=cv2.INTER_AREA)
            for each in (rgb / np.float32(255), hole.astype(np.float32), wanted.astype(np.float32))
        )
        found = _search(small, masks[0] > 0, masks[1] > 0, found, rng)
        if found is None:
            return None
    return found


def _sizes(shape: tuple[int, ...]) -> list[tuple[int, int]]:
    """(width, height) from coarse to fine."""
    height, width = shape
    sizes = [(width, height)]
    while max(sizes[0]) > 2 * COARSEST and min(sizes[0]) > 4 * RADIUS:
        sizes.insert(0, (sizes[0][0] // 2, sizes[0][1] // 2))
    return sizes


def _search(
    image: Floats, hole: Mask, wanted: Mask, before: Places | None, rng: np.random.Generator
) -> Places | None:
    usable = cv2.erode((~hole).astype(np.uint8), np.ones((2 * RADIUS + 1,) * 2), borderValue=1) > 0
    usable[:RADIUS] = usable[-RADIUS:] = False
    usable[:, :RADIUS] = usable[:, -RADIUS:] = False
    places = np.argwhere(usable).astype(np.int32)
    if not len(places):
        return None
    field = np.moveaxis(np.indices(hole.shape), 0, -1).astype(np.int32)
    if not wanted.any():
        return field
    targets = np.argwhere(wanted).astype(np.int32)
    number = np.full(hole.shape, -1, np.int32)
    number[wanted] = np.arange(len(targets))
    sources = places[rng.integers(len(places), size=len(targets))]
    if before is not None:
        sources = _enlarge(before, hole.shape)[wanted]
        image = vote(image, wanted, _with(field, wanted, sources))
    for _ in range(ROUNDS):
        bordered = cv2.copyMakeBorder(image, *(RADIUS,) * 4, cv2.BORDER_REFLECT_101)
        search = Search(bordered, targets, number, usable)
        sources = _improve(search, sources, rng)
        image = vote(image, wanted, _with(field, wanted, sources))
    return _with(field, wanted, sources)


def _improve(search: Search, sources: Places, rng: np.random.Generator) -> Places:
    """Take what the neighbours found, moved along, or something at random nearby, where that is more alike."""
    height, width = search.usable.shape
    best = search.compare(sources)
    candidates = [_ask(search, sources, step) for step in NEIGHBOURS]
    radius = max(height, width) / 2
    while candidates or radius >= 1:
        if candidates:
            tried = candidates.pop()
        else:
            tried = sources + rng.integers(-radius, radius + 1, size=sources.shape).astype(np.int32)
            radius /= 3
        tried = np.clip(tried, 0, (height - 1, width - 1)).astype(np.int32)
        cost = search.compare(tried)
        better = cost < best
        sources = np.where(better[:, None], tried, sources)
        best = np.where(better, cost, best)
    return sources


def _ask(search: Search, sources: Places, step: tuple[int, int]) -> Places:
    """What a neighbour's source suggests: its own neighbour on the other side."""
    height, width = search.usable.shape
    beside = np.clip(search.targets + step, 0, (height - 1, width - 1))
    number = search.number[beside[:, 0], beside[:, 1]]
    moved = sources[number] - np.array(step, np.int32)
    return np.where(number[:, None] >= 0, moved, sources).astype(np.int32)


def vote(image: Floats, wanted: Mask, field: Places) -> Floats:
    """The wanted places filled with the mean of what the patches over each pixel say; float32 HxWx3, a new array."""
    height, width = wanted.shape
    y, x = np.nonzero(wanted)
    total = np.zeros((len(y), 3), np.float32)
    for row in (-2, 0, 2):
        for column in (-2, 0, 2):
            v, u = np.clip(y + row, 0, height - 1), np.clip(x + column, 0, width - 1)
            source = field[v, u] - (row, column)
            total += image[np.clip(source[:, 0], 0, height - 1), np.clip(source[:, 1], 0, width - 1)]
    filled = image.copy()
    filled[y, x] = total / 9
    return filled


def _with(field: Places, wanted: Mask, sources: Places) -> Places:
    made = field.copy()
    made[wanted] = sources
    return made


def _enlarge(field: Places, shape: tuple[int, ...]) -> Places:
    """A field of half the size, each place moved by twice as much."""
    rows, columns = np.indices(shape)
    height, width = field.shape[:2]
    y, x = (
        np.minimum(rows * height // shape[0], height - 1),
        np.minimum(columns * width // shape[1], width - 1),
    )
    ratio = np.array([shape[0] / height, shape[1] / width])
    away = (field[y, x] - np.dstack([y, x])) * ratio
    moved = np.rint(np.dstack([rows, columns]) + away)
    return np.clip(moved, 0, (shape[0] - 1, shape[1] - 1)).astype(np.int32)
