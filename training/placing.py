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


def place(shape: tuple[int, ...], cut: Cut, side: int, rng: Rng) -> Matrix:
    """2x3 matrix that carries a photo's pixels (shape HW...) into a square frame of `side` px."""
    height, width = shape[:2]
    angle = rng.uniform(-STRONGEST_TURN, STRONGEST_TURN) if rng.random() < TURN else rng.normal(0, 3)
    turned = _turn(height, width, angle, float(np.exp(rng.uniform(-STRETCH, STRETCH))), rng.random() < 0.5)
    corners = turned @ np.array([[0, width, width, 0], [0, 0, height, height]])
    spans = corners.max(axis=1) - corners.min(axis=1)
    scale = _scale(spans, (cut.left and cut.right, cut.top and cut.bottom), side, rng)
    # A mirrored or turned photo has its cut sides elsewhere: ask where their middles lie now.
    middles = {"left": (0, height / 2), "right": (width, height / 2), "top": (width / 2, 0)}
    middles["bottom"] = (width / 2, height)
    now = {name: scale * turned @ np.array(at) for name, at in middles.items() if getattr(cut, name)}
    low, high = scale * corners.min(axis=1), scale * corners.max(axis=1)
    slack = scale * spans * abs(np.sin(np.radians(angle))) * 0.5
    shift = [_shift(axis, now, low, high, slack[axis], side, rng) for axis in (0, 1)]
    return np.hstack([scale * turned, np.array(shift)[:, None]])


def _turn(height: int, width: int, angle: float, stretch: float, mirror: bool) -> Matrix:
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)[:, :2]
    return matrix @ np.diag([-stretch if mirror else stretch, 1 / stretch])


def _scale(spans: Matrix, through: tuple[bool, bool], side: int, rng: Rng) -> float:
    """From a figure of a third of the frame to a face that fills it; never smaller than the frame allows."""
    wanted = float(np.exp(rng.uniform(np.log(0.4), np.log(2.2)))) * side / float(spans.max())
    least = max((side * 1.02 / span for span, cut in zip(spans, through, strict=True) if cut), default=0.0)
    return max(wanted, float(least))


def _shift(
    axis: int,
    cuts: dict[str, Matrix],
    low: Matrix,
    high: Matrix,
    slack: float,
    side: int,
    rng: Rng,
) -> float:
    """Offset along one axis: cut sides at or beyond the border, else anywhere that shows most of the photo."""
    span = high[axis] - low[axis]
    centre = (high + low) / 2
    reaches = [at - centre for at in cuts.values()]
    ahead = any(reach[axis] > 0.3 * span for reach in reaches)
    behind = any(reach[axis] < -0.3 * span for reach in reaches)
    start, end = -low[axis] - slack, side - high[axis] + slack
    if ahead and behind:
        return float(rng.uniform(min(start, end), max(start, end)))
    overlap = rng.uniform(0, 0.3) * span if span < side else rng.uniform(0, 1) * (span - 0.6 * side)
    if ahead:
        return float(end + overlap)
    if behind:
        return float(start - overlap)
    return float(rng.uniform(min(start, end), max(start, end)))
