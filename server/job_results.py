"""What a job has made so far, by its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import PurePath

from fastapi import Response
from fastapi.responses import FileResponse

from pipelines.batch.batch import stream_result
from pipelines.batch.finish import TASK as BATCH
from pipelines.cartoon.film_job import KIND as FILM
from pipelines.cartoon.film_job import find_result as find_cartoon
from pipelines.errors import NotFound
from pipelines.gate import Gate
from pipelines.image_to_video.diffusion_job import KIND as DIFFUSION
from pipelines.image_to_video.film_job import KIND as VIDEO
from pipelines.image_to_video.film_job import find_result as find_video
from pipelines.image_to_video.formats import FORMATS
from pipelines.image_to_video.slow_job import KIND as SLOW
from pipelines.jobs.job import Job
from pipelines.studio import Studio
from pipelines.webcam.in_training import KIND as MY_STYLE
from pipelines.webcam.my_style_job import NET
from server.afterwards import PassingFile
from server.downloads import ZIP, send_zip

ONNX = "application/octet-stream"
RESULT_TYPES = tuple(dict.fromkeys([ZIP, ONNX, *(kind.mime for kind in FORMATS.values())]))
STATUS = "X-Job-Status"
MOST_COPIES = 8
"""Unfinished films that may be on their way at once: each is a file of its own until its answer has gone."""


def send_job_result(studio: Studio, job: Job, copies: Gate) -> Response:
    """The answer with a job's result, whole or as far as it is; `copies` lets unfinished films be put together.

    Raises NotFound when there is nothing yet, Busy.
    """
    send = SENDERS.get(job.kind)
    if send is None:
        raise NotFound("This kind of job has no result.", "Look at its run in the history.")
    return send(studio, job, copies)


def send_batch(studio: Studio, job: Job, copies: Gate) -> Response:
    """A batch's zip as it is so far; `X-Job-Status` says whether more is to come."""
    name, chunks = stream_result(studio, job.id)
    return send_zip(name, chunks, X_Job_Status=job.status)


def send_film(studio: Studio, job: Job, copies: Gate) -> Response:
    """A film; one that was put together for this answer is removed after it."""
    find, suffix = (find_cartoon, "cartoon") if job.kind == FILM else (find_video, "film")
    with ExitStack() as after:
        if not job.run:
            after.enter_context(copies.enter())
        found = find(studio, job.id)
        # The job may have ended since it was looked at; then the file is the history's.
        made = found.parent == studio.jobs.folder(job.id)
        if made:
            after.callback(found.unlink, missing_ok=True)
        mime = next(kind.mime for kind in FORMATS.values() if found.suffix == f".{kind.ending}")
        part = f"-part-{job.done}-of-{job.total}" if made else ""
        name = f"{PurePath(job.title).stem or 'film'}-{suffix}{part}{found.suffix}"
        headers = {STATUS: job.status, "Cache-Control": "no-store"}
        remove = after.pop_all().close
    return PassingFile(found, remove, media_type=mime, filename=name, headers=headers)


def send_net(studio: Studio, job: Job, copies: Gate) -> Response:
    """A trained style's net; there is none before the end."""
    if not job.run:
        raise NotFound("The style is not trained yet.", "Wait until the job is done.")
    found = studio.history.file(job.run, NET)
    headers = {STATUS: job.status, "Cache-Control": "no-store"}
    return FileResponse(found, media_type=ONNX, filename=f"{job.title}{found.suffix}", headers=headers)


SENDERS: Mapping[str, Callable[[Studio, Job, Gate], Response]] = {
    BATCH: send_batch,
    FILM: send_film,
    VIDEO: send_film,
    DIFFUSION: send_film,
    SLOW: send_film,
    MY_STYLE: send_net,
}
