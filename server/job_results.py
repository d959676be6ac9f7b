"""What a job has made so far, by its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePath

from fastapi import Response
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from pipelines.batch.batch import stream_result
from pipelines.batch.finish import TASK as BATCH
from pipelines.cartoon.film_job import KIND as FILM
from pipelines.cartoon.film_job import find_result as find_cartoon
from pipelines.errors import NotFound
from pipelines.image_to_video.diffusion_job import KIND as DIFFUSION
from pipelines.image_to_video.film_job import KIND as VIDEO
from pipelines.image_to_video.film_job import find_result as find_video
from pipelines.image_to_video.formats import FORMATS
from pipelines.image_to_video.slow_job import KIND as SLOW
from pipelines.jobs.job import Job
from pipelines.studio import Studio
from pipelines.webcam.in_training import KIND as MY_STYLE
from pipelines.webcam.my_style_job import NET
from server.downloads import ZIP, send_zip

ONNX = "application/octet-stream"
RESULT_TYPES = tuple(dict.fromkeys([ZIP, ONNX, *(kind.mime for kind in FORMATS.values())]))
STATUS = "X-Job-Status"


def send_job_result(studio: Studio, job: Job) -> Response:
    """The answer with a job's result, whole or as far as it is. Raises NotFound when there is nothing yet."""
    send = SENDERS.get(job.kind)
    if send is None:
        raise NotFound("This kind of job has no result.", "Look at its run in the history.")
    return send(studio, job)


def send_batch(studio: Studio, job: Job) -> Response:
    """A batch's zip as it is so far; `X-Job-Status` says whether more is to come."""
    name, chunks = stream_result(studio, job.id)
    return send_zip(name, chunks, X_Job_Status=job.status)


def send_film(studio: Studio, job: Job) -> Response:
    """A film; one that was put together for this answer is removed after it."""
    find, suffix = (find_cartoon, "cartoon") if job.kind == FILM else (find_video, "film")
    found = find(studio, job.id)
    remove = None if job.run else BackgroundTask(found.unlink, missing_ok=True)
    mime = next(kind.mime for kind in FORMATS.values() if found.suffix == f".{kind.ending}")
    part = "" if job.run else f"-part-{job.done}-of-{job.total}"
    name = f"{PurePath(job.title).stem or 'film'}-{suffix}{part}{found.suffix}"
    headers = {STATUS: job.status, "Cache-Control": "no-store"}
    return FileResponse(found, media_type=mime, filename=name, headers=headers, background=remove)


def send_net(studio: Studio, job: Job) -> Response:
    """A trained style's net; there is none before the end."""
    if not job.run:
        raise NotFound("The style is not trained yet.", "Wait until the job is done.")
    found = studio.history.file(job.run, NET)
    headers = {STATUS: job.status, "Cache-Control": "no-store"}
    return FileResponse(found, media_type=ONNX, filename=f"{job.title}{found.suffix}", headers=headers)


SENDERS: Mapping[str, Callable[[Studio, Job], Response]] = {
    BATCH: send_batch,
    FILM: send_film,
    VIDEO: send_film,
    DIFFUSION: send_film,
    SLOW: send_film,
    MY_STYLE: send_net,
}
