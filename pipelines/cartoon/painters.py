"""Who draws: the published nets of each style, or the net that comes with the app."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

import numpy as np

from pipelines.cartoon.tiles import draw_in_tiles
from pipelines.credits import Net
from pipelines.errors import ModelMissing
from weights.store import ModelStore

BUILTIN = "cartoon"
PUBLISHED = "cartoon-"
"""Ids of the published nets are this and the style."""
OWN_SIDE = 1536
"""Side of the largest piece, in px, that this net draws at once: it wants less memory than the published ones."""

Part = Literal["background", "head"]
Shares = Mapping[str, float]
"""Styles and how much of each, adding up to 1."""


class Painter(Protocol):
    """Draws a picture, or a head that stands in the nets' square, in a mix of styles."""

    @property
    def nets(self) -> tuple[Net, ...]: ...

    @property
    def mask(self) -> np.ndarray | None:
        """The published blend mask of the heads' square, HW float32 0..1, where it came with the nets."""

    def paint(self, rgb: np.ndarray, shares: Shares, part: Part) -> np.ndarray:
        """RGB uint8 HWC -> the same size."""


class PublishedPainter:
    """One net a style; a mix is the mean of their pictures."""

    def __init__(self, styles: tuple[str, ...], store: ModelStore) -> None:
        """Load the nets. Raises ModelMissing, ModelDamaged."""
        self._store = store
        self._nets, self.mask = [], None
        for style in styles:
            with store.use(PUBLISHED + style) as loaded:
                self._nets.append(Net(store.spec(PUBLISHED + style), loaded.version, loaded.device))
                self.mask = loaded.model.mask if self.mask is None else self.mask

    @property
    def nets(self) -> tuple[Net, ...]:
        return tuple(self._nets)

    def paint(self, rgb: np.ndarray, shares: Shares, part: Part) -> np.ndarray:
        """RGB uint8 HWC -> the same size: each style by its own net, laid over each other by their shares."""
        pictures = [(share, self._paint_one(rgb, style, part)) for style, share in shares.items()]
        if len(pictures) == 1:
            return pictures[0][1]
        return np.rint(sum(share * each.astype(np.float32) for share, each in pictures)).astype(np.uint8)

    def _paint_one(self, rgb: np.ndarray, style: str, part: Part) -> np.ndarray:
        with self._store.use(PUBLISHED + style) as loaded:
            net = loaded.model
            return draw_in_tiles(rgb, net.draw_head if part == "head" else net.draw_background)


class BuiltinPainter:
    """One net for all styles; a mix is made inside it."""

    mask = None

    def __init__(self, store: ModelStore) -> None:
        """Raises ModelDamaged."""
        self._store = store
        with store.use(BUILTIN) as loaded:
            self.nets = (Net(store.spec(BUILTIN), loaded.version, loaded.device),)

    def paint(self, rgb: np.ndarray, shares: Shares, part: Part) -> np.ndarray:
        """RGB uint8 HWC -> the same size, by one net whose weights are mixed; large pictures in tiles."""
        with self._store.use(BUILTIN) as loaded:
            return draw_in_tiles(rgb, lambda tile: loaded.model.draw(tile, shares, part), OWN_SIDE)


def choose_painter(wanted: str, styles: tuple[str, ...], store: ModelStore) -> Painter:
    """The painter for a choice of net and all styles that a picture needs.

    `auto`: the published nets where all of them are here, else the one that comes with the app. Raises
    ModelMissing, ModelDamaged.
    """
    if wanted == "builtin":
        return BuiltinPainter(store)
    try:
        return PublishedPainter(styles, store)
    except ModelMissing:
        if wanted == "published":
            raise
        return BuiltinPainter(store)
