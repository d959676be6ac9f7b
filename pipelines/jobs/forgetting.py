"""Jobs that ended long ago go off the list by themselves, as when a person takes them off it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import InkframeError
from pipelines.jobs.cards import CARD_FILE
from pipelines.jobs.job import Job

if TYPE_CHECKING:
    from pipelines.jobs.desk import JobDesk

log = logging.getLogger(__name__)

FORGET_SECONDS = 3600.0
"""How often to look for old ones."""
KEPT_DAYS = 30
DAY_SECONDS = 86400


def forget_old(desk: JobDesk, folder: Path, stopping: Callable[[], bool]) -> None:
    """Delete the jobs under `folder` that are of no more use, until `stopping`. Raises nothing."""
    try:
        for listed in desk.list(limit=-1):
            if stopping():
                return
            if is_past(listed, folder) and is_past(desk.get(listed.id), folder):  # it may go on meanwhile
                _delete(desk, listed)
    except Exception as error:  # whatever it is, it is looked again
        log.warning("Old jobs can't be looked for: %s", error)


def is_past(job: Job, folder: Path) -> bool:
    """Whether a job ended KEPT_DAYS ago, and nothing that it finished would be lost with it: that is in the history,
    or there is nothing. One that stopped half-way stays until a person deletes it."""
    if not job.ended or (job.done and not job.run):
        return False
    try:
        changed = (folder / job.id / CARD_FILE).stat().st_mtime
    except OSError:
        return False
    return time.time() - changed > KEPT_DAYS * DAY_SECONDS


def _delete(desk: JobDesk, job: Job) -> None:
    try:
        desk.delete(job.id)
        log.info("%s ended %s days ago and was forgotten.", job.id, KEPT_DAYS)
    except InkframeError as error:
        log.warning("%s can't be forgotten: %s", job.id, error)
