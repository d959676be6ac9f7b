"""A film redrawn in a style: drawn at once into a file, or frame by frame for whoever asks."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pipelines.cartoon.faces import Face, find_faces
from pipelines.cartoon.film_drawing import Follower, draw_scene
from pipelines.cartoon.film_run import RESULT, Drawn, label_of, save_film
from pipelines.cartoon.options import STYLES, CartoonOptions
from pipelines.cartoon.painters import Painter, choose_painter
from pipelines.cartoon.save import LABEL_TEXT, TASK
from pipelines.cartoon.wishes import read_wishes
from pipelines.errors import BadInput, TooLarge
from pipelines.history import Run
from pipelines.history.writing import writing
from pipelines.labels import draw_visible_label
from pipelines.progress import Progress, silent
from pipelines.video import VideoReader, VideoWriter, at_rate

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
        self._film = open_film(studio, path)
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


def cartoonize_film(
    studio: Studio,
    source: Path,
    options: CartoonOptions,
    target: Path,
    progress: Progress = silent,
) -> Run:
    """Redraw a film into `target`, an MP4 file, and keep it as a run.

    Raises BadInput, TooLarge, ModelMissing, ModelDamaged, OutOfMemory, DiskFull, OutputsUnwritable; nothing
    half-written stays.
    """
    begun = time.monotonic()
    progress(0.0, "Looking at the film")
    with (
        FilmDrawing(studio, source, options, visible_label=studio.settings.visible_label) as drawing,
        studio.history.draft(TASK) as draft,
    ):
        with writing(studio.settings.outputs):
            sound_kept = write_film(drawing, source, draft.folder / RESULT, draft.id, progress)
        drawn = drawing.tell(time.monotonic() - begun)
        run = save_film(draft, source, source.name, options, drawn, sound_kept=sound_kept)
    with writing(target.parent):
        partial = target.with_name(f".{target.name}.partial")
        shutil.copyfile(studio.history.file(run.id, RESULT), partial)
        partial.replace(target)
    progress(1.0, "Done")
    return run


def write_film(drawing: FilmDrawing, source: Path, target: Path, run_id: str, progress: Progress) -> bool:
    """Draw all frames into a file; says whether all sound could be kept. Raises what drawing does, OSError."""
    film, begun = None, time.monotonic()
    try:
        for rgb in drawing.draw():
            if rgb is None:
                continue
            if film is None:
                size, label = (rgb.shape[1], rgb.shape[0]), label_of(run_id, drawing.painter.nets)
                film = VideoWriter(target, size, drawing.info.rate, sound=source, **label)
            film.write(rgb)
            speed = drawing.frames / max(time.monotonic() - begun, 1e-6)
            total = max(drawing.info.frames, drawing.frames)
            progress(
                0.98 * drawing.frames / total, f"Frame {drawing.frames} of {total}, {speed:.1f} a second"
            )
        if film is None:
            raise BadInput("The film holds no picture that can be decoded.")
        film.close()
    except BaseException:
        if film is not None:
            film.drop()
        raise
    return not film.sound_lost


def open_film(studio: Studio, path: Path) -> VideoReader:
    """Open a film within the limits of the settings. Raises BadInput, TooLarge."""
    film = VideoReader(path, max_pixels=studio.settings.max_pixels)
    if film.info.seconds > studio.settings.max_film_minutes * 60:
        film.close()
        raise too_long(film.info.seconds, studio.settings.max_film_minutes)
    return film


def too_long(seconds: float, most: int) -> TooLarge:
    return TooLarge(
        f"The film is {seconds / 60:.1f} minutes long; {most} minutes is the limit.",
        "Cut it into shorter ones, or raise INKFRAME_MAX_FILM_MINUTES.",
    )


def find_painter(studio: Studio, options: CartoonOptions) -> Painter:
    """The painter for all styles that a film may need. Raises ModelMissing, ModelDamaged."""
    named = read_wishes(options.faces, STYLES).named.values()
    styles = dict.fromkeys([*options.weights, *(wish.style for wish in named if wish.style)])
    return choose_painter(options.net, tuple(styles), studio.store)


def look(studio: Studio, rgb: np.ndarray) -> list[Face]:
    """Faces of a frame."""
    return find_faces(rgb, studio.store)
