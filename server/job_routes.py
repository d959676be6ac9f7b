"""The routes of long work: what it is doing, stop it, go on with it, take what is finished."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from pipelines.batch.batch import retry_failed, rows
from pipelines.batch.entry import RowStatus
from pipelines.batch.finish import TASK as BATCH
from pipelines.errors import NotFound
from pipelines.gate import Gate
from pipelines.jobs.job import Job
from pipelines.studio import Studio
from server.job_results import MOST_COPIES, RESULT_TYPES, send_job_result

TAGS: list[Any] = ["jobs"]


def add_jobs(router: APIRouter, studio: Studio) -> None:
    """Routes of every kind of job: list, state, stop, go on, result."""
    copies = Gate(MOST_COPIES, waiting=0)

    @router.get("/api/v1/jobs", tags=TAGS)
    def list_jobs(
        kind: str | None = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 50,
        offset: Annotated[int, Query(ge=0, le=1 << 40)] = 0,
    ) -> dict[str, Any]:
        """Jobs, the newest first, by page: `offset` is how many of them to leave out.

        A job that ended 30 days ago is taken off the list, unless it stopped half-way; its run stays in the history.
        """
        return {"jobs": [describe_job(job) for job in studio.jobs.list(kind, limit, offset)]}

    @router.get("/api/v1/jobs/{job_id}", tags=TAGS)
    def read_job(job_id: str) -> dict[str, Any]:
        """One job: status, pieces done, failed and in all, speed, time left."""
        return {"job": describe_job(studio.jobs.get(job_id))}

    @router.delete("/api/v1/jobs/{job_id}", tags=TAGS, responses={204: {"description": "Removed."}})
    def delete_job(job_id: str) -> Response:
        """Cancel a job that has not ended (it keeps what is finished); remove one that has."""
        if studio.jobs.get(job_id).ended:
            studio.jobs.delete(job_id)
            return Response(status_code=204)
        studio.jobs.cancel(job_id)
        return JSONResponse({"job": describe_job(studio.jobs.get(job_id))})

    @router.post("/api/v1/jobs/{job_id}/resume", tags=TAGS, status_code=202)
    def resume_job(job_id: str) -> dict[str, Any]:
        """Go on with a paused, failed or cancelled job; nothing finished is done again."""
        studio.jobs.resume(job_id)
        return {"job": describe_job(studio.jobs.get(job_id))}

    @router.get(
        "/api/v1/jobs/{job_id}/result",
        tags=TAGS,
        response_class=Response,
        responses={200: {"content": {kind: {} for kind in RESULT_TYPES}}},
    )
    def read_result(job_id: str) -> Response:
        """What is finished, at any time: of a batch a zip with manifest.csv and manifest.json, of a film its
        file, of a trained style its net.

        `X-Job-Status` says whether more is to come.
        """
        return send_job_result(studio, studio.jobs.get(job_id), copies)


def add_batch_jobs(router: APIRouter, studio: Studio) -> None:
    """Routes of batches alone: the files of one, and trying failed ones again."""

    @router.get("/api/v1/jobs/{job_id}/files", tags=TAGS)
    def list_files(
        job_id: str,
        status: RowStatus | None = None,
        offset: Annotated[int, Query(ge=0, le=1 << 40)] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> dict[str, Any]:
        """What became of a batch's files so far, in the order of the input."""
        check_batch(studio, job_id)
        found = rows(studio, job_id, status=status, offset=offset, limit=limit)
        return {"files": [asdict(row) for row in found], "offset": offset, "limit": limit}

    @router.post("/api/v1/jobs/{job_id}/retry", tags=TAGS, status_code=202)
    def retry_job(job_id: str) -> dict[str, Any]:
        """Do the failed files of a batch once more."""
        check_batch(studio, job_id)
        return {"job": describe_job(retry_failed(studio, job_id))}


def check_batch(studio: Studio, job_id: str) -> None:
    """Raise NotFound unless the job has files to list."""
    if studio.jobs.get(job_id).kind != BATCH:
        raise NotFound("This job is no batch.", "Only a batch has a list of files.")


def describe_job(job: Job) -> dict[str, Any]:
    """A job as JSON; `rate` is pieces a second, `seconds_left` null when it can't be said."""
    left = job.seconds_left
    seconds_left = None if left is None else round(left, 1)
    return asdict(job) | {"left": job.left, "rate": round(job.rate, 3), "seconds_left": seconds_left}
