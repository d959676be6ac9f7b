"""Movements as keyframes: a new movement is a row."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from pipelines.image_to_video.camera import Pose

Walk = Callable[[float], Pose]
"""From a share of the way, 0..1, to where the camera is."""


@dataclass(frozen=True)
class Key:
    """Where the camera is at a share of the way, 0..1."""

    at: float
    pose: Pose


@dataclass(frozen=True)
class Motion:
    """A movement at full amount. `closed`: it ends where it starts, at full speed. `layered`: it lives on
    near and far moving apart. `follows`: it goes to the subject."""

    help: str
    keys: tuple[Key, ...]
    closed: bool = False
    layered: bool = False
    follows: bool = False


def _way(*poses: Pose) -> tuple[Key, ...]:
    """Keys at even distances."""
    return tuple(Key(index / max(1, len(poses) - 1), pose) for index, pose in enumerate(poses))


def _circle(pose: Callable[[float, float], Pose], steps: int = 12) -> tuple[Key, ...]:
    """Keys once round: `pose` of sine and cosine."""
    turns = (2 * math.pi * step / steps for step in range(steps + 1))
    return _way(*(pose(math.sin(each), math.cos(each)) for each in turns))


STILL = Pose()
NEAR, FAR = Pose(zoom=1.5), Pose()
"""Ends of a zoom at full amount."""
PAN = 0.2

MOTIONS: Mapping[str, Motion] = {
    "zoom-in": Motion("Comes closer.", _way(FAR, NEAR)),
    "zoom-out": Motion("Goes back.", _way(NEAR, FAR)),
    "pan-left": Motion("Looks from right to left.", _way(Pose(x=PAN), Pose(x=-PAN))),
    "pan-right": Motion("Looks from left to right.", _way(Pose(x=-PAN), Pose(x=PAN))),
    "pan-up": Motion("Looks from below to above.", _way(Pose(y=PAN), Pose(y=-PAN))),
    "pan-down": Motion("Looks from above to below.", _way(Pose(y=-PAN), Pose(y=PAN))),
    "rotate": Motion("Turns the picture.", _way(Pose(roll=-10), Pose(roll=10))),
    "orbit": Motion(
        "Walks in a circle before the picture, the subject staying in its place.",
        _circle(
            lambda sine, cosine: Pose(side=0.1 * sine, rise=-0.05 * cosine, yaw=-5 * sine, pitch=3 * cosine)
        ),
        closed=True,
        layered=True,
    ),
    "dolly-zoom": Motion(
        "The subject keeps its size while the background grows away behind it.",
        _way(Pose(push=-0.45), Pose(push=0.3)),
        layered=True,
    ),
    "parallax": Motion(
        "Glides sideways and a little closer: near things pass far ones.",
        _way(Pose(side=-0.1, push=-0.03), Pose(side=0.1, push=0.12, zoom=1.06)),
        layered=True,
    ),
    "parallax-up": Motion(
        "Rises past near things.", _way(Pose(rise=0.08), Pose(rise=-0.08, zoom=1.06)), layered=True
    ),
    "sway": Motion(
        "Moves gently round where it stands, for ever.",
        _circle(lambda sine, cosine: Pose(side=0.09 * sine, rise=0.035 * cosine, push=0.04 * cosine)),
        closed=True,
        layered=True,
    ),
    "follow-subject": Motion(
        "Goes to the subject and keeps it in the frame.", _way(FAR, Pose(zoom=2.2)), follows=True
    ),
    "push-left": Motion("Comes closer while looking to the left.", _way(Pose(x=0.1), Pose(x=-0.1, zoom=1.4))),
    "push-right": Motion(
        "Comes closer while looking to the right.", _way(Pose(x=-0.1), Pose(x=0.1, zoom=1.4))
    ),
    "rise-out": Motion("Goes back and up.", _way(Pose(y=0.1, zoom=1.4), Pose(y=-0.05))),
    "spiral-in": Motion("Comes closer while turning.", _way(Pose(roll=-6), Pose(roll=6, zoom=1.5))),
    "look-around": Motion(
        "Looks left, up and right, and comes back.",
        _way(STILL, Pose(x=-0.12, zoom=1.15), Pose(y=-0.08, zoom=1.25), Pose(x=0.12, zoom=1.15), STILL),
    ),
    "still": Motion("Stands still.", (Key(0, STILL),)),
}


def aim(way: Walk, offset: tuple[float, float]) -> Walk:
    """The same way with its zooms towards a point that keeps its place: `offset` from the film's middle."""
    across, down = offset

    def aimed(at: float) -> Pose:
        pose = way(at)
        share = 1 - 1 / pose.zoom
        return replace(pose, x=pose.x + share * across, y=pose.y + share * down)

    return aimed


def walk(keys: tuple[Key, ...], amount: float, *, closed: bool = False) -> Walk:
    """A smooth way through the keys (a cubic spline whose acceleration has no jumps), `amount` 0..1 of it."""
    rows = np.array([amount * key.pose.as_row() for key in keys])
    if closed:
        rows[-1] = rows[0]  # sine and cosine come back only nearly
    if len(keys) == 1:
        return lambda at: Pose.of_row(rows[0])
    times = [key.at for key in keys]
    if len(keys) == 2:
        first, way, start, span = rows[0], rows[1] - rows[0], times[0], times[1] - times[0]
        return lambda at: Pose.of_row(first + way * min(max((at - start) / span, 0), 1))
    from scipy.interpolate import CubicSpline

    spline = CubicSpline(times, rows, bc_type="periodic" if closed else "natural")
    return lambda at: Pose.of_row(spline(min(max(at, times[0]), times[-1])))
