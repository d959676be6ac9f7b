"""How colours go from film to picture and back without drifting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import av

EXACT = 0x4 | 0x2000 | 0x40000
"""swscale's flags bicubic, full chroma and accurate rounding: without them each way darkens by a level."""
BT709_FROM = 720
"""Height in px from which on films that don't say it are taken to be BT.709, smaller ones BT.601."""
MATRICES = {1: "itu709", 5: "itu601", 6: "itu601", 7: "smpte240m", 9: "bt2020", 10: "bt2020"}
"""ISO/IEC 23091-4's numbers of the colour matrices that swscale knows."""


class Turn(NamedTuple):
    """How a frame comes to stand upright: `mirrored`, its top goes to its bottom; then `quarters` (0..3) of a
    turn to the left."""

    quarters: int
    mirrored: bool = False


def to_rgb(frame: av.VideoFrame, size: tuple[int, int] | None = None, turn: Turn | None = None) -> np.ndarray:
    """A decoded frame as upright RGB uint8 HWC, by the colour matrix that it says or that its size suggests.

    `size` (width, height) px before it is turned, where pixels are not square or the film changes its size;
    `turn` instead of the one that the frame says.
    See-through parts stand on white.
    """
    matrix = MATRICES.get(int(frame.colorspace)) or ("itu709" if frame.height >= BT709_FROM else "itu601")
    width, height = size or (frame.width, frame.height)
    alpha = has_alpha(frame)
    pixels = frame.reformat(
        width=width,
        height=height,
        format="rgba" if alpha else "rgb24",
        src_colorspace=matrix,
        interpolation=EXACT,
    ).to_ndarray()
    rgb = stand_on_white(pixels) if alpha else pixels
    quarters, mirrored = turn or find_turn(frame)
    return np.ascontiguousarray(np.rot90(rgb[::-1] if mirrored else rgb, quarters))


def find_turn(frame: av.VideoFrame) -> Turn:
    """How a frame says that it is to be turned."""
    return Turn(round(frame.rotation / 90) % 4, is_mirrored(frame))


def is_mirrored(frame: av.VideoFrame) -> bool:
    """Whether a frame's display matrix, which maps (x, y) to (ax + cy, bx + dy), swaps left and right."""
    try:
        matrix: Any = frame.side_data.get("DISPLAYMATRIX")
    except ValueError:  # beside it lies data of a kind that PyAV has no name for, and it gives none at all
        return False
    if matrix is None:
        return False
    a, b, _, c, d = np.frombuffer(bytes(matrix), np.int32)[:5].astype(float)
    return bool(a * d < b * c)


def has_alpha(frame: av.VideoFrame) -> bool:
    """Whether the frame's pixels can be see-through."""
    return frame.format.name == "pal8" or any(each.is_alpha for each in frame.format.components)


def stand_on_white(rgba: np.ndarray) -> np.ndarray:
    """RGBA uint8 HW4, colours not multiplied by alpha -> RGB uint8."""
    alpha = rgba[..., 3:]
    if alpha.min() == 255:
        return np.ascontiguousarray(rgba[..., :3])
    share = alpha.astype(np.float32) / 255
    return np.rint(255 + share * (rgba[..., :3].astype(np.float32) - 255)).astype(np.uint8)
