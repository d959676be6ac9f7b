"""One picture as a moving shot: any moment of it can be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.errors import BadInput
from pipelines.image_to_video.camera import Plane, Pose, Stage, place
from pipelines.image_to_video.easing import EASINGS, there_and_back
from pipelines.image_to_video.follow import follow
from pipelines.image_to_video.motion import MOTIONS, Walk, aim, walk
from pipelines.image_to_video.motion_options import MotionOptions
from pipelines.image_to_video.overlay import divide, fade, put_on
from pipelines.image_to_video.parallax import as_a_whole, lower_walk, take_apart
from pipelines.image_to_video.warp import Levels, shrink
from weights.store import ModelStore

Pixels = NDArray[np.uint8]

MOMENTS = tuple(float(at) for at in np.linspace(0, 1, 65))
"""Shares of the way at which it is made sure that the film stays inside the picture."""
MIDDLE = 0.5, 0.5
NEAREST = 64.0
"""Zoom beyond which no view is looked for."""


@dataclass(frozen=True)
class Shot:
    """`draw` any moment; `notes` are sentences about what was found and changed."""

    stage: Stage
    options: MotionOptions
    way: Walk
    sheets: Sequence[tuple[Levels, Plane]]
    notes: list[str]

    def draw(self, at: float) -> Pixels:
        """The frame at a share of the shot, 0..1: uint8 HxWx3, or HxWx4 of a see-through picture."""
        at = min(max(at, 0.0), 1.0)
        pose = self.pose(at)
        (ground, plane), *others = self.sheets
        drawn = ground.draw(self.stage.map(pose, plane), self.stage.film)
        for levels, plane in others:
            put_on(drawn, levels, self.stage.map(pose, plane))
        return fade(divide(drawn) if drawn.shape[2] == 4 else drawn, light_at(at, self.options))

    def pose(self, at: float) -> Pose:
        """Where the camera is at a share of the shot."""
        return self.way(ease(at, self.options))


def open_shot(picture: Pixels, size: tuple[int, int], options: MotionOptions, store: ModelStore) -> Shot:
    """Make ready to draw a picture (uint8 HxWx3 or HxWx4) as a film of `size` (width, height) px.

    Raises BadInput for what is no picture or no size, and what the nets raise: ModelMissing, ModelDamaged,
    OutOfMemory.
    """
    check(picture, size)
    motion, focus = MOTIONS[options.motion], (options.focus_x, options.focus_y)
    notes: list[str] = []
    way = walk(motion.keys, options.amount, closed=motion.closed)
    if motion.follows:
        focus, way, notes = follow(picture, size, way, store)
    stage = place((picture.shape[1], picture.shape[0]), size, focus)
    way = way if motion.follows else aim(way, stage.offset(focus))
    if motion.layered:
        picture = shrink(
            picture, min(stage.scale_of(stage.map(way(at))) for at in MOMENTS), options.linear_light
        )
        stage = place((picture.shape[1], picture.shape[0]), size, focus)
        scene = take_apart(picture, stage, store, depth=options.depth, centred=focus == MIDDLE)
        way, lowered = lower_walk(scene, way, MOMENTS)
        notes = [*scene.notes, *lowered]
    else:
        scene = as_a_whole(picture, stage)
    planes = [layer.plane for layer in scene.layers]
    way = keep_inside(scene.stage, planes, way)
    window = scene.stage.seen(scene.stage.map(way(at), plane) for at in MOMENTS for plane in planes)
    stage = scene.stage.cropped(window)
    sheets = [
        (open_levels(layer.pixels[window], stage, layer.plane, way, options.linear_light), layer.plane)
        for layer in scene.layers
    ]
    return Shot(stage, options, way, sheets, notes)


def check(picture: Pixels, size: tuple[int, int]) -> None:
    """Raise BadInput for what can't be drawn."""
    shape = picture.shape
    if picture.dtype != np.uint8 or len(shape) != 3 or shape[2] not in (3, 4) or 0 in shape:
        raise BadInput("This is no picture that can be filmed.", "Open it as 8-bit RGB or RGBA.")
    if min(size) < 1:
        raise BadInput(f"A film can't have {size[0]}x{size[1]} pixels.", "Use at least 1 pixel a side.")


def ease(at: float, options: MotionOptions) -> float:
    """Share of the way at a share of the time."""
    if MOTIONS[options.motion].closed:
        return at
    return EASINGS[options.easing](there_and_back(at) if options.loop else at)


def light_at(at: float, options: MotionOptions) -> float:
    """How much of the picture a fade leaves at a share of the shot, 0..1."""
    come = at / options.fade_in if options.fade_in else 1.0
    go = (1 - at) / options.fade_out if options.fade_out else 1.0
    return min(1.0, come, go)


def keep_inside(stage: Stage, planes: Sequence[Plane], way: Walk) -> Walk:
    """The same way, closer by as much as it takes that the film never looks past the picture's edge."""
    closer = max(least_zoom(stage, plane, way(at)) for plane in planes for at in MOMENTS)
    return lambda at: way(at).closer(closer)


def least_zoom(stage: Stage, plane: Plane, pose: Pose) -> float:
    """By how much to come closer, at least, so that all that the film shows of a plane is in the picture."""
    far, near = 1.0, NEAREST
    if stage.holds(stage.map(pose, plane)):
        return far
    for _ in range(24):
        middle = (near * far) ** 0.5
        inside = stage.holds(stage.map(pose.closer(middle), plane))
        far, near = (far, middle) if inside else (middle, near)
    return near


def open_levels(pixels: Pixels, stage: Stage, plane: Plane, way: Walk, linear_light: bool) -> Levels:
    """What a layer is drawn from, fine enough for each moment of the way."""
    ratios = [stage.scale_of(stage.map(way(at), plane)) for at in MOMENTS]
    return Levels(pixels, min(ratios), max(ratios), linear_light=linear_light)
