"""Make a film from end to end: look at the pictures, draw, encode, keep it as a run."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.history import Run
from pipelines.history.writing import writing
from pipelines.image_to_video.film import Film, FilmDrawing, plan_film
from pipelines.image_to_video.film_files import Order
from pipelines.image_to_video.film_options import VideoOptions
from pipelines.image_to_video.film_run import TASK, Made, label_of, name_result, save_film
from pipelines.image_to_video.formats import FORMATS, Making
from pipelines.image_to_video.music import make_music
from pipelines.image_to_video.sources import Remark, gather, look_at_all
from pipelines.video.behind import TakesFrames, WriteBehind
from pipelines.video.encoders import SOFTWARE, Encoder, choose_encoder

if TYPE_CHECKING:
    from pipelines.studio import Studio

Tell = Callable[[int, int, str], None]
"""Hears how many frames of how many are done, and what is done now. It may raise to stop the work."""

LOOKING, HEARING, WRITING = "Looking at the pictures", "Cutting the music", "Writing the file"
NO_SOUND_NOTE = "{} has no sound: the music was left out."


def silent(done: int, total: int, what: str) -> None:
    """The `Tell` of one who does not ask."""


@dataclass(frozen=True)
class Begun:
    """A film that can be drawn: its pictures are looked at, its encoder is found."""

    order: Order
    film: Film
    drawing: FilmDrawing
    encoder: Encoder
    remarks: list[Remark]

    def gather_notes(self, more: list[str]) -> list[str]:
        """All that is to be said of the film."""
        said = gather([*self.remarks, *dict.fromkeys(self.drawing.remarks)])
        return list(dict.fromkeys([*self.film.notes, *said, *more]))


def begin(studio: Studio, order: Order, options: VideoOptions, tell: Tell = silent) -> Begun:
    """Look at all pictures and plan the film. Raises what looking and planning raise, InvalidOption for an
    encoder that is not there."""
    count = len(order.pictures)

    def hear(done: int) -> None:
        tell(0, 0, f"{LOOKING} ({done + 1} of {count})" if count > 1 else LOOKING)

    sources, remarks = look_at_all(studio, order.pictures, hear)
    film = plan_film(sources, options, studio.settings.max_film_minutes)
    encoder = SOFTWARE
    if FORMATS[options.format].resumes:
        encoder = choose_encoder(options.encoder, film.size, film.timeline.rate)
    return Begun(order, film, FilmDrawing(studio, film, order.visible_label), encoder, remarks)


def add_music(begun: Begun, folder: Path, tell: Tell = silent) -> tuple[Path | None, list[str]]:
    """The film's music as a file in `folder`, None where there is none, and what is to be said of it.

    Raises BadInput, OSError.
    """
    kind, total = FORMATS[begun.film.options.format], begun.film.timeline.frames
    if begun.order.music is None:
        return None, []
    if not kind.sound:
        return None, [NO_SOUND_NOTE.format(kind.title)]
    target = folder / f".music{kind.sound}"
    seconds = begun.film.timeline.seconds
    notes = make_music(
        begun.order.music.path, target, seconds, begun.film.options, lambda: tell(0, total, HEARING)
    )
    return target, notes


def draw_all(begun: Begun, writer: TakesFrames, tell: Tell, start: int = 0) -> None:
    """Draw from frame `start` on while the writer writes in its own thread. Raises what either raises."""
    total = begun.film.timeline.frames
    with WriteBehind(writer) as behind:
        for done, pixels in enumerate(begun.drawing.draw(start), start + 1):
            behind.write(pixels)
            tell(done, total, "")


def make_run(
    studio: Studio,
    begun: Begun,
    tell: Tell = silent,
    more: Mapping[str, Any] | None = None,
    before: float = 0.0,
) -> Run:
    """Write the film at once and keep it as a run; `before`: seconds of work that went before.

    Raises what drawing raises, DiskFull, OutputsUnwritable; nothing half-written stays.
    """
    start, film = time.monotonic(), begun.film
    kind = FORMATS[film.options.format]
    with studio.history.draft(TASK) as draft:
        with writing(studio.settings.outputs):
            notes = write_film(begun, draft.id, draft.folder, tell)
        seconds = before + time.monotonic() - start
        made = Made(
            begun.gather_notes(notes),
            seconds,
            begun.encoder.codec if kind.resumes else kind.ending,
            begun.drawing.nets,
        )
        return save_film(draft, begun.order, film, made, more)


def write_film(begun: Begun, run: str, folder: Path, tell: Tell) -> list[str]:
    """Write the film of a run into its folder, whole or not at all; what is to be said of its music.

    Raises what drawing raises, OSError.
    """
    film, options = begun.film, begun.film.options
    music, notes = add_music(begun, folder, tell)
    label = label_of(run, begun.drawing.nets)
    making = Making(
        film.size,
        film.timeline.rate,
        film.alpha,
        options.quality,
        begun.encoder,
        music,
        label.xmp,
        label.text,
    )
    writer = FORMATS[options.format].open(folder / name_result(film), making)
    try:
        draw_all(begun, writer, tell)
        tell(film.timeline.frames, film.timeline.frames, WRITING)
    except BaseException:
        writer.drop()
        raise
    writer.close()
    if music is not None:
        music.unlink()
    return notes
