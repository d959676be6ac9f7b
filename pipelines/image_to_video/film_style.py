"""Who draws a film in its styles over time: each family of styles its own nets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from pipelines.cartoon.faces import find_faces
from pipelines.cartoon.options import STYLES as CARTOONS
from pipelines.cartoon.options import CartoonOptions
from pipelines.cartoon.painters import choose_painter
from pipelines.credits import Net
from pipelines.image_to_video.cartoon_drawer import CartoonDrawer
from pipelines.image_to_video.flow_fields import Rgb
from pipelines.image_to_video.painting_drawer import PaintingDrawer
from pipelines.image_to_video.style_courses import PAINTERS, PAINTINGS
from pipelines.image_to_video.style_over_time import Drawer, restyle
from pipelines.image_to_video.style_plan import StylePlan
from pipelines.webcam.drawers import PAINTER
from pipelines.webcam.drawers import PAINTERS as LIVE_PAINTERS
from pipelines.webcam.painters import painter_id

if TYPE_CHECKING:
    from pipelines.studio import Studio

WARM_UP = 8
"""Frames drawn again before one that a film goes on with, so that the drawing is held still across it."""


class FilmStyle:
    """Draws a film's frames, or frames in the middle of it, in its styles over time."""

    def __init__(self, studio: Studio, plan: StylePlan, rate: float) -> None:
        """Load the nets. Raises ModelMissing, ModelDamaged."""
        self._plan = plan
        self._begin: dict[Sequence[str], Callable[[], Drawer]] = {}
        nets: list[Net] = []
        for family, open_one in FAMILIES.items():
            if wanted := tuple(style for style in plan.styles if style in family):
                self._begin[family], found = open_one(studio, wanted, rate)
                nets += found
        self.nets = tuple(nets)

    def draw_all(self, frames: Iterable[Rgb], count: int, first: int = 0) -> Iterator[Rgb]:
        """The frames, uint8 HW3 or HW4, of a film of `count`, the first of which has the number `first`."""
        alphas: list[Rgb] = []

        def solid() -> Iterator[Rgb]:
            for frame in frames:
                alphas.append(frame[..., 3:])
                yield np.ascontiguousarray(frame[..., :3])

        drawer = MixedDrawer({family: begin() for family, begin in self._begin.items()})
        for drawn in restyle(solid(), self._plan, drawer, count, first):
            alpha = alphas.pop()
            yield np.dstack([drawn, alpha]) if alpha.shape[2] else drawn


class MixedDrawer:
    """Mixes styles of several families: each draws, and the drawings are mixed. See `style_over_time.Drawer`."""

    def __init__(self, drawers: Mapping[Sequence[str], Drawer]) -> None:
        """`drawers` by the styles that each knows."""
        self._drawers = drawers

    def draw(self, rgb: Rgb, shares: Mapping[str, float]) -> Rgb:
        """Raises what the drawers raise."""
        drawn = np.zeros(rgb.shape, np.float32)
        for family, drawer in self._drawers.items():
            own = {style: share for style, share in shares.items() if style in family}
            if weight := sum(own.values()):
                part = drawer.draw(rgb, {style: share / weight for style, share in own.items()})
                if weight > 1 - 1e-6:
                    return part
                drawn += weight * part
        return np.rint(drawn).astype(np.uint8)


Opened = tuple[Callable[[], Drawer], tuple[Net, ...]]
"""What begins to draw a clip, and the nets that do."""


def _open_cartoons(studio: Studio, styles: tuple[str, ...], rate: float) -> Opened:
    painter = choose_painter("auto", styles, studio.store)
    options, find = CartoonOptions(size=4096.0), partial(find_faces, store=studio.store)
    return lambda: CartoonDrawer(options, painter, find, rate), painter.nets


def _open_paintings(studio: Studio, styles: tuple[str, ...], rate: float) -> Opened:
    drawer = PaintingDrawer(studio.store, PAINTER, {style: PAINTINGS.index(style) for style in styles})
    return lambda: drawer, drawer.nets


def _open_painters(studio: Studio, styles: tuple[str, ...], rate: float) -> Opened:
    with studio.store.use(LIVE_PAINTERS) as loaded:
        numbers = {painter_id(name): number for number, name in enumerate(loaded.model.names)}
    drawer = PaintingDrawer(studio.store, LIVE_PAINTERS, {style: numbers[style] for style in styles})
    return lambda: drawer, drawer.nets


FAMILIES: Mapping[Sequence[str], Callable[[Studio, tuple[str, ...], float], Opened]] = {
    CARTOONS: _open_cartoons,
    PAINTINGS: _open_paintings,
    PAINTERS: _open_painters,
}
