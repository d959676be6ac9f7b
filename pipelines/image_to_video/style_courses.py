"""How a style is asked for along a film: its courses by name, or keyframes."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.cartoon.options import STYLES as CARTOONS
from pipelines.image_to_video.style_plan import StylePlan, read_plan
from pipelines.webcam.look_rows import PAINTER_ROWS
from pipelines.webcam.look_rows import PAINTINGS as PAINTING_ROWS

NONE = "off"
PAINTINGS = tuple(row.id for row in PAINTING_ROWS)
PAINTERS = tuple(row.id for row in PAINTER_ROWS)
STYLES = (*CARTOONS, *PAINTINGS, *PAINTERS)
COURSES: Mapping[str, str] = {
    "grows-in": "0={one}@0, 0.8={one}@{full:g}",
    "goes": "0.2={one}@{full:g}, 1={one}@0",
    "comes-and-goes": "0={one}@0, 0.5={one}@{full:g}, 1={one}@0",
    "becomes": "0.1={one}@{full:g}, 0.9={two}@{full:g}",
    "steady": "0={one}@{full:g}",
}
"""Keyframes of `style_plan`; `two` is the style that `one` becomes."""


def plan_style(style: str, course: str, becomes: str, strength: float, keys: str) -> StylePlan | None:
    """The plan of a film; `keys`, where there are any, say it all. None for no style. Raises InvalidOption."""
    if keys.strip():
        return read_plan(keys, STYLES)
    if style == NONE:
        return None
    return read_plan(COURSES[course].format(one=style, two=becomes, full=strength), STYLES)
