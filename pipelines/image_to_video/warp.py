"""Draw a part of a picture at any place, size and turn, as finely as a slow movement needs.

OpenCV's warps are quick but place their samples on a grid of 1/32 px and look at 2 x 2 px only: straight from
the picture that trembles when moving slowly and shimmers when made smaller. So the picture is resampled once,
carefully, to the film's own density (mean of areas) and enlarged from there (cubic) to nearly two pixels
for each one of the film; the warps then read from this copy. Where the zoom goes further than one copy is good
for, two of them are mixed, as in Williams, "Pyramidal Parametrics", SIGGRAPH 1983.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pipelines.image_to_video.camera import Matrix, local_scale, project

Pixels = NDArray[np.uint8]

DENSITY = (62 + 0.618) / 32
"""Pixels of a copy for each of the film. Steps of the golden ratio on the grid of 1/32 px: neighbours are
rounded in all directions, and what they show together stays where it belongs."""
STEP = math.sqrt(2)
ONE_LEVEL = 1.3
"""Range of zoom for which one copy, made for its middle, is enough."""
LARGEST = 32_000_000
"""Pixels of a copy; larger ones are kept less dense."""
MARGIN = 3


@dataclass(frozen=True)
class Copy:
    """`pixels` and the 3 x 3 matrix from places in the picture to their columns and rows."""

    pixels: Pixels
    matrix: Matrix


class Levels:
    """Copies of a picture for all densities between two. RGBA has to be multiplied by its alpha."""

    def __init__(self, pixels: Pixels, finest: float, coarsest: float, *, linear_light: bool = False) -> None:
        """`pixels` uint8 HxWx3 or x4; `finest` and `coarsest`: pixels of the picture in one of the film."""
        span = max(1.0, coarsest / finest)
        count = 1 if span <= ONE_LEVEL else 1 + math.ceil(math.log(span) / math.log(STEP))
        self._step = span ** (1 / (count - 1)) if count > 1 else 1.0
        self._finest = finest if count > 1 else finest * math.sqrt(span)
        self.seen_corners = _seen_corners(pixels)
        self._copies = [_copy(pixels, self._finest * self._step**each, linear_light) for each in range(count)]

    def draw(self, matrix: Matrix, size: tuple[int, int]) -> Pixels:
        """Size's (width, height) px of the film; `matrix` 3 x 3 from film to picture, places in px.

        RGB beyond the picture's edge repeats the edge, RGBA is 0 there.
        """
        level = min(max(self._level(matrix, size), 0.0), len(self._copies) - 1)
        first = min(int(level), len(self._copies) - 1)
        share = level - first
        drawn = self._warp(first, matrix, size)
        if share < 1 / 256:
            return drawn
        coarser = self._warp(first + 1, matrix, size)
        return cv2.addWeighted(drawn, 1 - share, coarser, share, 0, dst=drawn)

    def _level(self, matrix: Matrix, size: tuple[int, int]) -> float:
        if len(self._copies) == 1:
            return 0.0
        return math.log(local_scale(matrix, size) / self._finest) / math.log(self._step)

    def _warp(self, level: int, matrix: Matrix, size: tuple[int, int]) -> Pixels:
        copy = self._copies[level].pixels
        exact = self._copies[level].matrix @ matrix @ HALF_ON
        corners = project(exact, _corners(0, 0, size[0] - 1, size[1] - 1))
        (left, top), (right, bottom) = _window(corners, copy.shape[1], copy.shape[0])
        exact = np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1.0]]) @ exact
        window = copy[top:bottom, left:right]
        border = cv2.BORDER_CONSTANT if copy.shape[2] == 4 else cv2.BORDER_REPLICATE
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        if np.abs(exact[2, :2]).max() < 1e-12:
            return cv2.warpAffine(window, exact[:2] / exact[2, 2], size, flags=flags, borderMode=border)
        return cv2.warpPerspective(window, exact, size, flags=flags, borderMode=border)


HALF_ON = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1.0]])
"""From a pixel's number to the place of its middle, and back."""
HALF_BACK = np.array([[1, 0, -0.5], [0, 1, -0.5], [0, 0, 1.0]])


def _seen_corners(pixels: Pixels) -> NDArray[np.float64]:
    """Corners, 4 x 2 px, of the part of a picture that is not see-through."""
    left, top, width, height = 0, 0, pixels.shape[1], pixels.shape[0]
    if pixels.shape[2] == 4:
        left, top, width, height = cv2.boundingRect(pixels[..., 3])
    return _corners(left, top, width, height)


def _corners(left: float, top: float, width: float, height: float) -> NDArray[np.float64]:
    right, bottom = left + width, top + height
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float64)


def _window(corners: NDArray[np.float64], width: int, height: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """The part of a copy that is read, at least 1 px: OpenCV takes no side over 32767 px."""
    low = np.floor(corners.min(axis=0)).astype(int) - MARGIN
    high = np.ceil(corners.max(axis=0)).astype(int) + MARGIN + 1
    left, top = (int(min(max(0, edge), side - 1)) for edge, side in zip(low, (width, height), strict=True))
    right, bottom = (
        int(max(min(edge, side), start + 1))
        for edge, side, start in zip(high, (width, height), (left, top), strict=True)
    )
    return (left, top), (right, bottom)


def _copy(pixels: Pixels, ratio: float, linear_light: bool) -> Copy:
    """The picture with DENSITY px for each `ratio` px of it, holding no finer detail than the film can show."""
    height, width = pixels.shape[:2]
    scale = min(DENSITY / ratio, math.sqrt(LARGEST / (width * height)))
    small = shrink(pixels, max(ratio, 1 / scale), linear_light)
    size = max(1, round(scale * width)), max(1, round(scale * height))
    # Pillow's cubic leaves an even slope even; OpenCV's sharpens it into waves that would move with the film.
    # By the name of CMYK four channels are resized each for itself.
    mode = "RGB" if pixels.shape[2] == 3 else "CMYK"
    drawn = Image.frombytes(mode, small.shape[1::-1], small.tobytes()).resize(size, Image.Resampling.BICUBIC)
    return Copy(np.asarray(drawn), HALF_BACK @ np.diag([size[0] / width, size[1] / height, 1]))


def shrink(pixels: Pixels, ratio: float, linear_light: bool = False) -> Pixels:
    """Smaller by `ratio` where that is above 1, each pixel the mean of what it covers."""
    if ratio <= 1:
        return pixels
    values: NDArray[Any] = to_light(pixels) if linear_light else pixels
    values = _resize(values, 1 / ratio, (pixels.shape[1], pixels.shape[0]), cv2.INTER_AREA)
    return from_light(values) if linear_light else values


def _resize(values: NDArray[Any], scale: float, sides: tuple[int, int], kind: int) -> NDArray[Any]:
    return cv2.resize(values, [max(1, round(side * scale)) for side in sides], interpolation=kind)


def to_light(pixels: Pixels) -> NDArray[np.float32]:
    """sRGB uint8 as amounts of light, float32 0..1; alpha in a fourth channel as it is."""
    steps = np.arange(256) / 255
    table = np.where(steps <= 0.04045, steps / 12.92, ((steps + 0.055) / 1.055) ** 2.4).astype(np.float32)
    light: NDArray[np.float32] = table[pixels]
    if pixels.shape[2] == 4:
        light[..., 3] = pixels[..., 3] / np.float32(255)
    return light


def from_light(light: NDArray[np.float32]) -> Pixels:
    """The inverse of `to_light`, rounded and kept in bounds."""
    light = np.clip(light, 0, 1)
    values = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    if light.shape[2] == 4:
        values[..., 3] = light[..., 3]
    return np.rint(values * 255).astype(np.uint8)
