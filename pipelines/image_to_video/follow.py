"""Go to the subject, and keep all of it in the frame on the way."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipelines.image_to_video.camera import Pose, Stage, place
from pipelines.image_to_video.motion import Walk
from pipelines.image_to_video.subject import Box, find_box
from weights.store import ModelStore

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float64]
Point = tuple[float, float]

FILLED = 0.8
"""Share of the film's sides that the subject may fill at the end."""
NO_SUBJECT = "No subject was found to follow, so the camera goes to the middle."


def follow(
    picture: Pixels, film: tuple[int, int], way: Walk, store: ModelStore
) -> tuple[Point, Walk, list[str]]:
    """Where the film looks at rest (shares of the picture's sides), the way to the subject - as close as
    `way` comes, and no closer than fits - and notes. Raises ModelMissing, ModelDamaged, OutOfMemory.
    """
    box = find_box(picture, store)
    if box is None:
        return (0.5, 0.5), way, [NO_SUBJECT]
    stage = place((picture.shape[1], picture.shape[0]), film, box.middle)
    return box.middle, approach(stage, box, way), []


def approach(stage: Stage, box: Box, way: Walk) -> Walk:
    """To the box; along it, from its end to its beginning, where it is longer than the film can hold."""
    sides = np.array(box.sides) * stage.room
    film = np.array([1.0, stage.film[1] / stage.film[0]])
    fits = float((FILLED * film / sides).min())
    start, end = way(0).zoom, max(1.0, min(way(1).zoom, fits))
    beyond = np.where(sides > film, (sides - FILLED * film) / 2, 0)
    first, last = (_inside(stage, box, side * beyond, film / end) for side in (1, -1))

    def walk(at: float) -> Pose:
        zoom = start * (end / start) ** at
        # Shares of 1 / zoom: so the frame's edges go straight to where they end, and never cross the box.
        share = (1 - start / zoom) / (1 - start / end) if end > start else 1.0
        x, y = share * (first + at * (last - first))
        return Pose(x=float(x), y=float(y), zoom=zoom)

    return walk


def _inside(stage: Stage, box: Box, beside: Floats, view: Floats) -> Floats:
    """Where the film's middle should be to show what is `beside` the box's middle, `view` being what it shows
    (film widths both ways)."""
    middle = np.array(stage.offset((0.5, 0.5)))
    room = np.maximum(np.array(stage.room) - view, 0) / 2
    place: Floats = np.clip(np.array(stage.offset(box.middle)) + beside, middle - room, middle + room)
    return place
