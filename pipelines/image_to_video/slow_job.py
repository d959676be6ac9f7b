"""A film made smoother or slower as a job: queued, written from its beginning, kept as a run."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.credits import Net, describe_nets
from pipelines.history import Draft, Run, RunInput
from pipelines.history.keeping import link_or_copy, plain_name
from pipelines.history.writing import writing
from pipelines.image_to_video.film_run import TASK
from pipelines.image_to_video.interpolators import INTERPOLATORS, RIFE
from pipelines.image_to_video.slow_motion import Slowed, expected, slow_down
from pipelines.image_to_video.slow_options import SlowOptions
from pipelines.jobs.job import Job
from pipelines.jobs.publishing import JOB_KEY, note_published, publish_once
from pipelines.jobs.work import Ending, Work
from pipelines.labels import film_label
from pipelines.version import VERSION
from pipelines.video import VideoInfo
from pipelines.video.film_orders import Order, forget_work, read_order, write_order
from pipelines.video.given import DAMAGED_NOTE, SOUND_NOTE, ending_of, open_film, too_long
from pipelines.video.poster import choose_poster
from weights.manifest import sha256_of

if TYPE_CHECKING:
    from pipelines.studio import Studio

KIND, RESULT = "slow-film", "slow.mp4"
FLOW = {
    "id": "flow",
    "title": "Frames in between",
    "version": VERSION,
    "licence": "Apache-2.0",
    "source": "builtin",
}


def submit_slow(studio: Studio, film: Path, options: SlowOptions, *, name: str = "") -> Job:
    """Queue a film, which is copied; `name` is what a person calls it.

    Raises at once BadInput, TooLarge, InvalidOption, ModelMissing, ModelDamaged, DiskFull, OutputsUnwritable.
    """
    with open_film(film, studio.settings) as opened:
        timing = options.timing(opened.info.rate)
        seconds, frames = opened.info.seconds * float(timing.slow), expected(opened, timing)
    if seconds > studio.settings.max_film_minutes * 60:
        raise too_long(seconds, studio.settings.max_film_minutes)
    INTERPOLATORS[options.net](studio.store)
    title = plain_name(name or film.name)

    def fill(folder: Path) -> int:
        write_order(folder, film, title, studio.settings.visible_label, False)
        return frames

    return studio.jobs.submit(KIND, title, asdict(options), fill)


def do_slow(studio: Studio, work: Work) -> Ending:
    """Write a film and make a run of it. See `pipelines.jobs.desk.Kind`."""
    return publish_once(studio.history, work, lambda: write_slow(studio, work), forget_work)


def write_slow(studio: Studio, work: Work) -> Run:
    """Write the film and make the run. Raises Stopped, DiskFull, OutputsUnwritable, what drawing raises."""
    order, options, total = read_order(work.folder), SlowOptions.parse(work.job.settings), work.job.total

    def hear(fraction: float, what: str) -> None:
        work.tell(done=round(fraction * total), total=total, message="", hint="", current=what)

    with open_film(order.film, studio.settings) as film:
        info = film.info
    with studio.history.draft(TASK) as draft, writing(studio.settings.outputs):
        label = film_label(TASK, run_id=draft.id, model=describe_drawer(studio, options)[0]["title"])
        made = slow_down(
            order.film,
            draft.folder / RESULT,
            options,
            studio.store,
            hear,
            work.check,
            max_pixels=studio.settings.max_pixels,
            label={"metadata": label.text, "xmp": label.xmp},
        )
        note_published(work.folder, draft.id)
        return save_slow(studio, draft, order, info, options, made, work.job)


def save_slow(
    studio: Studio, draft: Draft, order: Order, info: VideoInfo, options: SlowOptions, made: Slowed, job: Job
) -> Run:
    """Save the draft, whose folder holds RESULT, with the film that it was made of. Raises OSError, DiskFull."""
    kept = f"input{ending_of(order.name)}"
    link_or_copy(order.film, draft.folder / kept)
    facts = {"frames": made.frames, "made_rate": str(made.rate), JOB_KEY: job.id}
    size = {"made_width": info.width, "made_height": info.height}
    model, device = describe_drawer(studio, options)
    notes = [SOUND_NOTE] if not made.sound_kept else []
    if made.damaged:
        whole = max(made.frames, job.total)
        notes.append(DAMAGED_NOTE.format(made.frames, whole))
    return draft.save(
        inputs=[RunInput(order.name, sha256_of(order.film), info.width, info.height, kept)],
        settings={**asdict(options), **facts, **size},
        model=model,
        device=device,
        timings={"total": round(job.seconds, 3)},
        results=[RESULT],
        notes=notes,
        thumbnail=choose_poster(draft.folder / RESULT),
    )


def describe_drawer(studio: Studio, options: SlowOptions) -> tuple[dict[str, str], str]:
    """Who drew the frames in between, and on which device."""
    if options.net != RIFE:
        return dict(FLOW), "cpu"
    with studio.store.use(RIFE) as loaded:
        net = Net(studio.catalogue[RIFE], loaded.version, loaded.device)
    return describe_nets([net]), net.device
