"""How everything moved between two frames: dense flow both ways, at a size that every picture pays alike.

Kroeger, Timofte, Dai and Van Gool, "Fast Optical Flow using Dense Inverse Search", ECCV 2016, as OpenCV has it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

Rgb = NDArray[np.uint8]
Field = NDArray[np.float32]
Pixels = TypeVar("Pixels", NDArray[np.uint8], NDArray[np.float32])

AREA = 100_000
"""Pixels of the grey pictures on which flow is found: large frames are shrunk to it, small ones enlarged."""
LARGEST = 2.0
"""By how much a side is enlarged at most."""
SMALLEST = 16
"""Side, in px of the grey picture, under which no motion can be told: the search compares patches of 8 px."""


@dataclass(frozen=True)
class Flows:
    """`there` from the first frame to the second and `back`, each HxWx2 float32 (x, y) in px of its own size."""

    there: Field
    back: Field


def find_flows(first: Rgb, second: Rgb) -> Flows:
    """The flow between two frames of one size, RGB uint8 HWC; zero where frames are too small to tell."""
    greys = shrink(first), shrink(second)
    if min(greys[0].shape) < SMALLEST:
        still = np.zeros((*greys[0].shape, 2), np.float32)
        return Flows(still, still)
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    search.setFinestScale(0)
    search.setVariationalRefinementIterations(0)  # it costs a third of the time and blurs small fast things
    return Flows(search.calc(*greys, None), search.calc(*greys[::-1], None))


def shrink(rgb: Rgb) -> NDArray[np.uint8]:
    """The frame in grey with about AREA pixels."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    height, width = grey.shape
    scale = min(LARGEST, math.sqrt(AREA / (height * width)))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(grey, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)


def meet(flow: Field, at: float) -> Field:
    """The flow as it is where things are at a share `at` of its way, to first order: v(x) = flow(x - at v(x))."""
    return carry(flow, flow, -at)


def carry(values: Field, flow: Field, by: float) -> Field:
    """`values`, HW or HWxC, as seen at the other end of `by` times the flow of the same size."""
    height, width = flow.shape[:2]
    return look(values, grid(slice(0, height), slice(0, width)) + np.float32(by) * flow, cv2.INTER_LINEAR)


def look(picture: Pixels, places: Field, how: int = cv2.INTER_CUBIC) -> Pixels:
    """A picture sampled at places HxWx2 (x, y) in px; beyond its border the border goes on."""
    return cv2.remap(picture, places, None, how, borderMode=cv2.BORDER_REPLICATE)


def grid(rows: slice, columns: slice) -> Field:
    """Each pixel's own place (x, y), HxWx2."""
    x = np.arange(columns.start, columns.stop, dtype=np.float32)
    y = np.arange(rows.start, rows.stop, dtype=np.float32)
    return np.dstack(np.meshgrid(x, y))


def enlarge(values: Field, size: tuple[int, int], rows: slice, columns: slice) -> Field:
    """The part `rows`, `columns` of what `values` (HW or HWxC) would be at `size` (width, height) px."""
    height, width = values.shape[:2]
    x, y = width / size[0], height / size[1]
    places = np.array(
        [[x, 0, (columns.start + 0.5) * x - 0.5], [0, y, (rows.start + 0.5) * y - 0.5]], np.float64
    )
    part = (columns.stop - columns.start, rows.stop - rows.start)
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(values, places, part, flags=how, borderMode=cv2.BORDER_REPLICATE)
