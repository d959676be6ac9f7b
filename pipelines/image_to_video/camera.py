"""Where the camera is, and which point of the picture each point of the film shows.

Lengths are in widths of the film at zoom 1, y runs down. The picture stands before the camera as one plane or
several; a plane's nearness (1 / distance) is 1 for the subject and falls to 0 far away.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

EDGE = 4
FOCAL = 1.2
"""Distance to the picture: a normal lens, for which a turn of the camera bends straight lines only a little."""


@dataclass(frozen=True)
class Pose:
    """`x`, `y` shift; `zoom` times; `roll`, `yaw`, `pitch` degrees; `side`, `rise`, `push`: the camera's own
    way right, down and forward, which near planes show more than far ones."""

    x: float = 0.0
    y: float = 0.0
    zoom: float = 1.0
    roll: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0
    side: float = 0.0
    rise: float = 0.0
    push: float = 0.0

    def as_row(self) -> NDArray[np.float64]:
        """All fields as numbers that can be added and scaled: the zoom as its logarithm."""
        row = np.array(astuple(self), np.float64)
        row[2] = np.log(row[2])
        return row

    @classmethod
    def of_row(cls, row: NDArray[np.float64]) -> Pose:
        """The inverse of `as_row`."""
        x, y, zoom, *others = (float(value) for value in row)
        return cls(x, y, float(np.exp(zoom)), *others)

    def closer(self, times: float) -> Pose:
        """The same, zoomed in by so many times."""
        row = self.as_row()
        row[2] += np.log(times)
        return Pose.of_row(row)

    def walk_by(self, share: float) -> Pose:
        """The same, with the camera's own way that much of it."""
        return replace(self, side=share * self.side, rise=share * self.rise, push=share * self.push)


@dataclass(frozen=True)
class Plane:
    """Nearness in the middle of the film at rest, and by how much it grows a film's width further down."""

    nearness: float = 1.0
    slope: float = 0.0


FLAT = Plane()


@dataclass(frozen=True)
class Stage:
    """A picture and a film of it, (width, height) px each; `centre` (x, y) px of the picture is the middle of
    the film at rest, `scale` how many px of the picture one of the film then shows. What is as near as the
    `pivot` keeps its place and size when the camera walks."""

    picture: tuple[int, int]
    film: tuple[int, int]
    centre: tuple[float, float]
    scale: float
    pivot: float = 0.0

    @property
    def unit(self) -> float:
        """Pixels of the picture in a width of the film at rest."""
        return self.scale * self.film[0]

    @property
    def room(self) -> tuple[float, float]:
        """The picture's sides in the film's widths."""
        return self.picture[0] / self.unit, self.picture[1] / self.unit

    def offset(self, focus: tuple[float, float]) -> tuple[float, float]:
        """How far a point, in shares of the picture's sides, lies from the film's middle at rest."""
        x, y = (
            (share * side - middle) / self.unit
            for share, side, middle in zip(focus, self.picture, self.centre, strict=True)
        )
        return x, y

    def window(self, margin: float) -> tuple[slice, slice]:
        """Rows and columns of the picture that the film shows at rest, and `margin` (film widths) around."""
        (left, right), (top, bottom) = (
            (
                max(0, math.floor(middle - self.scale * side / 2 - margin * self.unit)),
                min(full, math.ceil(middle + self.scale * side / 2 + margin * self.unit)),
            )
            for middle, side, full in zip(self.centre, self.film, self.picture, strict=True)
        )
        return slice(top, bottom), slice(left, right)

    def seen(self, matrices: Iterable[Matrix]) -> tuple[slice, slice]:
        """Rows and columns of the picture that any of the maps shows, and EDGE px around."""
        corners = np.concatenate([self.corners(each) for each in matrices])
        low = np.maximum(np.floor(corners.min(axis=0)).astype(int) - EDGE, 0)
        high = np.minimum(np.ceil(corners.max(axis=0)).astype(int) + EDGE, self.picture)
        return slice(int(low[1]), int(high[1])), slice(int(low[0]), int(high[0]))

    def cropped(self, window: tuple[slice, slice]) -> Stage:
        """The stage of what a window leaves of the picture."""
        rows, columns = window
        size = columns.stop - columns.start, rows.stop - rows.start
        centre = self.centre[0] - columns.start, self.centre[1] - rows.start
        return replace(self, picture=size, centre=centre)

    def map(self, pose: Pose, plane: Plane = FLAT) -> Matrix:
        """3 x 3 from places in the film to places in the picture, both in px from the top left corner."""
        width, height = self.film
        into = np.array([[1 / width, 0, -0.5], [0, 1 / width, -height / width / 2], [0, 0, 1.0]])
        lens = np.diag([1 / (FOCAL * pose.zoom), 1 / (FOCAL * pose.zoom), 1])
        rays = turn(pose.roll, pose.yaw, pose.pitch) @ lens @ into
        shown = np.array([[1, 0, pose.x], [0, 1, pose.y], [0, 0, 1.0]])
        out = np.array([[self.unit, 0, self.centre[0]], [0, self.unit, self.centre[1]], [0, 0, 1.0]])
        matrix = out @ shown @ meet(plane, pose, self.pivot) @ rays
        return matrix / matrix[2, 2]

    def scale_of(self, matrix: Matrix) -> float:
        """Pixels of the picture in one of the film, in the film's middle."""
        return local_scale(matrix, self.film)

    def corners(self, matrix: Matrix) -> NDArray[np.float64]:
        """Where a map puts the film's corners: 4 x 2 px of the picture."""
        width, height = self.film
        return project(matrix, np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64))

    def holds(self, matrix: Matrix) -> bool:
        """Whether all that a map shows lies in the picture."""
        corners = self.corners(matrix)
        slack = 1e-6 * max(self.picture)
        return bool((corners >= -slack).all() and (corners <= np.array(self.picture) + slack).all())


def meet(plane: Plane, pose: Pose, pivot: float) -> Matrix:
    """3 x 3 from rays of a camera that walked to where its camera at rest sees what they meet on a plane.

    With the plane 1 / Z = n + s F Y / Z and the camera at C, the ray v meets it at C + t v where
    t = (1 - n Cz - s F Cy) / (n + s F vy). A shifted and wider lens gives back what the pivot's plane lost.
    """
    at = np.array([pose.side / FOCAL, pose.rise / FOCAL, pose.push])
    wider = 1 - pivot * at[2]
    lens = np.array(
        [[1 / wider, 0, -at[0] * pivot / wider], [0, 1 / wider, -at[1] * pivot / wider], [0, 0, 1.0]]
    )
    slope = plane.slope * FOCAL
    left = 1 - plane.nearness * at[2] - slope * at[1]
    hit = np.array(
        [
            [FOCAL * left, FOCAL * at[0] * slope, FOCAL * at[0] * plane.nearness],
            [0, FOCAL * (left + at[1] * slope), FOCAL * at[1] * plane.nearness],
            [0, at[2] * slope, left + at[2] * plane.nearness],
        ]
    )
    matrix: Matrix = hit @ lens
    return matrix


def place(picture: tuple[int, int], film: tuple[int, int], focus: tuple[float, float]) -> Stage:
    """A stage whose film at rest shows as much as its shape allows, with `focus` (x, y as shares of the
    picture's sides) as near its middle as may be."""
    scale = min(picture[0] / film[0], picture[1] / film[1])
    half = [scale * side / 2 for side in film]
    x, y = (
        min(max(share * side, margin), side - margin)
        for share, side, margin in zip(focus, picture, half, strict=True)
    )
    return Stage(picture, film, (x, y), scale)


def project(matrix: Matrix, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points N x 2 through a 3 x 3 matrix."""
    moved = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return moved[:, :2] / moved[:, 2:]


def local_scale(matrix: Matrix, film: tuple[int, int]) -> float:
    """How many pixels behind a map lie side by side in one of the film, in the film's middle."""
    middle = np.array([film], np.float64) / 2
    around = project(matrix, middle + np.array([[0, 0], [1, 0], [0, 1]]))
    return float(np.sqrt(max(abs(np.linalg.det(around[1:] - around[0])), 1e-12)))


def turn(roll: float, yaw: float, pitch: float) -> Matrix:
    """Rotation of the camera; degrees. Positive: clockwise, to the right, down."""
    a, b, c = np.radians([roll, yaw, pitch])
    around_z = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1.0]])
    around_y = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    around_x = np.array([[1, 0, 0], [0, np.cos(c), np.sin(c)], [0, -np.sin(c), np.cos(c)]])
    matrix: Matrix = around_y @ around_x @ around_z
    return matrix
