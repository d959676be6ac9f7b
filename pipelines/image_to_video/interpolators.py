"""Who draws the frames between two frames: the flow that is always here, RIFE where it is, or a plain blend."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import cv2

from pipelines.errors import OutOfMemory
from pipelines.image_to_video.flow_fields import Rgb
from pipelines.image_to_video.interpolation import MovingPair, check_pair
from weights.store import ModelStore

RIFE = "rife"


class Pair(Protocol):
    """Two frames that others are drawn between."""

    def draw(self, at: float) -> Rgb:
        """The frame at a share `at` (0..1) of the time between them."""


OpenPair = Callable[[Rgb, Rgb], Pair]
"""Two frames of one size, RGB uint8 HWC; raises BadInput when the sizes differ."""


class BlendedPair:
    """Each frame fading into the other; right where nothing moves."""

    def __init__(self, first: Rgb, second: Rgb) -> None:
        check_pair(first, second)
        self._frames = first, second

    def draw(self, at: float) -> Rgb:
        """Both frames mixed: `at` 0 is the first, 1 the second."""
        return cv2.addWeighted(self._frames[0], 1 - at, self._frames[1], at, 0)


class HeldPair:
    """The first until the second comes: a cut stays where it was, to the moment."""

    def __init__(self, first: Rgb, second: Rgb) -> None:
        self._frames = first, second

    def draw(self, at: float) -> Rgb:
        """The first frame until `at` is 1, as across a cut."""
        return self._frames[at >= 1]


class RifePair:
    """Two frames for the net of the catalogue."""

    def __init__(self, first: Rgb, second: Rgb, store: ModelStore) -> None:
        check_pair(first, second)
        self._frames, self._store = (first, second), store

    def draw(self, at: float) -> Rgb:
        """Raises ModelMissing, ModelDamaged, OutOfMemory."""
        if at <= 0 or at >= 1:
            return self._frames[at >= 1]
        try:
            with self._store.use(RIFE) as loaded:
                return loaded.model.between(*self._frames, at)
        except (RuntimeError, MemoryError) as error:
            if "memory" not in str(error).lower() and not isinstance(error, MemoryError):
                raise
            raise OutOfMemory("RIFE ran out of memory.", "Choose the builtin interpolation.") from error


def open_rife(store: ModelStore) -> OpenPair:
    """Load the net now, so that what is missing is said at once. Raises ModelMissing, ModelDamaged."""
    with store.use(RIFE):
        pass
    return lambda first, second: RifePair(first, second, store)


INTERPOLATORS: Mapping[str, Callable[[ModelStore], OpenPair]] = {
    "builtin": lambda store: MovingPair,
    RIFE: open_rife,
    "blend": lambda store: BlendedPair,
}
