"""Which of the user's own styles are being trained right now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.jobs.errors import WrongState
from pipelines.jobs.job import Job

if TYPE_CHECKING:
    from pipelines.studio import Studio

KIND = "my-style"


def find_training(studio: Studio, name: str) -> Job | None:
    """The job that a style of that name is waiting for; None where there is none."""
    waiting = list_trainings(studio)
    return next((job for job in waiting if training_name(job).casefold() == name.casefold()), None)


def list_trainings(studio: Studio) -> list[Job]:
    """Those that have not ended, the newest first."""
    return studio.jobs.list_open([KIND], 0)


def training_name(job: Job) -> str:
    """The name of the style that is trained."""
    return str(job.settings.get("name"))


def check_rests(studio: Studio, name: str) -> None:
    """Raise WrongState for a style that is being trained: its net would come back under the old name."""
    if find_training(studio, name) is not None:
        raise WrongState(f"{name!r} is being trained.", "Wait for it, or cancel the training first.")
