"""A film as a job: queued, drawn, gone on with after a stop, kept as a run."""

from __future__ import annotations

import hashlib
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import NotFound
from pipelines.history import Run
from pipelines.history.writing import writing
from pipelines.image_to_video.estimate import check_room
from pipelines.image_to_video.film import lay_out, plan_film
from pipelines.image_to_video.film_files import (
    SO_FAR,
    Order,
    forget_work,
    read_order,
    write_order,
)
from pipelines.image_to_video.film_options import VideoOptions
from pipelines.image_to_video.film_run import TASK, Made, label_of, name_result, save_film
from pipelines.image_to_video.formats import CRF, FORMATS
from pipelines.image_to_video.make_film import WRITING, Begun, Tell, add_music, begin, draw_all, make_run
from pipelines.image_to_video.music import check_music
from pipelines.image_to_video.sources import check_count, find_first
from pipelines.jobs.job import Job
from pipelines.jobs.publishing import JOB_KEY, note_published, publish_once
from pipelines.jobs.work import Ending, Work
from pipelines.version import VERSION
from pipelines.video import join_films
from pipelines.video.encoders import choose_encoder
from pipelines.video.parts import PARTS, PartsWriter, begin_parts, list_parts

if TYPE_CHECKING:
    from pipelines.studio import Studio

KIND = "video"


def submit_film(studio: Studio, order: Order, options: VideoOptions, *, move: bool = False) -> Job:
    """Queue a film; what it is made of is copied, or moved with `move`.

    Raises at once what can be known at once: BadInput, NotAnImage, TooLarge, InvalidOption, DiskFull,
    OutputsUnwritable. A picture that can't be opened is left out later, unless none can.
    """
    check_count(order.pictures)
    film = plan_film([find_first(studio, order.pictures)], options, studio.settings.max_film_minutes)
    if FORMATS[options.format].resumes:
        choose_encoder(options.encoder, film.size, film.timeline.rate)
    frames = lay_out(range(len(order.pictures)), options, studio.settings.max_film_minutes).frames
    if order.music is not None:
        check_music(order.music.path, options.music_start)
    check_room(studio.settings.outputs, film.size, frames, options)
    names = [given.name for given in order.pictures]
    title = names[0] if len(names) == 1 else f"{names[0]} + {len(names) - 1}"

    def fill(folder: Path) -> int:
        write_order(folder, order, move=move)
        return frames

    return studio.jobs.submit(KIND, title, asdict(options), fill)


def do_film(studio: Studio, work: Work) -> Ending:
    """Make a film and a run of it. See `pipelines.jobs.desk.Kind`."""
    return publish_once(studio.history, work, lambda: draw_film(studio, work), forget_work)


def draw_film(studio: Studio, work: Work) -> Run:
    """Draw what is left of a film, or all of it where its format is not written in parts, and make the run.

    Raises Stopped, DiskFull, OutputsUnwritable, what looking and drawing raise.
    """

    def tell(done: int, total: int, message: str) -> None:
        work.check()
        work.tell(done=done, total=total or work.job.total, message=message, hint="", current="")

    options = VideoOptions.parse(work.job.settings)
    begun = begin(studio, read_order(work.folder), options, tell)
    if FORMATS[options.format].resumes:
        return draw_in_parts(studio, begun, work, tell)
    return make_run(studio, begun, tell, {JOB_KEY: work.job.id}, work.job.seconds)


def draw_in_parts(studio: Studio, begun: Begun, work: Work, tell: Tell) -> Run:
    """Draw what is left, join the parts with the music and make the run.

    It may be killed at any moment and called again. Raises Stopped, DiskFull, OutputsUnwritable, what drawing
    raises.
    """
    film, total = begun.film, begun.film.timeline.frames
    done = begin_parts(work.folder, describe_making(begun))
    with writing(studio.settings.outputs):
        writer = {"encoder": begun.encoder, "crf": CRF[film.options.quality]}
        with PartsWriter(work.folder / PARTS, film.timeline.rate, done, **writer) as parts:
            draw_all(begun, parts, tell, done)
        music, notes = add_music(begun, work.folder, tell)
    tell(total, total, WRITING)
    with studio.history.draft(TASK) as draft:
        with writing(studio.settings.outputs):
            label, found = label_of(draft.id, begun.drawing.nets), list_parts(work.folder / PARTS)[0]
            target = draft.folder / name_result(film)
            join_films(found, target, sound=music, metadata=label.text, xmp=label.xmp)
            note_published(work.folder, draft.id)
        made = Made(begun.gather_notes(notes), work.job.seconds, begun.encoder.codec, begun.drawing.nets)
        return save_film(draft, begun.order, film, made, {JOB_KEY: work.job.id})


def describe_making(begun: Begun) -> str:
    """All that the look of a part hangs on beside the job's own settings."""
    import av

    pictures = hashlib.sha256("".join(source.sha256 for source in begun.film.sources).encode()).hexdigest()
    return f"Inkframe {VERSION}, PyAV {av.__version__}, {begun.encoder.codec}, {begun.film.size}, {pictures}"


def find_result(studio: Studio, job_id: str) -> Path:
    """The film of a job: whole when it is done, else what is drawn so far, without music, made anew each time.

    Raises NotFound when nothing can be shown yet, DiskFull, OutputsUnwritable.
    """
    job, folder = studio.jobs.get(job_id), studio.jobs.folder(job_id)
    if job.run:
        return studio.history.file(job.run, studio.history.get(job.run).results[0])
    parts = list_parts(folder / PARTS)[0] if (folder / PARTS).is_dir() else []
    if not parts:
        raise NotFound("Nothing of this film can be shown yet.", "Try again when more of it is drawn.")
    target, label = folder / f"{SO_FAR}-{time.monotonic_ns()}.mp4", label_of(job.id)
    with writing(studio.settings.outputs):
        join_films(parts, target, metadata=label.text, xmp=label.xmp)
    return target
