"""Morph: both pictures bend towards each other while one fades into the other.

Where both show a face, its eyes, nose and mouth go to those of the other. What lies where beside that is dense
inverse search flow (Kroeger et al., ECCV 2016) of small, evenly lit copies, in both directions; where these
disagree the flow of the surroundings is taken, so that pictures with nothing in common only flow a little.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Flow = NDArray[np.float32]
Points = NDArray[np.float64]
FindPoints = Callable[[Pixels], "Points | None"]
"""Gives places N x 2 (x, y in px) that a frame has in common with others of its kind, None where it has none."""

SMALL = 256
"""Longer side, in px, at which the pictures are compared: shapes, not texture."""
SOFT = 1.5
AGREE = 4.0
"""Px of a small copy by which there and back may miss before the flow counts for little."""
SURROUNDINGS = 0.045
"""Radius, as a share of the longer side, over which the flow is evened out."""
FARTHEST = 0.12
"""Share of the longer side that the flow may move a point."""
REACH = 4.0
"""How far a face takes what is around it along, in mean distances of its points from their middle."""
UNFOLDED = 1.3
"""Least reach in lengths of the way that it goes: with less, space would fold over."""
FADE = 0.15
"""Share of the time at each end in which only the shape moves."""


def open_morph(first: Pixels, second: Pixels, find: FindPoints) -> Callable[[Pixels, Pixels, float], Pixels]:
    """Compare two frames of one size, RGB or RGBA uint8 HWC; see `transitions`."""
    from pipelines.image_to_video.transitions import mix, smooth

    size = (first.shape[1], first.shape[0])
    one, two = shrink(first), shrink(second)
    lead = open_lead((one.shape[1], one.shape[0]), one.shape[1] / size[0], find(first), find(second))
    there, back = compare(*(bend(each, to) for each, to in zip((one, two), lead(0.5), strict=True)))

    def draw(first: Pixels, second: Pixels, at: float) -> Pixels:
        way = smooth(at)
        seen = smooth(min(max((at - FADE) / (1 - 2 * FADE), 0.0), 1.0))
        to_first, to_second = lead(way)
        return mix(
            bend(first, enlarge(to_first + way * back, size)),
            bend(second, enlarge(to_second + (1 - way) * there, size)),
            seen,
        )

    return draw


def open_lead(
    size: tuple[int, int], scale: float, points: Points | None, others: Points | None
) -> Callable[[float], tuple[Flow, Flow]]:
    """Gives for a share of the way the flows from that frame to the first and to the second, hw2 of `size`.

    `points` of the first go to `others` of the second, both in px of frames that `scale` brings to `size`.
    """
    still = np.zeros((size[1], size[0], 2), np.float32)
    if points is None or others is None:
        return lambda way: (still, still)
    start, end = points * scale, others * scale

    def lead(way: float) -> tuple[Flow, Flow]:
        now = (1 - way) * start + way * end
        return guide(still, now, start), guide(still, now, end)

    return lead


def bend(pixels: Pixels, flow: Flow) -> Pixels:
    """Each pixel from where `flow` (HW2, px) points."""
    places = make_grid((pixels.shape[1], pixels.shape[0])) + flow
    return cv2.remap(pixels, places, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)


def make_grid(size: tuple[int, int]) -> Flow:
    """Each pixel's own place, HW2, of a frame of `size` (width, height)."""
    width, height = size
    return np.dstack(np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)))


def guide(still: Flow, points: Points, others: Points) -> Flow:
    """A flow that takes each point exactly to its other one, and what is near along.

    One turn, scale and shift for all of the face, which fades with the distance; what each point still misses
    is spread around it by radial basis functions (Arad et al., CVGIP 1994).
    """
    matrix, _ = cv2.estimateAffinePartial2D(points, others, method=cv2.LMEDS)
    if matrix is None:
        return still
    middle = points.mean(axis=0)
    spread = float(np.linalg.norm(points - middle, axis=1).mean())
    reach = max(REACH * spread, UNFOLDED * float(np.linalg.norm(others - points, axis=1).max()))

    def together(places: NDArray[Any]) -> NDArray[Any]:
        return (places @ matrix[:, :2].T + matrix[:, 2] - places) * hill(places - middle, reach)[..., None]

    missed = others - points - together(points)
    between = hill(points[:, None] - points, spread)
    weights = np.linalg.solve(between + 1e-6 * np.eye(len(points)), missed)
    grid = make_grid((still.shape[1], still.shape[0]))
    alone = sum(
        hill(grid - point, spread)[..., None] * weight for point, weight in zip(points, weights, strict=True)
    )
    return np.asarray(together(grid) + alone, np.float32)


def hill(away: NDArray[Any], radius: float) -> NDArray[Any]:
    """1 at no distance, falling to 0 around `radius`; `away` is ...x2."""
    return np.asarray(np.exp(-np.square(away / radius).sum(axis=-1)))


def compare(one: NDArray[np.uint8], two: NDArray[np.uint8]) -> tuple[Flow, Flow]:
    """Where what is in the first small copy is in the second, and the other way round; hw2 px."""
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    search.setFinestScale(2)
    there, back = search.calc(one, two, None), search.calc(two, one, None)
    return even_out(there, back), even_out(back, there)


def shrink(pixels: Pixels) -> NDArray[np.uint8]:
    """A small grey copy, evenly lit; see-through parts are middle grey."""
    scale = SMALL / max(pixels.shape[:2])
    size = (max(16, round(pixels.shape[1] * scale)), max(16, round(pixels.shape[0] * scale)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small[..., :3], cv2.COLOR_RGB2GRAY)
    if small.shape[2] == 4:
        share = small[..., 3] / 255
        grey = np.rint(128 + share * (grey.astype(np.float32) - 128)).astype(np.uint8)
    even = cv2.createCLAHE(2.0, (4, 4)).apply(grey)
    return cv2.GaussianBlur(even, (0, 0), SOFT)


def even_out(flow: Flow, other: Flow) -> Flow:
    """The flow of the surroundings, weighted by how well `other` leads back; no longer than FARTHEST."""
    height, width = flow.shape[:2]
    grid = make_grid((width, height))
    returned = cv2.remap(other, grid + flow, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    missed = np.linalg.norm(flow + returned, axis=2)
    trust = np.exp(-((missed / AGREE) ** 2)).astype(np.float32) + 1e-3
    radius = SURROUNDINGS * max(width, height)
    weighed = cv2.GaussianBlur(flow * trust[..., None], (0, 0), radius)
    smooth = weighed / cv2.GaussianBlur(trust, (0, 0), radius)[..., None]
    length = np.linalg.norm(smooth, axis=2, keepdims=True)
    farthest = FARTHEST * max(width, height)
    return (smooth * np.minimum(1, farthest / np.maximum(length, 1e-6))).astype(np.float32)


def enlarge(flow: Flow, size: tuple[int, int]) -> Flow:
    """The same flow for a frame of `size` (width, height) px."""
    grown = np.array([size[0] / flow.shape[1], size[1] / flow.shape[0]], np.float32)
    return np.asarray(cv2.resize(flow, size, interpolation=cv2.INTER_CUBIC) * grown, np.float32)
