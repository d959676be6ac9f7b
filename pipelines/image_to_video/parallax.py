"""Near things pass far ones: which layers a picture has, and how far the camera may walk before it shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.errors import ModelMissing, ModelUnknown
from pipelines.image_to_video.camera import FLAT, Pose, Stage, place
from pipelines.image_to_video.layers import Layer, split
from pipelines.image_to_video.motion import Walk
from pipelines.image_to_video.overlay import premultiply
from pipelines.image_to_video.subject import box_of, cut_subject, find_focus
from weights.store import ModelStore

Pixels = NDArray[np.uint8]

DEPTH_MODEL = "depth-anything-v2-small"
PIVOT = 0.8
"""What keeps its place: nearly the subject, which so turns a little against its surroundings."""
REACH = 0.08
"""How far behind an edge the background is made up with detail, as a share of the film's width."""
MARGIN = 0.12
"""What is kept around the film at rest, in its widths: the camera comes closer rather than look further."""
LOOKED_AT = 320
"""Width in px at which it is measured what comes to light."""
STRIP, SHARE = 0.035, 0.04
"""Most that may come to light of what was made up: how wide a strip, in widths of the film, how much of a
frame."""

NO_SUBJECT = "No subject was found to move against its background, so the picture moves as a whole."
SEE_THROUGH = "A see-through picture has no background to move against, so it moves as a whole."

LOWERED = "The camera goes only {:.0%} of its way: further, too much made-up background would show."


@dataclass(frozen=True)
class Scene:
    """Layers from far to near, on a stage; a picture as a whole has one."""

    stage: Stage
    layers: tuple[Layer, ...]
    notes: tuple[str, ...] = ()


def as_a_whole(picture: Pixels, stage: Stage, note: str = "") -> Scene:
    """One layer: the picture itself."""
    if picture.shape[2] == 4:
        picture = premultiply(np.ascontiguousarray(picture[..., :3]), picture[..., 3])
    nothing = np.zeros(picture.shape[:2], bool)
    return Scene(stage, (Layer(picture, FLAT, nothing),), (note,) if note else ())


def take_apart(picture: Pixels, stage: Stage, store: ModelStore, *, depth: str, centred: bool) -> Scene:
    """Split uint8 HxWx3 by what `depth` says: matte, net, or auto for the net where it is on this machine.

    `centred`: the film may be moved to where the subject is. What it can't show is left out. Raises
    ModelMissing when the net is asked for and missing, ModelDamaged, OutOfMemory.
    """
    if picture.shape[2] == 4:
        return as_a_whole(picture, stage, SEE_THROUGH)
    subject = cut_subject(picture, store)
    nearness = find_depth(picture, store, depth)
    if subject is None and nearness is None:
        return as_a_whole(picture, stage, NO_SUBJECT)
    box = subject and box_of(subject.alpha)
    if box and centred:
        stage = place(stage.picture, stage.film, find_focus(picture, box, stage, store))
    window = stage.window(MARGIN)
    stage, rgb = stage.cropped(window), np.ascontiguousarray(picture[window])
    subject = subject and subject.cropped(window)
    reach = REACH * stage.unit
    layers = split(rgb, subject, None if nearness is None else nearness[window], stage, reach)
    return Scene(replace(stage, pivot=PIVOT), tuple(layers))


def find_depth(picture: Pixels, store: ModelStore, depth: str) -> NDArray[np.float32] | None:
    """The net's nearness, float32 HxW in 0..1, None where only the matte is wanted or there."""
    if depth == "matte":
        return None
    try:
        with store.use(DEPTH_MODEL) as loaded:
            nearness: NDArray[np.float32] = loaded.model.nearness(picture)
            return nearness
    except (ModelMissing, ModelUnknown):
        if depth == "net":
            raise
        return None


def lower_walk(scene: Scene, way: Walk, moments: Sequence[float]) -> tuple[Walk, list[str]]:
    """The same way with the camera's own steps made shorter where else too much that was made up would show,
    and a note that says so."""
    share = 1 / max(1.0, stretch(scene, (way(at) for at in moments[::8])))
    if share > 0.98:
        return way, []
    return lambda at: way(at).walk_by(share), [LOWERED.format(share)]


def stretch(scene: Scene, poses: Iterable[Pose]) -> float:
    """How much made-up background comes to light at most: 1 is as much as goes unnoticed."""
    worst = 0.0
    if len(scene.layers) > 1:
        small = [shrink(layer, scene.stage) for layer in scene.layers]
        worst = max((_shows(scene.stage, small, pose) for pose in poses), default=0.0)
    return worst


@dataclass(frozen=True)
class _Small:
    """A layer at a size for measuring: how deep each place is made up, in widths of the film, and alpha."""

    layer: Layer
    depth: NDArray[np.float32]
    alpha: NDArray[np.float32]
    scale: float


def shrink(layer: Layer, stage: Stage) -> _Small:
    """A layer at most LOOKED_AT px wide, for judging which way may be walked."""
    height, width = layer.made.shape
    scale = min(1.0, LOOKED_AT / width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    made = cv2.resize(layer.made.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    depth = cv2.distanceTransform(made, cv2.DIST_L2, cv2.DIST_MASK_3) / (stage.unit * scale)
    alpha = layer.pixels[..., 3] if layer.pixels.shape[2] == 4 else np.full((height, width), 255, np.uint8)
    return _Small(
        layer,
        depth.astype(np.float32),
        cv2.resize(alpha, size, interpolation=cv2.INTER_AREA) / np.float32(255),
        scale,
    )


def _shows(stage: Stage, layers: list[_Small], pose: Pose) -> float:
    """The score of one moment: the wider of the strips (all but its widest hundredth) and the share of it."""
    width = LOOKED_AT
    size = width, max(1, round(width * stage.film[1] / stage.film[0]))
    enlarge = stage.film[0] / width
    depth = np.zeros(size[::-1], np.float32)
    for each in layers:
        matrix = (
            np.diag([each.scale, each.scale, 1])
            @ stage.map(pose, each.layer.plane)
            @ np.diag([enlarge, enlarge, 1])
        )
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        made, alpha = (
            cv2.warpPerspective(plane, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
            for plane in (each.depth, each.alpha)
        )
        depth = made * alpha + depth * (1 - alpha)
    shown = depth > 1 / width
    if not shown.any():
        return 0.0
    return max(float(np.percentile(depth[shown], 99)) / STRIP, float(shown.mean()) / SHARE)
