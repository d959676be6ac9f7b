"""Keep still parts of a drawn stream from shimmering, without trails behind what moves.

A net draws a camera's noise anew in each frame. The last result is carried along with the camera's motion
(dense inverse search, Kroeger et al., ECCV 2016) and mixed in: fully where the camera's frames agree once that
motion is taken out, not at all where they don't, as where something comes out from behind something else. What
is mixed in is held between the least and the most that the new drawing shows around a pixel (Karis,
"High-Quality Temporal Supersampling", SIGGRAPH 2014), so that no line stays where the new drawing has none.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.webcam.frames import Rgb

Field = NDArray[np.float32]

KEPT = {"off": 0.0, "light": 0.6, "strong": 0.88}
"""Share of the last result in the next, where it is trusted."""
LONGEST = 384
"""Longer side, in px, at which motion is looked for."""
DOUBTED = 0.2
"""Disagreement, as a share of the frame's contrast (standard deviation of its grey), that is trusted no more."""
TRUSTED = 0.3
"""Share of that up to which it is trusted wholly."""
LEAST_DOUBTED = 6.0
"""The same in grey levels, at least: a sensor's noise in a flat, dark frame is no motion."""
AROUND = np.ones((3, 3), np.uint8)


@dataclass(frozen=True)
class Moment:
    """What is kept of a frame: the camera's grey, small, and the result."""

    look: int
    grey: Rgb
    result: Rgb


class Smoother:
    """One session's smoothing. Begins anew when the size or the look changes."""

    def __init__(self) -> None:
        self._flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
        self._last: Moment | None = None

    def smooth(self, camera: Rgb, drawn: Rgb, strength: str, look: int) -> Rgb:
        """The drawing of a camera's frame, both RGB uint8 HWC of one size, steadied by what was before.

        `strength`: off | light | strong; `look` tells drawers apart. A frame that was not drawn on stays as it is.
        """
        kept = KEPT[strength]
        if not kept or drawn is camera or min(drawn.shape[:2]) < 16:
            self._last = None
            return drawn
        grey, last, result = shrink(camera), self._last, drawn
        if last is not None and last.look == look and last.result.shape == drawn.shape:
            moved = self._flow.calc(grey, last.grey, None)
            share = kept * enlarge(trust(grey, carry(last.grey, moved)), drawn)
            before = hold_within(carry(last.result, moved), drawn)
            result = cv2.blendLinear(before, drawn, share, 1 - share)
        self._last = Moment(look, grey, result)
        return result


def shrink(rgb: Rgb) -> Rgb:
    """Grey, at most LONGEST px long."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    scale = LONGEST / max(grey.shape)
    if scale >= 1:
        return grey
    size = tuple(max(8, round(side * scale)) for side in grey.shape[::-1])
    return cv2.resize(grey, size, interpolation=cv2.INTER_AREA)


def carry(before: Rgb, moved: Field) -> Rgb:
    """A frame seen through a motion HWx2 that says, in its own px, where each pixel was."""
    height, width = before.shape[:2]
    if moved.shape[:2] != (height, width):
        ratio = width / moved.shape[1], height / moved.shape[0], 0.0, 0.0
        moved = cv2.multiply(cv2.resize(moved, (width, height)), ratio)
    x, y = cv2.split(moved)
    x += np.arange(width, dtype=np.float32)
    y += np.arange(height, dtype=np.float32)[:, None]
    return cv2.remap(before, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def trust(grey: Rgb, carried: Rgb) -> Field:
    """How far the motion explains the camera's frame, HW 0..1: 0 where the two differ clearly."""
    doubted = max(LEAST_DOUBTED, DOUBTED * float(cv2.meanStdDev(grey)[1][0, 0]))
    apart = cv2.blur(cv2.absdiff(grey, carried).astype(np.float32), (3, 3))
    apart = cv2.dilate(apart, AROUND)
    return np.clip((doubted - apart) / (doubted * (1 - TRUSTED)), 0, 1)


def enlarge(small: Field, like: Rgb) -> Field:
    """HW or HWC float32 at the size of a frame."""
    return cv2.resize(small, like.shape[1::-1], interpolation=cv2.INTER_LINEAR)


def hold_within(before: Rgb, drawn: Rgb) -> Rgb:
    """Each channel between the least and the most of the drawing's 3x3 px around it."""
    return cv2.min(cv2.max(before, cv2.erode(drawn, AROUND)), cv2.dilate(drawn, AROUND))
