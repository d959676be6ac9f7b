"""How one picture becomes the next: a new way is a row.

A transition is opened for two frames of one size, RGB or RGBA uint8 HWC, with a function that finds places which
they may have in common; it then draws from any two frames of these shots at a share 0..1 of its time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.image_to_video.morph import FindPoints, open_morph

Pixels = NDArray[np.uint8]
Draw = Callable[[Pixels, Pixels, float], Pixels]
"""(first, second, share of the time) -> frame."""

WIPE_EDGE = 0.08
"""Softness of a wipe's edge, as a share of its way."""
GRAIN_EDGE = 0.25
"""Softness of a dissolve, as a share of its time."""
GRAIN_SEED = 7
GRAIN_SCALES = (2, 6, 18)
"""Sizes of a dissolve's spots in thousandths of the frame's longer side."""


def smooth(at: float) -> float:
    """0..1 with soft ends."""
    return at * at * (3 - 2 * at)


def cut(first: Pixels, second: Pixels, at: float) -> Pixels:
    """No transition: one picture up to the middle, then the other."""
    return first if at < 0.5 else second


def mix(first: Pixels, second: Pixels, at: float) -> Pixels:
    """Both over each other, `at` of the second; see-through ones by what is seen of them."""
    if first.shape[2] == 3:
        return cv2.addWeighted(first, 1 - at, second, at, 0)
    return mix_by(first, second, np.full(first.shape[:2], at, np.float32))


def mix_by(first: Pixels, second: Pixels, share: NDArray[np.float32]) -> Pixels:
    """`share` HW 0..1 of the second at each pixel."""
    if first.shape[2] == 3:
        return np.asarray(cv2.blendLinear(first, second, 1 - share, share), np.uint8)
    alpha_first = first[..., 3] * (1 - share)
    alpha_second = second[..., 3] * share
    alpha = alpha_first + alpha_second
    part = np.divide(alpha_second, alpha, out=share.copy(), where=alpha > 0)
    rgb = cv2.blendLinear(
        np.ascontiguousarray(first[..., :3]), np.ascontiguousarray(second[..., :3]), 1 - part, part
    )
    return np.dstack([rgb, np.rint(alpha).astype(np.uint8)])


def reveal(order: NDArray[np.float32], edge: float) -> Draw:
    """The second comes where `order` (HW, 0 first .. 1 last) says, over an edge of that share of the time."""

    def draw(first: Pixels, second: Pixels, at: float) -> Pixels:
        share = np.clip((at * (1 + edge) - order) / edge, 0, 1, dtype=np.float32)
        return mix_by(first, second, share)

    return draw


def open_plain(draw: Draw, first: Pixels, second: Pixels, find: FindPoints) -> Draw:
    """A way that needs to know nothing of the pictures."""
    return draw


def open_wipe(turns: int, first: Pixels, second: Pixels, find: FindPoints) -> Draw:
    """An edge that passes over the frame: to the left, and from there so many quarters clockwise."""
    height, width = first.shape[:2]
    long, other = (width, height) if turns % 2 == 0 else (height, width)
    order = np.broadcast_to(np.linspace(1, 0, long, dtype=np.float32), (other, long))
    turned = np.ascontiguousarray(np.rot90(order, -turns))
    draw = reveal(turned, WIPE_EDGE)
    return lambda one, two, at: draw(one, two, smooth(at))


def open_dissolve(first: Pixels, second: Pixels, find: FindPoints) -> Draw:
    """The second comes through in spots of several sizes, each soft."""
    return reveal(draw_grain((first.shape[1], first.shape[0])), GRAIN_EDGE)


def draw_grain(size: tuple[int, int]) -> NDArray[np.float32]:
    """Noise of several scales, HW, its values spread evenly over 0..1; the same for the same size."""
    width, height = size
    random = np.random.default_rng(GRAIN_SEED)
    total = np.zeros((height, width), np.float32)
    for scale in GRAIN_SCALES:
        step = max(1.0, scale * max(size) / 1000)
        cells = (max(2, round(height / step)), max(2, round(width / step)))
        noise = random.standard_normal(cells, np.float32)
        total += cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
    ranks = np.empty(total.size, np.float32)
    ranks[np.argsort(total, axis=None)] = np.linspace(0, 1, total.size, dtype=np.float32)
    return ranks.reshape(total.shape)


TRANSITIONS: Mapping[str, Callable[[Pixels, Pixels, FindPoints], Draw]] = {
    "cut": partial(open_plain, cut),
    "cross-fade": partial(open_plain, mix),
    "dissolve": open_dissolve,
    "wipe-left": partial(open_wipe, 0),
    "wipe-up": partial(open_wipe, 1),
    "wipe-right": partial(open_wipe, 2),
    "wipe-down": partial(open_wipe, 3),
    "morph": open_morph,
}
NO_TIME = frozenset({"cut"})
"""Those that happen between two frames."""
