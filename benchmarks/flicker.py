"""How much a drawn film shimmers, and how much it trails.

Flicker is the warping error of Lai et al., "Learning Blind Video Temporal Consistency", ECCV 2018, in the mean of
absolute grey levels: a frame against the one before it, carried along by the camera's motion, wherever that motion
holds forward and back (Sundaram et al., ECCV 2010).

Ghosting is the distance of the parts that move from the next frame's own drawing, brought back by the motion: what
trails behind has no place there. No smoothing has seen the next frame, so it is nobody's own work that is compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Rgb = NDArray[np.uint8]
Mask = NDArray[np.bool_]

MOVING = 1.0
"""Px a frame from which on a part moves."""
AROUND = np.ones((5, 5), np.uint8)
LEAST = 0.01
"""Share of a frame that must move for its ghosting to count."""
SETTLED = 5
"""Frames until a smoothing has settled."""


@dataclass(frozen=True)
class Motion:
    """From one frame to another: where each of its pixels is there, HxWx2 px, and where that is known."""

    places: NDArray[np.float32]
    length: NDArray[np.float32]
    known: Mask

    def carry(self, rgb: Rgb) -> NDArray[np.float32]:
        """The other frame's pixels in this one's places."""
        return cv2.remap(rgb.astype(np.float32), self.places, None, cv2.INTER_LINEAR)


def find_motions(here: Rgb, there: Rgb) -> tuple[Motion, Motion]:
    """The motion from one frame to the other, and back."""
    flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    first, second = (cv2.cvtColor(each, cv2.COLOR_RGB2GRAY) for each in (here, there))
    forth, back = flow.calc(first, second, None), flow.calc(second, first, None)
    return check_motion(forth, back), check_motion(back, forth)


def check_motion(flow: NDArray[np.float32], back: NDArray[np.float32]) -> Motion:
    """Known is what comes back to where it was, and stays in the frame."""
    height, width = flow.shape[:2]
    places = flow + np.stack(np.meshgrid(np.arange(width), np.arange(height)), -1).astype(np.float32)
    returned = cv2.remap(back, places, None, cv2.INTER_LINEAR)
    off, most = np.square(flow + returned).sum(-1), np.square(flow).sum(-1) + np.square(returned).sum(-1)
    inside = (places >= 0).all(-1) & (places[..., 0] <= width - 1) & (places[..., 1] <= height - 1)
    return Motion(places, np.hypot(flow[..., 0], flow[..., 1]), (off <= 0.01 * most + 0.5) & inside)


class Measured:
    """A camera's film and its plain drawings; how well smoothed ones do beside them."""

    def __init__(self, camera: Sequence[Rgb], drawn: Sequence[Rgb]) -> None:
        """Frames in order, all of one size, RGB uint8 HWC."""
        self.camera, self.drawn = camera, drawn
        pairs = [find_motions(*each) for each in pairwise(camera)]
        self._back = [back for _, back in pairs]
        self._forth = [forth for forth, _ in pairs]

    def measure(self, shown: Sequence[Rgb]) -> dict[str, float]:
        """Flicker and ghosting of the frames that were shown, in grey levels."""
        numbers = range(SETTLED, len(shown) - 1)
        ghosts = [each for number in numbers for each in self._ghosts(shown[number], number)]
        return {
            "flicker": float(np.mean([self._flicker(shown, number) for number in numbers])),
            "ghosting": float(np.mean(ghosts)) if ghosts else 0.0,
        }

    def _flicker(self, shown: Sequence[Rgb], number: int) -> Any:
        motion = self._back[number - 1]
        change = np.abs(shown[number] - motion.carry(shown[number - 1]))
        return change[motion.known].mean() if motion.known.any() else 0.0

    def _ghosts(self, shown: Rgb, number: int) -> Iterator[float]:
        """One number, or none where hardly anything moves."""
        back, forth = self._back[number - 1], self._forth[number]
        moves = ((back.length > MOVING) | ~back.known).astype(np.uint8)
        moving = (cv2.dilate(moves, AROUND) > 0) & forth.known
        if moving.mean() > LEAST:
            yield float(np.abs(shown - forth.carry(self.drawn[number + 1]))[moving].mean())


def average(drawn: Sequence[Rgb], kept: float) -> list[Rgb]:
    """A plain moving average: `kept` of what was shown before, the rest of the new drawing."""
    mean, shown = drawn[0].astype(np.float32), []
    for each in drawn:
        mean = kept * mean + (1 - kept) * each
        shown.append(np.rint(mean).astype(np.uint8))
    return shown
