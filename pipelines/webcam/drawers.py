"""Open what draws a look, ready to draw at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from pipelines.cartoon.cartoonize import blend, keep_colours
from pipelines.cartoon.painters import BuiltinPainter
from pipelines.credits import Net
from pipelines.errors import InvalidOption
from pipelines.studio import Studio
from pipelines.webcam.behind import choose_behind, draw_cut_out
from pipelines.webcam.cartoon_frames import CartoonFrames, find_in_small
from pipelines.webcam.look_rows import CARTOON, PAINTINGS, LookRow
from pipelines.webcam.looks import find_look
from pipelines.webcam.options import LiveOptions
from pipelines.webcam.own_styles import ANY_STYLE, OwnStyles
from pipelines.webcam.painters import painter_id
from weights.spec import ModelSpec
from weights.store import Loaded

PAINTER, CUTTER = "paintings", "portrait"
CARTOON_MULTIPLE = 8
TRAINED = ModelSpec(
    id="my-style",
    task="webcam",
    title="My style",
    hint="Trained on this machine.",
    source="builtin",
    repo="",
    files=(),
    loader="",
    licence="your own",
    commercial=True,
)
"""A net that was trained here: no row of the catalogue, but credited like one."""
WARM_UP = np.zeros((64, 64, 3), np.uint8)

PAINTERS = "painters"
Paint = Callable[[np.ndarray], np.ndarray]
Looks = list[tuple[LookRow, float]]
"""Looks of one group and how much of each, adding up to 1."""


@dataclass(frozen=True)
class Drawer:
    """Draws the frames of one look. One thread at a time; it stays usable until it is let go of."""

    paint: Paint
    multiple: int = 1
    """The net draws sides of so many times a whole number without a remainder."""
    nets: tuple[Net, ...] = ()
    notes: tuple[str, ...] = ()
    strength: float = 1.0
    keep_colours: bool = False
    recolours: bool = True
    """Whether it gives the picture other colours, so that there are some to keep."""

    @property
    def leaves(self) -> bool:
        """Whether its drawing is the frame as it is."""
        return self.strength == 0 or self.paint is leave

    @property
    def device(self) -> str:
        """Kind of the device that it draws on."""
        return self.nets[0].device if self.nets else "cpu"

    def adjust(self, options: LiveOptions) -> Drawer:
        """The same nets at another strength, or with the camera's colours: ready at once."""
        keep = options.keep_colours and self.recolours
        return replace(self, strength=options.strength, keep_colours=keep)

    def draw(self, rgb: np.ndarray) -> np.ndarray:
        """RGB uint8 HWC -> the same size. Raises OutOfMemory."""
        if self.leaves:
            return rgb
        drawn = self.paint(rgb)
        if self.keep_colours:
            drawn = keep_colours(drawn, rgb, 1.0)
        return drawn if self.strength == 1 else blend(rgb, drawn, self.strength)


def leave(rgb: np.ndarray) -> np.ndarray:
    """Paint nothing."""
    return rgb


def open_drawer(studio: Studio, options: LiveOptions) -> Drawer:
    """Load and warm what draws these options; takes seconds where a model is loaded first. Another drawer can
    draw meanwhile.

    Raises InvalidOption for a look that is not there or looks that don't mix, NotFound for a background that is
    not there, ModelMissing, ModelDamaged, OutOfMemory.
    """
    looks = [(find_look(studio, name), share) for name, share in options.shares.items()]
    groups = {row.group for row, _ in looks}
    if len(groups) > 1 or (len(looks) > 1 and groups <= {"none", "matting"}):
        raise InvalidOption(
            "These looks don't mix.",
            "Mix paintings with paintings, cartoons with cartoons, your own with your own.",
        )
    drawer = OPENERS[groups.pop()](studio, options, looks)
    drawer.paint(WARM_UP)
    return drawer.adjust(options)


def _open_none(studio: Studio, options: LiveOptions, looks: Looks) -> Drawer:
    return Drawer(leave, recolours=False)


def _open_paintings(studio: Studio, options: LiveOptions, looks: Looks) -> Drawer:
    shares = {PAINTINGS.index(row): share for row, share in looks}
    with studio.store.use(PAINTER) as loaded:
        painting = loaded.model.fix(shares)
        net = _credit(studio, PAINTER, loaded)
    return Drawer(painting.draw, painting.multiple, (net,))


def _open_painters(studio: Studio, options: LiveOptions, looks: Looks) -> Drawer:
    with studio.store.use(PAINTERS) as loaded:
        numbers = {painter_id(name): number for number, name in enumerate(loaded.model.names)}
        painting = loaded.model.fix({numbers[row.id]: share for row, share in looks})
        net = _credit(studio, PAINTERS, loaded)
    return Drawer(painting.draw, painting.multiple, (net,))


def _open_own(studio: Studio, options: LiveOptions, looks: Looks) -> Drawer:
    own, (first, *others) = OwnStyles(studio), looks
    trained = None if others else own.trained(first[0].id)
    if trained is not None:
        return Drawer(trained.draw, trained.multiple, (Net(TRAINED, "", studio.device.kind),))
    style = sum(share * own.style(row.id) for row, share in looks)
    with studio.store.use(ANY_STYLE) as loaded:
        painting = loaded.model.fix(style)
        net = _credit(studio, ANY_STYLE, loaded)
    return Drawer(painting.draw, painting.multiple, (net,))


def _open_cartoon(studio: Studio, options: LiveOptions, looks: Looks) -> Drawer:
    """The net keeps others waiting while it makes a mix ready: each drawer has nets of its own."""
    own = studio.store.sibling(0)
    painter = BuiltinPainter(own)
    shares = {row.id.removeprefix(CARTOON): share for row, share in looks}
    paint: Paint = partial(painter.paint, shares=shares, part="background")
    if options.faces:
        paint = CartoonFrames(painter, shares, partial(find_in_small, store=own), options.target_fps).draw
    return Drawer(paint, CARTOON_MULTIPLE, painter.nets)


def _open_cut_out(studio: Studio, options: LiveOptions, looks: Looks) -> Drawer:
    behind = choose_behind(studio, options.background)
    with studio.store.use(CUTTER) as loaded:
        paint = partial(draw_cut_out, net=loaded.model, behind=behind)
        net = _credit(studio, CUTTER, loaded)
    return Drawer(paint, nets=(net,), recolours=False)


def _credit(studio: Studio, model_id: str, loaded: Loaded) -> Net:
    return Net(studio.store.spec(model_id), loaded.version, loaded.device)


OPENERS: Mapping[str, Callable[[Studio, LiveOptions, Looks], Drawer]] = {
    "none": _open_none,
    "paintings": _open_paintings,
    "painters": _open_painters,
    "own": _open_own,
    "cartoon": _open_cartoon,
    "matting": _open_cut_out,
}
