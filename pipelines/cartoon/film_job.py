"""A film redrawn as a job: queued, drawn in parts, gone on with after a stop, joined with its sound."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.cartoon.film import FilmDrawing, find_painter
from pipelines.cartoon.film_run import RESULT, Drawn, label_of, save_film
from pipelines.cartoon.options import CartoonOptions
from pipelines.cartoon.save import TASK
from pipelines.credits import Net, name_nets
from pipelines.errors import BadInput, NotFound
from pipelines.history import Run
from pipelines.history.keeping import plain_name
from pipelines.history.writing import writing
from pipelines.jobs.job import Job
from pipelines.jobs.publishing import JOB_KEY, note_published, publish_once
from pipelines.jobs.work import Ending, Work
from pipelines.version import VERSION
from pipelines.video import join_films
from pipelines.video.film_orders import SO_FAR, Order, forget_work, read_order, write_order
from pipelines.video.given import open_film
from pipelines.video.parts import PARTS, PartsWriter, begin_parts, list_parts

if TYPE_CHECKING:
    from pipelines.studio import Studio

KIND = "cartoon-film"
AGAIN = "Looking through the part that is drawn already"


def submit_film(
    studio: Studio, film: Path, options: CartoonOptions, *, name: str = "", move: bool = False
) -> Job:
    """Queue a film, which is copied, or moved with `move`; `name` is what a person calls it.

    Raises at once BadInput, TooLarge, ModelMissing, ModelDamaged, DiskFull, OutputsUnwritable.
    """
    with open_film(film, studio.settings) as opened:
        frames = opened.info.frames
    find_painter(studio, options)
    title = plain_name(name or film.name)

    def fill(folder: Path) -> int:
        write_order(folder, film, title, studio.settings.visible_label, move)
        return frames

    return studio.jobs.submit(KIND, title, asdict(options), fill)


def do_film(studio: Studio, work: Work) -> Ending:
    """Draw what is left of a film and make a run of it. See `pipelines.jobs.desk.Kind`."""
    return publish_once(studio.history, work, lambda: make_run(studio, work), forget_work)


def make_run(studio: Studio, work: Work) -> Run:
    """Draw what is left and publish it. Raises Stopped, DiskFull, OutputsUnwritable, what drawing raises."""
    order, options = read_order(work.folder), CartoonOptions.parse(work.job.settings)
    with FilmDrawing(studio, order.film, options, visible_label=order.visible_label) as drawing:
        done = begin_parts(work.folder, describe_making(drawing.painter.nets))
        with writing(studio.settings.outputs):
            draw_parts(drawing, work, done)
        drawn = drawing.tell(work.job.seconds)
    return publish(studio, work, order, options, drawn)


def draw_parts(drawing: FilmDrawing, work: Work, done: int) -> None:
    """Draw from frame `done` on. Raises Stopped, BadInput for a film without frames, what drawing raises."""
    work.tell(done=done, total=max(drawing.info.frames, done), message=AGAIN if done else "", hint="")
    with PartsWriter(work.folder / PARTS, drawing.info.rate, done) as parts:
        for rgb in drawing.draw(done):
            work.check()
            if rgb is None:
                continue
            parts.write(rgb)
            work.tell(
                done=drawing.frames, total=max(drawing.info.frames, drawing.frames), message="", current=""
            )
    if not drawing.frames:
        raise BadInput("The film holds no picture that can be decoded.")
    work.tell(done=drawing.frames, total=drawing.frames)


def publish(studio: Studio, work: Work, order: Order, options: CartoonOptions, drawn: Drawn) -> Run:
    """Join the parts and make the run. It may be killed at any moment and called again.

    Raises DiskFull, OutputsUnwritable.
    """
    parts, _ = list_parts(work.folder / PARTS)
    with studio.history.draft(TASK) as draft:
        with writing(studio.settings.outputs):
            label = label_of(draft.id, drawn.nets)
            sound_kept = join_films(parts, draft.folder / RESULT, sound=order.film, **label)
            note_published(work.folder, draft.id)
        more = {JOB_KEY: work.job.id}
        return save_film(draft, order.film, order.name, options, drawn, sound_kept=sound_kept, more=more)


def describe_making(nets: tuple[Net, ...]) -> str:
    """All that the look of a part hangs on beside the job's own settings."""
    import av

    versions = ", ".join(f"{net.version} {net.device}" for net in nets)
    return f"Inkframe {VERSION}, PyAV {av.__version__}, {name_nets(nets)}: {versions}"


def find_result(studio: Studio, job_id: str) -> Path:
    """The film of a job: whole when it is done, else what is drawn so far, made anew at each call.

    Raises NotFound when no part is finished yet, DiskFull, OutputsUnwritable.
    """
    job, folder = studio.jobs.get(job_id), studio.jobs.folder(job_id)
    if job.run:
        return studio.history.file(job.run, RESULT)
    parts, _ = list_parts(folder / PARTS) if (folder / PARTS).is_dir() else ([], 0)
    if not parts:
        raise NotFound("Nothing of this film is finished yet.", "Try again when a part of it is drawn.")
    order = read_order(folder)
    painter = find_painter(studio, CartoonOptions.parse(job.settings))
    target = folder / f"{time.monotonic_ns()}{SO_FAR}"
    with writing(studio.settings.outputs):
        join_films(parts, target, sound=order.film, **label_of(job.id, painter.nets))
    return target
