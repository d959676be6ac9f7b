"""The pictures of a film: looked at once before it begins, opened again when their turn comes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipelines.errors import BadInput, InkframeError, TooLarge
from pipelines.image.colour import in_srgb

if TYPE_CHECKING:
    from pipelines.studio import Studio

Pixels = NDArray[np.uint8]

MOST = 500
LEFT_OUT = "left out. {}"


@dataclass(frozen=True)
class Given:
    """A file that was handed in; `name` is what its owner calls it."""

    path: Path
    name: str


@dataclass(frozen=True)
class Source:
    """A picture that can be opened. `alpha`: parts of it are see-through; `number`: its place, from 0, among all that
    were handed in, to which its own seconds and movement belong."""

    path: Path
    name: str
    width: int
    height: int
    sha256: str
    alpha: bool
    number: int = 0


Remark = tuple[str, str]
"""The name of a picture, and what is to be said of it."""


def check_count(given: Sequence[Given]) -> None:
    """Raise BadInput for no pictures, TooLarge for more than MOST."""
    if not given:
        raise BadInput("There is no picture to make a film of.", "Add at least one.")
    if len(given) > MOST:
        raise TooLarge(f"{len(given)} pictures are too many for one film.", f"Use at most {MOST}.")


def look(studio: Studio, given: Given) -> tuple[Source, list[Remark]]:
    """Decode a picture to see whether and what it is. Raises what `Studio.open` raises."""
    picture = studio.open(given.path, given.name)
    source = Source(
        given.path,
        given.name,
        picture.width,
        picture.height,
        picture.sha256,
        picture.alpha is not None,
    )
    return source, [(given.name, note) for note in picture.notes]


def look_at_all(
    studio: Studio, given: Sequence[Given], tell: Callable[[int], None] = lambda count: None
) -> tuple[list[Source], list[Remark]]:
    """Look at each; one that can't be opened is left out with a remark.

    `tell` hears how many are done and may raise to stop. Raises the first one's error when none can be opened.
    """
    sources: list[Source] = []
    remarks: list[Remark] = []
    failure: InkframeError | None = None
    for number, each in enumerate(given):
        tell(number)
        try:
            source, more = look(studio, each)
        except InkframeError as error:
            failure = failure or error
            remarks.append((each.name, LEFT_OUT.format(error.message)))
            continue
        sources.append(replace(source, number=number))
        remarks += more
    if failure is not None and not sources:
        raise failure
    return sources, remarks


def find_first(studio: Studio, given: Sequence[Given]) -> Source:
    """The first picture that can be opened. Raises the first one's error when there is none."""
    failure: InkframeError | None = None
    for each in given:
        try:
            return look(studio, each)[0]
        except InkframeError as error:
            failure = failure or error
    raise failure or BadInput("There is no picture to make a film of.", "Add at least one.")


def open_pixels(studio: Studio, source: Source, colour: tuple[int, int, int] | None) -> Pixels:
    """A picture in sRGB, uint8 HW3 on `colour`; HW4, not multiplied by its alpha, where that is None.

    Raises what `Studio.open` raises.
    """
    picture = studio.open(source.path, source.name)
    rgb = in_srgb(picture.rgb, picture.icc)
    if colour is None:
        alpha = np.full(rgb.shape[:2], 255, np.uint8) if picture.alpha is None else picture.alpha
        return np.dstack([rgb, alpha])
    return rgb if picture.alpha is None else stand_on(rgb, picture.alpha, colour)


def stand_on(rgb: Pixels, alpha: Pixels, colour: tuple[int, int, int]) -> Pixels:
    """See-through pixels over a colour, in strips: a large picture is not wanted twice as floats."""
    out = np.empty_like(rgb)
    under = np.array(colour, np.float32)
    for top in range(0, len(rgb), 256):
        rows = slice(top, top + 256)
        share = alpha[rows, :, None].astype(np.float32) / 255
        out[rows] = np.rint(under + share * (rgb[rows] - under))
    return out


def gather(remarks: Iterable[Remark]) -> list[str]:
    """Sentences of remarks, each said once however many pictures it is about."""
    names: dict[str, list[str]] = {}
    for name, remark in remarks:
        names.setdefault(remark, []).append(name)
    return [
        f"{whose[0]}: {remark}" if len(whose) == 1 else f"{whose[0]} and {len(whose) - 1} more: {remark}"
        for remark, whose in names.items()
    ]
