"""`style` from a shell: a live style is trained from a picture."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from cli_files import name_of
from cli_progress import ProgressLine
from pipelines.errors import InkframeError, InvalidOption

if TYPE_CHECKING:
    from pipelines.jobs.job import Job
    from pipelines.studio import Studio

LOOK_SECONDS = 0.5
ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".webp"})


class Unfinished(InkframeError):
    """The training did not come to its end."""

    code, status = "unfinished", 503


def train_one(studio: Studio, picture: Path, photos: Path | None, given: Mapping[str, Any]) -> None:
    """Train a style and follow it to its end. Raises Unfinished, and what `submit_my_style` raises."""
    from pipelines.webcam.my_style import plan_training, submit_my_style
    from pipelines.webcam.my_style_options import MyStyleOptions
    from pipelines.webcam.names import find_name
    from pipelines.webcam.own_styles import OwnStyles

    own = OwnStyles(studio)
    options = MyStyleOptions.parse({"name": find_name(name_of(picture), own.list()), **given})
    plan = plan_training(studio, options)
    opened = studio.open(picture, name_of(picture))
    job = submit_my_style(studio, opened, options, list_photos(photos) if photos else ())
    typer.echo(f"{plan.steps} steps, about {plan.minutes:.0f} min on {plan.device}", err=True)
    studio.start_jobs()
    job = follow(studio, job)
    if job.status != "done":
        raise Unfinished(job.message or f"The training is {job.status}.", job.hint or "Start it again.")
    typer.echo(f"{options.name}  {job.total} steps  {job.seconds:.0f} s")
    typer.echo(job.message, err=True)


def follow(studio: Studio, job: Job) -> Job:
    """Show how far it is until it ends. Ctrl+C leaves it to go on with the next start."""
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
