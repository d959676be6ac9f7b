"""One try at a job, and what becomes of the job by it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pipelines.errors import DiskFull, InkframeError, OutputsUnwritable
from pipelines.jobs.errors import Stopped
from pipelines.jobs.job import Job
from pipelines.jobs.work import Ending, Work

log = logging.getLogger(__name__)

MOST_BROKEN_OFF = 5
"""Processes that may end in the middle of a job, one after the other and without a piece done, before it is left
alone: one that takes all memory would else take Inkframe with it at every start."""

Kind = Callable[[Work], Ending]
"""Does one kind of job. Called again after a restart, it goes on where it was.

DiskFull and OutputsUnwritable pause the job, any other error fails it; it can be resumed after both.
"""


def give_up(job: Job) -> Job:
    """The job as failed, since it may be what ends the program each time."""
    return replace(
        job,
        status="failed",
        message=f"Inkframe ended {job.broken_off} times in a row while it worked on this.",
        hint="Close other programs or use a smaller input, then resume the job.",
        broken_off=0,
    )


def attempt(kind: Kind, work: Work) -> dict[str, Any]:
    """Work on a job; gives the fields that it has afterwards. Raises nothing."""
    try:
        ending = kind(work)
        return {"status": "done", "run": ending.run, "message": ending.message, "hint": "", "broken_off": 0}
    except Stopped:
        return {"status": "cancelled" if work.cancelled else "queued", "message": "", "hint": ""}
    except (DiskFull, OutputsUnwritable) as error:
        return {"status": "paused", "message": error.message, "hint": error.hint}
    except InkframeError as error:
        return {"status": "failed", "message": error.message, "hint": error.hint}
    except Exception:  # whatever it is, the other jobs go on
        log.exception("%s failed", work.job.id)
        return {
            "status": "failed",
            "message": "Something went wrong inside Inkframe.",
            "hint": "Try again; if it happens again, the log says more.",
        }
