"""Which of the user's own styles are being trained right now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.jobs.errors import WrongState
from pipelines.jobs.job import Job

if TYPE_CHECKING:
    from pipelines.studio import Studio

KIND = "my-style"
MOST_JOBS = 100
"""Of the newest that are looked through."""


def find_training(studio: Studio, name: str) -> Job | None:
    """The job that a style of that name is waiting for; None where there is none."""
    for job in studio.jobs.list(KIND, MOST_JOBS):
        if not job.ended and str(job.settings.get("name")).casefold() == name.casefold():
            return job
    return None


def check_rests(studio: Studio, name: str) -> None:
    """Raise WrongState for a style that is being trained: its net would come back under the old name."""
    if find_training(studio, name) is not None:
        raise WrongState(f"{name!r} is being trained.", "Wait for it, or cancel the training first.")
