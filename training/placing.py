"""Where a cut-out may stand in a new frame so that nobody is sawn off in the open.

A person who leaves the photo at a side was cut there: in the new frame that side must lie on the frame's
border or beyond it.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Matrix = NDArray[np.float64]
Rng = np.random.Generator

TURN = 0.3
STRONGEST_TURN = 30.0
STRETCH = 0.2
ALLOWED = 0.03
"""Share of a side that a person may touch and still count as whole there."""
TOP_ALLOWED, SIDES_ALLOWED = 0.35, 0.30
"""The same for a person who is to be trimmed: of the top, and of the upper part of each side."""


@dataclass(frozen=True)
class Cut:
    """At which sides the photo's border cuts the person."""

    left: bool
    right: bool
    top: bool
    bottom: bool


def find_cuts(alpha: Picture) -> Cut:
    """alpha uint8 HW."""
    sides = (alpha[:, 0], alpha[:, -1], alpha[0], alpha[-1])
    return Cut(*(float((side > 40).mean()) > ALLOWED for side in sides))


FOOT = Cut(left=False, right=False, top=False, bottom=True)
"""How a trimmed person is cut: at the foot alone."""


def can_trim(alpha: Picture) -> bool:
    """Whether the photo cuts so little of the head that a round trim leaves a person: alpha uint8 HW."""
    upper = alpha[: len(alpha) * 6 // 10]
    sides = max(float((upper[:, column] > 40).mean()) for column in (0, -1))
    return float((alpha[0] > 40).mean()) < TOP_ALLOWED and sides < SIDES_ALLOWED


def trim(alpha: Picture, rng: Rng) -> Picture:
    """Round off what the photo's sides and top cut: a dome, |x|^p + |y|^p <= 1, standing on the foot."""
    height, width = alpha.shape
    power, wide, tall = rng.uniform(2.2, 5), rng.uniform(0.93, 0.99), rng.uniform(0.95, 0.99)
    x = np.abs(np.linspace(-1, 1, width, dtype=np.float32) / wide) ** power
    y = np.linspace(1, 0, height, dtype=np.float32)[:, None] ** power / tall**power
    edge = np.clip((1 - (x + y) ** (1 / power)) * 0.5 * min(height, width) + 0.5, 0, 1)
    return np.rint(alpha * edge).astype(np.uint8)


def place(shape: tuple[int, ...], cut: Cut, side: int, rng: Rng) -> Matrix:
    """2x3 matrix that carries a photo's pixels (shape HW...) into a square frame of `side` px."""
    height, width = shape[:2]
    strong = not (cut.left or cut.right or cut.top) and rng.random() < TURN
    angle = rng.uniform(-STRONGEST_TURN, STRONGEST_TURN) if strong else rng.normal(0, 2)
    mirror = rng.random() < 0.5
    turned = _turn(angle, float(np.exp(rng.uniform(-STRETCH, STRETCH))), mirror)
    corners = turned @ np.array([[0, width, width, 0], [0, 0, height, height]])
    low, high = corners.min(axis=1), corners.max(axis=1)
    # A turned side is a slope; it must leave the frame along all of its length.
    slack = (high - low) * abs(np.sin(np.radians(angle))) + 2
    spans = np.maximum(high - low - 2 * slack, 1)
    left, right = (cut.right, cut.left) if mirror else (cut.left, cut.right)
    scale = _scale(spans, (left and right, cut.top and cut.bottom), side, rng)
    sides = ((left, right), (cut.top, cut.bottom))
    shift = [
        _shift(scale * (low[axis] + slack[axis]), scale * (high[axis] - slack[axis]), sides[axis], side, rng)
        for axis in (0, 1)
    ]
    return np.hstack([scale * turned, np.array(shift)[:, None]])


def _turn(angle: float, stretch: float, mirror: bool) -> Matrix:
    matrix = cv2.getRotationMatrix2D((0, 0), angle, 1)[:, :2]
    return matrix @ np.diag([-stretch if mirror else stretch, 1 / stretch])


def _scale(spans: Matrix, through: tuple[bool, bool], side: int, rng: Rng) -> float:
    """From a figure of a third of the frame to a face that fills it; never smaller than the frame allows."""
    wanted = float(np.exp(rng.uniform(np.log(0.35), np.log(1.8)))) * side / float(spans.max())
    least = max((side * 1.02 / span for span, cut in zip(spans, through, strict=True) if cut), default=0.0)
    return max(wanted, float(least))


def _shift(low: float, high: float, cut: tuple[bool, bool], side: int, rng: Rng) -> float:
    """Offset along one axis of a span low..high: cut ends at the border or beyond it, else anywhere near."""
    before, after = cut
    span = high - low
    beyond = rng.uniform(0, 0.25) * span
    if before and after:
        return float(rng.uniform(side - high, -low))
    if before:
        return float(-low - beyond)
    if after:
        return float(side - high + beyond)
    middle = side / 2 - (low + high) / 2
    return float(middle + rng.uniform(-0.5, 0.5) * max(side - span, 0.4 * side))
