"""Split a picture with a matte into two smooth layers of colour: the subject's and the background's."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Picture = NDArray[np.uint8]

REGULARISATION = 1e-5
SIDES = (
    ((slice(1, None), slice(None)), (slice(None, -1), slice(None))),
    ((slice(None), slice(1, None)), (slice(None), slice(None, -1))),
)
"""Pairs of views whose elements are vertical and horizontal neighbours."""


def blur_layers(rgb: Picture, alpha: Floats) -> tuple[Floats, Floats]:
    """Average the colours around each pixel, weighted by alpha and by 1 - alpha, in two passes.

    After Forte, "Approximate Fast Foreground Colour Estimation", ICIP 2021 ("blur fusion"): wide windows
    reach the far side of the band, narrow ones then follow the colours close by. Returns foreground and
    background, float32 HWC 0..255.
    """
    seen, a = rgb.astype(np.float32), alpha[..., None]
    wide = max(2, round(0.11 * max(alpha.shape)))
    front, back = _average(seen, seen, a, wide)
    unexplained = seen - a * front - (1 - a) * back
    return _average(front + a * unexplained, back + (1 - a) * unexplained, a, max(1, wide // 6))


def _average(front: Floats, back: Floats, alpha: Floats, radius: int) -> tuple[Floats, Floats]:
    window = (2 * radius + 1, 2 * radius + 1)

    def blur(values: Floats) -> Floats:
        blurred: Floats = cv2.blur(values, window, borderType=cv2.BORDER_REFLECT)
        return blurred

    share = np.clip(blur(alpha), 0, 1)[..., None]
    return blur(front * alpha) / (share + 1e-5), blur(back * (1 - alpha)) / (1 - share + 1e-5)


def solve_layers(rgb: Picture, alpha: Floats) -> tuple[Floats, Floats]:
    """Minimise |alpha F + (1 - alpha) B - I|^2 + smoothness of F and B, coarse to fine.

    Germer, Uelwer, Conrad and Harmeling, "Fast Multi-Level Foreground Estimation", ICPR 2020: layers are
    held smooth most where alpha changes. Returns foreground and background, float32 HWC 0..255.
    """
    seen = rgb.astype(np.float32)
    front, back = (_mean_colour(seen, share) for share in (alpha > 0.9, alpha < 0.1))
    for size in _pyramid(alpha.shape):
        image = cv2.resize(seen, size, interpolation=cv2.INTER_AREA)
        matte = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA)
        front, back = (cv2.resize(layer, size, interpolation=cv2.INTER_LINEAR) for layer in (front, back))
        front, back = _relax(image, matte, front, back, 10 if max(size) <= 32 else 3)
    return front, back


def _mean_colour(seen: Floats, chosen: NDArray[np.bool_]) -> Floats:
    colour = seen[chosen].mean(axis=0) if chosen.any() else seen.mean(axis=(0, 1))
    return np.asarray(colour, np.float32).reshape(1, 1, 3)


def _pyramid(shape: tuple[int, ...]) -> list[tuple[int, int]]:
    """Sizes (width, height) from 2 px up to the whole picture, doubling."""
    levels = max(1, int(np.ceil(np.log2(max(shape)))))
    return [(max(1, shape[1] >> k), max(1, shape[0] >> k)) for k in range(levels - 1, -1, -1)]


def _relax(image: Floats, matte: Floats, front: Floats, back: Floats, steps: int) -> tuple[Floats, Floats]:
    """Jacobi steps: each pixel's 2x2 system given its four neighbours."""
    a, rest = matte[..., None], 1 - matte[..., None]
    weights = [np.abs(matte[ahead] - matte[behind])[..., None] + REGULARISATION for ahead, behind in SIDES]
    total = _gather(np.ones_like(a), weights) + REGULARISATION
    inverse = 1 / (total * (a * a + rest * rest + total))
    for _ in range(steps):
        want_front = a * image + _gather(front, weights)
        want_back = rest * image + _gather(back, weights)
        front = ((rest * rest + total) * want_front - a * rest * want_back) * inverse
        back = ((a * a + total) * want_back - a * rest * want_front) * inverse
    return np.clip(front, 0, 255), np.clip(back, 0, 255)


def _gather(values: Floats, weights: list[Floats]) -> Floats:
    """Sum of each pixel's neighbours, times the weight between them."""
    gathered = np.zeros_like(values)
    for (ahead, behind), weight in zip(SIDES, weights, strict=True):
        gathered[ahead] += weight * values[behind]
        gathered[behind] += weight * values[ahead]
    return gathered
