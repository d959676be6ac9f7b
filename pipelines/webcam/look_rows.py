"""The looks that come with the app, as rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipelines.cartoon.options import STYLES
from pipelines.webcam.options import NONE
from pipelines.webcam.painters import PAINTERS, painter_id
from pipelines.webcam.paintings import TITLES, painting_id

Group = Literal["none", "paintings", "painters", "cartoon", "matting", "own"]
MATTING = "matting"
CARTOON = "cartoon-"


@dataclass(frozen=True)
class LookRow:
    """One look: its id, its English title, and looks of which group it mixes with."""

    id: str
    title: str
    group: Group


PAINTINGS = tuple(LookRow(painting_id(number), title, "paintings") for number, title in enumerate(TITLES))
PAINTER_ROWS = tuple(LookRow(painter_id(name), title, "painters") for name, title in PAINTERS.items())
CARTOONS = tuple(LookRow(CARTOON + style, f"Cartoon: {style}", "cartoon") for style in STYLES)
BUILTIN = (
    LookRow(NONE, "As it is", "none"),
    *PAINTINGS,
    *PAINTER_ROWS,
    *CARTOONS,
    LookRow(MATTING, "New background", "matting"),
)
