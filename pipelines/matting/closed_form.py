"""Closed-form matting with a soft prior: alpha is locally a linear function of colour.

After Levin, Lischinski and Weiss, "A Closed-Form Solution to Natural Image Matting", PAMI 2008. Rows are
built for unknown pixels only and solved by conjugate gradients with a diagonal preconditioner: no compiled
extension of our own, nothing to warm up, and safe to call from several threads.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Indices = NDArray[np.int64]
Mask = NDArray[np.bool_]

WINDOW = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
STENCIL = [(dy, dx) for dy in range(-2, 3) for dx in range(-2, 3)]
EPSILON = 1e-7
"""Levin's regularisation of a window's colour covariance, colours in 0..1."""
CHUNK = 32_768
"""Windows worked on at a time: it bounds the memory of their 9x9 blocks."""


def solve_closed_form(
    rgb: NDArray[np.uint8],
    known: Floats,
    unknown: Mask,
    prior: Floats,
    weight: Floats,
    steps: int = 200,
    epsilon: float = EPSILON,
) -> Floats:
    """Fill the unknown pixels of a matte.

    rgb HWC; known HW 0..1, read where `unknown` is False; prior HW 0..1, what alpha is drawn to with
    `weight` HW > 0 (0 = Levin's hard trimap; a matting Laplacian's row is of the order of 1). At most
    `steps` conjugate gradient steps, started at the prior; `epsilon`: how much of a window's colours is noise
    (variance, colours in 0..1). Returns alpha HW float32 in 0..1. A picture
    with a side under 3 px has no window: its prior is returned.
    """
    alpha = np.where(unknown, prior, known).astype(np.float32)
    if min(unknown.shape) < 3 or not unknown.any():
        return alpha
    pixels, rows = _laplacian_rows(rgb, unknown, epsilon)
    matrix, right = _assemble(pixels, rows, unknown, alpha)
    pull = weight.ravel()[pixels].astype(np.float64)
    start = prior.ravel()[pixels].astype(np.float64)
    matrix.setdiag(matrix.diagonal() + pull)
    found = _conjugate_gradients(matrix, right + pull * start, start, steps)
    alpha.ravel()[pixels] = np.clip(found, 0, 1)
    return alpha


def _laplacian_rows(rgb: NDArray[np.uint8], unknown: Mask, epsilon: float) -> tuple[Indices, Doubles]:
    """Flat indices of the unknown pixels and their rows of the matting Laplacian, in 5x5 STENCIL order."""
    width = unknown.shape[1]
    touched = np.flatnonzero(_grow(unknown, 2))
    place = np.full(unknown.size, -1, np.int32)
    place[touched] = np.arange(len(touched), dtype=np.int32)
    rows = np.zeros((25, len(touched)))
    offsets = np.array([dy * width + dx for dy, dx in WINDOW])
    centres = _window_centres(unknown)
    colours = rgb.reshape(-1, 3)
    for first in range(0, len(centres), CHUNK):
        windows = centres[first : first + CHUNK, None] + offsets
        _add_windows(rows, place[windows], _affinities(colours[windows], epsilon))
    pixels = np.flatnonzero(unknown)
    return pixels, np.ascontiguousarray(rows[:, place[pixels]].T)


def _window_centres(unknown: Mask) -> Indices:
    """Flat indices of the 3x3 windows that hold an unknown pixel and lie wholly inside the picture."""
    centres = _grow(unknown, 1)
    centres[[0, -1]] = False
    centres[:, [0, -1]] = False
    return np.flatnonzero(centres)


def _affinities(colours: NDArray[np.uint8], epsilon: float) -> Doubles:
    """N windows of 9 colours -> N 9x9 matrices (1 + (Ii-mean)^T cov^-1 (Ij-mean)) / 9, Levin's eq. 12."""
    centred = colours / 255.0
    centred -= centred.mean(axis=1, keepdims=True)
    covariance = centred.transpose(0, 2, 1) @ centred + epsilon * np.eye(3)
    spread = centred @ np.linalg.inv(covariance / 9)
    matrices: Doubles = (1 + spread @ centred.transpose(0, 2, 1)) / 9
    return matrices


def _add_windows(rows: Doubles, places: NDArray[np.int32], affinity: Doubles) -> None:
    """Add each window's 81 entries; within one pair (a, b) no pixel occurs twice, so += is safe."""
    for a, (ay, ax) in enumerate(WINDOW):
        for b, (by, bx) in enumerate(WINDOW):
            slot = (by - ay + 2) * 5 + (bx - ax + 2)
            rows[slot, places[:, a]] += float(a == b) - affinity[:, a, b]


def _assemble(pixels: Indices, rows: Doubles, unknown: Mask, alpha: Floats) -> tuple[Any, Doubles]:
    """Rows -> (sparse matrix over the unknown pixels, right side from the known ones)."""
    from scipy.sparse import csr_matrix

    width = unknown.shape[1]
    offsets = np.array([dy * width + dx for dy, dx in STENCIL])
    used = rows != 0
    neighbours = np.where(used, pixels[:, None] + offsets, 0)
    place = np.full(unknown.size, -1, np.int32)
    place[pixels] = np.arange(len(pixels), dtype=np.int32)
    columns = place[neighbours]
    inner = used & (columns >= 0)
    right = -np.where(used & ~inner, rows, 0) * alpha.ravel()[neighbours]
    starts = np.concatenate([[0], np.cumsum(inner.sum(axis=1))]).astype(np.int32)
    matrix = csr_matrix((rows[inner], columns[inner], starts), (len(pixels), len(pixels)))
    return matrix, right.sum(axis=1)


def _conjugate_gradients(matrix: Any, right: Doubles, start: Doubles, steps: int) -> Doubles:
    """Solve matrix x = right by preconditioned conjugate gradients (Jacobi), to 1e-3 of |right|."""
    inverse = 1 / matrix.diagonal()
    found = start
    rest = right - matrix @ found
    direction = scaled = inverse * rest
    size = rest @ scaled
    goal = 1e-3 * np.linalg.norm(right)
    for _ in range(steps):
        if np.linalg.norm(rest) <= goal:
            break
        image = matrix @ direction
        step = size / (direction @ image)
        found = found + step * direction
        rest = rest - step * image
        scaled = inverse * rest
        size, last = rest @ scaled, size
        direction = scaled + (size / last) * direction
    return found


def _grow(mask: Mask, radius: int) -> Mask:
    side = 2 * radius + 1
    return cv2.dilate(mask.astype(np.uint8), np.ones((side, side), np.uint8)).astype(np.bool_)
