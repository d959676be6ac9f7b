"""Take a picture apart: the far behind the near, each on a plane of its own, nothing missing behind."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.image_to_video.camera import Plane, Stage
from pipelines.image_to_video.inpaint import fill
from pipelines.image_to_video.overlay import premultiply
from pipelines.image_to_video.subject import Subject, box_of

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

FAR, WALL, FLOOR = 0.15, 0.6, 0.9
"""Nearness of the background at the picture's top, at its bottom behind a subject that is cut off there, and
where a whole subject stands on it."""
STANDS = 0.97
"""A subject whose lowest point is above this share of the picture's height is seen whole."""
FAINT = 6
"""Alpha up to which a pixel belongs to the background."""
RIM = 0.004
"""Share of the longer side by which a hole is wider than what stood there: its light and shadow go too."""
BANDS = 3
"""Layers that a depth map is cut into."""
BAND_SOFTNESS = 0.04


@dataclass(frozen=True)
class Layer:
    """`pixels` uint8 HxWx3 or HxWx4, colours multiplied by alpha; `made` bool HxW where they were made up."""

    pixels: Pixels
    plane: Plane
    made: Mask


def split(
    rgb: Pixels, subject: Subject | None, nearness: Floats | None, stage: Stage, reach: float
) -> list[Layer]:
    """By depth where a map of it (float32 HxW, 0 far .. 1 near) is there, else by the subject's matte.

    `reach`: how far behind an edge, in px, it may come to light what is there.
    """
    if nearness is not None:
        return split_by_depth(rgb, nearness, subject, stage, reach)
    nothing = np.zeros(rgb.shape[:2], bool)
    return split_by_matte(rgb, subject, stage, reach) if subject else [Layer(rgb, Plane(), nothing)]


def split_by_matte(rgb: Pixels, subject: Subject, stage: Stage, reach: float) -> list[Layer]:
    """The background, filled behind the subject up to `reach` px, rising like a floor; and the subject."""
    hole = widen(subject.alpha > FAINT)
    back = Layer(fill(rgb, hole, reach), find_floor(subject.alpha, stage), hole)
    return [back, on_top(subject)]


def split_by_depth(
    rgb: Pixels, nearness: Floats, subject: Subject | None, stage: Stage, reach: float
) -> list[Layer]:
    """Bands of a depth map (float32 HxW, 0 far .. 1 near), each filled behind what is nearer; the subject,
    where there is one, as the nearest, on the plane that the map gives it."""
    gone = widen(subject.alpha > FAINT) if subject else np.zeros(nearness.shape, bool)
    edges = [-np.inf, *find_edges(nearness[~gone]), np.inf]
    layers = []
    for low, high in pairwise(edges):
        own = (nearness >= low) & (nearness < high) & ~gone
        if own.any():
            layers.append(_cut_band(rgb, nearness, own, low, fit_plane(nearness, own, stage), reach))
    if subject:
        layers.append(on_top(subject, fit_plane(nearness, subject.alpha > 127, stage)))
    return layers


def _cut_band(rgb: Pixels, nearness: Floats, own: Mask, low: float, plane: Plane, reach: float) -> Layer:
    made = ~own
    pixels = fill(rgb, widen(made) if np.isfinite(low) else widen(made) & made, reach)
    if not np.isfinite(low):
        return Layer(pixels, plane, made)
    alpha = np.clip((nearness - low) / BAND_SOFTNESS + 0.5, 0, 1)
    return Layer(premultiply(pixels, np.rint(alpha * 255).astype(np.uint8)), plane, made)


def on_top(subject: Subject, plane: Plane | None = None) -> Layer:
    """The subject as the layer before all others."""
    nothing = np.zeros(subject.alpha.shape, bool)
    return Layer(premultiply(subject.rgb, subject.alpha), plane or Plane(), nothing)


def find_floor(alpha: Pixels, stage: Stage) -> Plane:
    """A background that comes nearer down to where the subject stands."""
    box = box_of(alpha)
    bottom = box.bottom if box else 1.0
    height = alpha.shape[0]
    foot, near = (bottom, FLOOR) if bottom < STANDS else (1.0, WALL)
    slope = (near - FAR) / (foot * height) * stage.unit
    return Plane(FAR + slope * stage.centre[1] / stage.unit, slope)


def fit_plane(nearness: Floats, where: Mask, stage: Stage) -> Plane:
    """The plane nearest to a depth map's values in a mask."""
    rows = np.nonzero(where.any(axis=1))[0]
    if not len(rows):
        return Plane()
    y, x = np.nonzero(where)
    down = (y - stage.centre[1]) / stage.unit
    slope = float(np.polyfit(down, nearness[y, x], 1)[0]) if len(rows) > 8 else 0.0
    return Plane(float((nearness[y, x] - slope * down).mean()), slope)


def find_edges(values: Floats) -> list[float]:
    """Where to cut a depth map's values (float32 N) into BANDS: between their clusters."""
    sample = np.ascontiguousarray(values[:: max(1, values.size // 10_000)], np.float32)
    if len(np.unique(sample)) < BANDS:
        return []
    rounds = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_MAX_ITER, 30, 1e-4)
    cv2.setRNGSeed(0)
    _, _, centres = cv2.kmeans(sample, BANDS, None, rounds, 3, cv2.KMEANS_PP_CENTERS)
    ordered = np.sort(centres.ravel())
    return [float(each) for each in (ordered[1:] + ordered[:-1]) / 2]


def widen(mask: Mask) -> Mask:
    """The mask and its rim."""
    side = 2 * max(1, round(RIM * max(mask.shape))) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return cv2.dilate(mask.astype(np.uint8), kernel) > 0
