"""`style` from a shell: a live style is trained from a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from cli_files import INTERRUPTED, name_of
from cli_progress import ProgressLine
from pipelines.errors import InkframeError, InvalidOption, NotFound
from pipelines.webcam.in_training import list_trainings, training_name
from pipelines.webcam.my_style import plan_training, submit_my_style
from pipelines.webcam.my_style_files import read_given
from pipelines.webcam.my_style_options import MyStyleOptions
from pipelines.webcam.names import clean_name, find_name
from pipelines.webcam.own_styles import OwnStyles

if TYPE_CHECKING:
    from pipelines.image import Picture
    from pipelines.jobs.job import Job
    from pipelines.studio import Studio

LOOK_SECONDS = 0.5
STOPPED = "No longer followed: it goes on where it is trained, with the next start, or with the same command."
ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".webp"})


class Unfinished(InkframeError):
    """The training did not come to its end."""

    code, status = "unfinished", 503


def train_one(studio: Studio, picture: Path, photos: Path | None, given: Mapping[str, Any]) -> None:
    """Train a style and follow it to its end, or go on with its training where one was begun, with the photos that
    were given then.

    Raises Unfinished, Exit 130 on Ctrl-C, and what `submit_my_style` raises.
    """
    opened, others = studio.open(picture, name_of(picture)), list_photos(photos) if photos else ()
    options = MyStyleOptions.parse({"name": find_name(opened.name, OwnStyles(studio).list()), **given})
    begun = find_begun(studio, opened, given.get("name"))
    if begun:
        check_same(begun, given)
        job = go_on(studio, begun)
    else:
        job = begin(studio, opened, others, options)
    try:
        studio.start_jobs(only=job.id)
        job = follow(studio, job)
    except KeyboardInterrupt:
        typer.echo(STOPPED, err=True)
        raise typer.Exit(INTERRUPTED) from None
    if job.status != "done":
        raise Unfinished(job.message or f"The training is {job.status}.", job.hint or "Start it again.")
    typer.echo(f"{job.settings['name']}  {job.total} steps  {job.seconds:.0f} s")
    typer.echo(job.message, err=True)


def find_begun(studio: Studio, picture: Picture, name: str | None) -> Job | None:
    """The training of the same picture that has not ended, under a name where one is given."""
    wanted = None if name is None else clean_name(name).casefold()
    for job in list_trainings(studio):
        if wanted in (None, training_name(job).casefold()):
            with suppress(NotFound):  # it was deleted a moment ago, or makes its run
                if read_given(studio.jobs.folder(job.id))[1].sha256 == picture.sha256:
                    return job
    return None


def go_on(studio: Studio, job: Job) -> Job:
    """Queue a training again that stands still."""
    typer.echo(f"Going on with {job.settings['name']}: {job.done} of {job.total} steps are done.", err=True)
    return studio.jobs.resume(job.id) if job.status == "paused" else job


def check_same(job: Job, given: Mapping[str, Any]) -> None:
    """Raise InvalidOption when another effort is wished for than the training was begun with."""
    effort = job.settings.get("effort")
    if given.get("effort", effort) != effort:
        raise InvalidOption(
            f"{job.settings['name']!r} is being trained already, with effort {effort}.",
            "Leave --effort out to go on with it, or give another --name.",
        )


def begin(studio: Studio, picture: Picture, photos: Sequence[Path], options: MyStyleOptions) -> Job:
    """Queue a new training."""
    plan = plan_training(studio, options)
    job = submit_my_style(studio, picture, options, photos)
    typer.echo(f"{plan.steps} steps, about {plan.minutes:.0f} min on {plan.device}", err=True)
    return job


def follow(studio: Studio, job: Job) -> Job:
    """Show how far it is until it ends."""
    with ProgressLine() as line:
        while job.status in ("queued", "running"):
            job = studio.jobs.wait(job.id, LOOK_SECONDS)
            line.show(job)
    return job


def list_photos(folder: Path) -> list[Path]:
    """The pictures in a folder and below. Raises InvalidOption for none."""
    found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS and path.is_file())
    if not found:
        raise InvalidOption(
            f"There are no photos in {folder}.", "Name a folder of .jpg, .png or .webp files."
        )
    return found
