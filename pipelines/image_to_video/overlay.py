"""Layers over one another, and fades."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.image_to_video.camera import Matrix, project
from pipelines.image_to_video.warp import Levels

Pixels = NDArray[np.uint8]


def premultiply(rgb: Pixels, alpha: Pixels) -> Pixels:
    """RGBA whose colours are multiplied by alpha, so that mixing neighbours brings in no foreign colour."""
    return np.dstack([cv2.multiply(rgb, cv2.merge([alpha] * 3), scale=1 / 255), alpha])


def divide(rgba: Pixels) -> Pixels:
    """The inverse of `premultiply`, exact where alpha is 255."""
    alpha = rgba[..., 3]
    if alpha.min() == 255:
        return rgba
    rgb = cv2.divide(rgba[..., :3].copy(), cv2.merge([alpha] * 3), scale=255)
    return np.dstack([rgb, alpha])


def lay_over(below: Pixels, above: Pixels) -> Pixels:
    """`above` (RGBA, colours multiplied by alpha) over RGB: uint8 HxWx3."""
    left = cv2.bitwise_not(cv2.extractChannel(above, 3))
    shown = cv2.multiply(below, cv2.cvtColor(left, cv2.COLOR_GRAY2RGB), scale=1 / 255)
    return cv2.add(shown, cv2.cvtColor(above, cv2.COLOR_RGBA2RGB))


def put_on(drawn: Pixels, levels: Levels, matrix: Matrix) -> None:
    """Draw a see-through layer over RGB, in place, where it is; `matrix` 3 x 3 from film to picture."""
    height, width = drawn.shape[:2]
    back: Matrix = np.linalg.inv(matrix).astype(np.float64)
    corners = project(back, levels.seen_corners)
    left, top = np.clip(np.floor(corners.min(axis=0)).astype(int) - 1, 0, (width, height))
    right, bottom = np.clip(np.ceil(corners.max(axis=0)).astype(int) + 1, 0, (width, height))
    if right > left and bottom > top:
        moved = matrix @ np.array([[1, 0, left], [0, 1, top], [0, 0, 1.0]])
        part = drawn[top:bottom, left:right]
        part[...] = lay_over(part, levels.draw(moved, (int(right - left), int(bottom - top))))


def fade(drawn: Pixels, light: float) -> Pixels:
    """Towards black, by what `light` (0..1) leaves; a see-through frame towards nothing."""
    if light >= 1:
        return drawn
    if drawn.shape[2] == 3:
        return cv2.convertScaleAbs(drawn, alpha=light)
    return np.dstack([drawn[..., :3], cv2.convertScaleAbs(drawn[..., 3], alpha=light)])
