"""A film redrawn in a style, frame by frame for whoever asks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pipelines.cartoon.faces import Face, find_faces
from pipelines.cartoon.film_drawing import Follower, draw_scene
from pipelines.cartoon.film_run import Drawn
from pipelines.cartoon.options import STYLES, CartoonOptions
from pipelines.cartoon.painters import Painter, choose_painter
from pipelines.cartoon.wishes import read_wishes
from pipelines.labels import LABEL_TEXT, draw_visible_label
from pipelines.video import at_rate
from pipelines.video.given import open_film, too_long

if TYPE_CHECKING:
    from pipelines.studio import Studio


class FilmDrawing:
    """A film while it is drawn: iterate for its frames, once. A context manager.

    Raises BadInput for what is no film, TooLarge for one over the limits, ModelMissing, ModelDamaged.
    """

    def __init__(
        self, studio: Studio, path: Path, options: CartoonOptions, *, visible_label: bool = False
    ) -> None:
        self._options, self._label = options, visible_label
        self._film = open_film(path, studio.settings)
        self.info = self._film.info
        try:
            self.painter = find_painter(studio, options)
        except BaseException:
            self._film.close()
            raise
        self._most = studio.settings.max_film_minutes * 60 * self.info.rate
        self._follower = Follower(options, lambda rgb: look(studio, rgb), float(self.info.rate))
        self.frames = 0

    def __enter__(self) -> FilmDrawing:
        return self

    def __exit__(self, *ending: object) -> None:
        self._film.close()

    def draw(self, start: int = 0) -> Iterator[np.ndarray | None]:
        """Frames RGB uint8 HWC; None for those before `start`, which are only looked at.

        Raises what reading, finding faces and drawing raise.
        """
        last = scene = drawn = None
        for rgb in at_rate(self._film, self.info.rate):
            if self.frames >= self._most:
                raise too_long(float(self.frames / self.info.rate), int(self._most / self.info.rate / 60))
            if rgb is not last or scene is None:
                last, scene, drawn = rgb, self._follower.follow(rgb), None
            self.frames += 1
            if self.frames <= start:
                yield None
                continue
            if drawn is None:
                drawn = draw_scene(scene, self._options, self.painter)
                if self._label:
                    drawn = draw_visible_label(drawn, LABEL_TEXT)
            yield drawn

    def tell(self, seconds: float) -> Drawn:
        """What is to be said of it when all frames are drawn."""
        return Drawn(
            self.info, self.frames, self._follower.faces, self._film.damaged, self.painter.nets, seconds
        )


def find_painter(studio: Studio, options: CartoonOptions) -> Painter:
    """The painter for all styles that a film may need. Raises ModelMissing, ModelDamaged."""
    named = read_wishes(options.faces, STYLES).named.values()
    styles = dict.fromkeys([*options.weights, *(wish.style for wish in named if wish.style)])
    return choose_painter(options.net, tuple(styles), studio.store)


def look(studio: Studio, rgb: np.ndarray) -> list[Face]:
    """Faces of a frame."""
    return find_faces(rgb, studio.store)
