"""A new job's folder: under a temporary name until all that the job needs is in it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from pipelines.history import leftovers
from pipelines.history.writing import writing
from pipelines.jobs.cards import write_card
from pipelines.jobs.job import Job
from weights.disk import empty_trash

PARTIAL = ".partial-"


def make_folder(jobs: Path, job: Job, fill: Callable[[Path], int]) -> Job:
    """Make the job's folder with `fill`, which says how many pieces there are; gives the job with that.

    Raises what `fill` raises, DiskFull, OutputsUnwritable; then nothing stays.
    """
    partial = jobs / f"{PARTIAL}{job.id}"
    try:
        with writing(jobs.parent):
            partial.mkdir(parents=True)
            job = replace(job, total=fill(partial))
        write_card(partial, job)
        with writing(jobs.parent):
            partial.rename(jobs / job.id)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return job


def remove_stale(jobs: Path) -> None:
    """Remove what a process that died was filling or removing; another may be filling its own right now."""
    with suppress(OSError):
        leftovers.remove_stale(jobs.glob(f"{PARTIAL}*"), time.time())
    for folder in (jobs, *jobs.glob("*/")):
        empty_trash(folder)
