"""How large a film is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from pipelines.errors import InvalidOption

ASPECTS: Mapping[str, float] = {
    "source": 0.0,
    "16:9": 16 / 9,
    "9:16": 9 / 16,
    "1:1": 1.0,
    "4:3": 4 / 3,
    "3:4": 3 / 4,
    "4:5": 4 / 5,
    "21:9": 21 / 9,
}
"""Width by height; 0 is the first picture's."""
LARGEST, SMALLEST = 4096, 16
LONGEST_SHAPE = 21 / 9
"""A film of a panorama is no longer than this, by itself: a pan shows the rest."""
WIDE = 16 / 9
"""A film of this shape has the format's shorter side; a longer one has as many pixels, not more."""
EVEN_NOTE = "The film is {}x{}: the format needs even sides."
SHAPE_NOTE = (
    "The picture is very long: the film shows a part of it at a time. Set width and height for others."
)


class Wishes(Protocol):
    """The options that say how large."""

    @property
    def aspect(self) -> str: ...

    @property
    def width(self) -> float: ...

    @property
    def height(self) -> float: ...


def find_size(
    wishes: Wishes, picture: tuple[int, int], *, side: int, even: bool
) -> tuple[tuple[int, int], list[str]]:
    """(width, height) px of the film of a first picture of that size, and what is to be said of it.

    `side`: shorter side where none is asked for; a picture that gives the shape is not enlarged. Raises
    InvalidOption for a side under SMALLEST or over LARGEST.
    """
    shape, notes = _find_shape(wishes, picture)
    width, height = wishes.width, wishes.height
    if not width and not height:
        height = _own_height(shape, side, picture if wishes.aspect == "source" else None)
        width = height * shape
    size = (round(width or height * shape), round(height or width / shape))
    if min(size) < SMALLEST or max(size) > LARGEST:
        raise InvalidOption(
            f"A film can't be {size[0]}x{size[1]}.", f"Use sides from {SMALLEST} to {LARGEST} pixels."
        )
    if not even or not any(side % 2 for side in size):
        return size, notes
    size = (size[0] + size[0] % 2, size[1] + size[1] % 2)
    asked = any(value and round(value) % 2 for value in (wishes.width, wishes.height))
    return size, [*notes, *([EVEN_NOTE.format(*size)] if asked else [])]


def _find_shape(wishes: Wishes, picture: tuple[int, int]) -> tuple[float, list[str]]:
    if wishes.width and wishes.height:
        return wishes.width / wishes.height, []
    shape = ASPECTS[wishes.aspect] or picture[0] / picture[1]
    kept = min(max(shape, 1 / LONGEST_SHAPE), LONGEST_SHAPE)
    return kept, [] if kept == shape else [SHAPE_NOTE]


def _own_height(shape: float, side: int, picture: tuple[int, int] | None) -> float:
    """Height of a film with `side` or less for its shorter side, and no more pixels than a wide one has."""
    area = side * side * WIDE
    height = min(side / min(1.0, shape), (area / shape) ** 0.5)
    if picture is not None:
        height = min(height, picture[1], picture[0] / shape)
    return max(height, SMALLEST / min(1.0, shape))
