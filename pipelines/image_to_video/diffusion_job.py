"""A shot by diffusion as a job: queued, drawn, kept as a run."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.history import Run
from pipelines.history.writing import writing
from pipelines.image_to_video.diffusion import check_ready
from pipelines.image_to_video.diffusion_options import DiffusionOptions
from pipelines.image_to_video.film_files import Order, forget_work, read_order, write_order
from pipelines.image_to_video.make_shot import make_shot, plan_order
from pipelines.jobs.job import Job
from pipelines.jobs.publishing import JOB_KEY, note_published, publish_once
from pipelines.jobs.work import Ending, Work

if TYPE_CHECKING:
    from pipelines.studio import Studio

KIND = "diffusion"


def submit_shot(studio: Studio, order: Order, options: DiffusionOptions, *, move: bool = False) -> Job:
    """Queue a shot of one picture, which is copied, or moved with `move`.

    Raises at once DeviceUnavailable, PackagesMissing, ModelMissing, ModelDamaged, BadInput, NotAnImage,
    TooLarge, InvalidOption, DiskFull, OutputsUnwritable.
    """
    plan = plan_order(studio, order, options)
    check_ready(studio, plan.engine.model)

    def fill(folder: Path) -> int:
        write_order(folder, order, move=move)
        return plan.steps

    return studio.jobs.submit(KIND, plan.source.name, asdict(options.settle()), fill)


def do_shot(studio: Studio, work: Work) -> Ending:
    """Draw a shot and make a run of it; a shot that was stopped begins again. See `pipelines.jobs.desk.Kind`."""
    return publish_once(studio.history, work, lambda: draw_shot(studio, work), forget_work)


def draw_shot(studio: Studio, work: Work) -> Run:
    """Draw the shot and make the run. Raises Stopped, DiskFull, OutputsUnwritable, what drawing raises."""

    def tell(done: int, total: int, message: str) -> None:
        work.check()
        work.tell(done=done, total=total, message=message, hint="", current="")

    def publish(run_id: str) -> None:
        with writing(studio.settings.outputs):
            note_published(work.folder, run_id)

    plan = plan_order(studio, read_order(work.folder), DiffusionOptions.parse(work.job.settings))
    return make_shot(studio, plan, tell, {JOB_KEY: work.job.id}, work.job.seconds, publish)
