"""The cartoon nets as a drawer of clips: faces are found, followed and drawn by the nets for heads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pipelines.cartoon.film_drawing import Follower, draw_scene
from pipelines.cartoon.options import CartoonOptions
from pipelines.cartoon.painters import Painter
from pipelines.cartoon.tracks import Find
from pipelines.errors import InvalidOption
from pipelines.image_to_video.flow_fields import Rgb


class CartoonDrawer:
    """Draws a clip's frames in turn; see `style_over_time.Drawer`."""

    def __init__(self, options: CartoonOptions, painter: Painter, find: Find, rate: float) -> None:
        """`options` say everything but the style; `painter` must know all styles that will be asked for."""
        self._options = options
        self._painter = painter
        self._follower = Follower(options, find, rate)

    def draw(self, rgb: Rgb, shares: Mapping[str, float]) -> Rgb:
        """Raises InvalidOption for more than two styles at a time, or frames larger than the options' size;
        OutOfMemory, ModelMissing, ModelDamaged."""
        if max(rgb.shape[:2]) > self._options.size:
            raise InvalidOption(
                f"The clip is larger than {self._options.size:g} px.",
                "Make a smaller one, or raise the size.",
            )
        return draw_scene(self._follower.follow(rgb), name_styles(self._options, shares), self._painter)


def name_styles(options: CartoonOptions, shares: Mapping[str, float]) -> CartoonOptions:
    """The options with these styles, at full strength. Raises InvalidOption for more than two."""
    named = [(style, share) for style, share in shares.items() if share > 0]
    if not 1 <= len(named) <= 2:
        raise InvalidOption("A cartoon mixes one or two styles.", "Name one style a keyframe.")
    (style, _), (second, mix) = named[0], named[1] if named[1:] else ("", 0.0)
    return replace(options, style=style, style_b=second, mix=mix, strength=1.0)
