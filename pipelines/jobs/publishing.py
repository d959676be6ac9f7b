"""A job becomes one run, also when it is killed between making the run and saying so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import NotFound
from pipelines.jobs.work import Ending, Work

if TYPE_CHECKING:
    from pipelines.history import History, Run

PUBLISHED = "published"
"""The file in a job's folder that names the run that it became or was about to become."""
JOB_KEY = "job"
"""The run's settings name the job that it came from."""


def note_published(folder: Path, run_id: str) -> None:
    """Write down which run a job is about to become, before that run is there. Raises OSError."""
    (folder / PUBLISHED).write_text(run_id, "ascii")


def find_published(history: History, folder: Path, job_id: str) -> str:
    """The id of the run that a job with this folder became, "" when there is none."""
    try:
        run_id = (folder / PUBLISHED).read_text("ascii").strip()
        return run_id if history.get(run_id).settings.get(JOB_KEY) == job_id else ""
    except (OSError, ValueError, NotFound):
        return ""


def publish_once(
    history: History, work: Work, make: Callable[[], Run], forget: Callable[[Path], None]
) -> Ending:
    """End with the run that an earlier try made just before it was killed, or else with the one that `make` makes.

    `forget` then clears the job's folder. Raises what `make` raises.
    """
    published = find_published(history, work.folder, work.job.id)
    if published:
        forget(work.folder)
        return Ending(published)
    run = make()
    forget(work.folder)
    return Ending(run.id, " ".join(run.notes))
