"""POST /api/v1/batch: pictures and zips, or a folder of the server, become a job."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from pipelines.batch.batch import submit_batch
from pipelines.batch.input_folders import find_input
from pipelines.batch.limits import Given
from pipelines.batch.options import BatchOptions
from pipelines.errors import InvalidOption
from pipelines.image import Picture
from pipelines.jobs.job import Job
from pipelines.studio import Studio
from server.form_writer import Form
from server.forms import describe_option
from server.job_routes import describe_job
from server.uploads import receive_form, remove_stale_uploads, upload_folder

ARCHIVE, BACKGROUND, FOLDER = "archive", "background_image", "folder"
FILE = {"type": "string", "format": "binary"}


def add_batch(router: APIRouter, studio: Studio) -> None:
    """POST /api/v1/batch; uploads that a crash left are removed first."""
    remove_stale_uploads(studio.settings.outputs)

    @router.post("/api/v1/batch", tags=["batch"], status_code=202, openapi_extra=describe_form())
    async def start_batch(request: Request, response: Response) -> dict[str, Any]:
        """Cut out every picture of zips, loose pictures or a folder; answers with the job, which goes on."""
        settings = studio.settings
        async with upload_folder(settings.outputs) as place:
            form = await receive_form(request, place, most_files=settings.max_batch_files)
            job = await run_in_threadpool(submit, studio, form)
        response.headers["Location"] = f"/api/v1/jobs/{job.id}"
        return {"job": describe_job(job)}


def submit(studio: Studio, form: Form) -> Job:
    """Make a job of a form.

    Raises InvalidOption, NotFound for a folder, BadInput and TooLarge for input that can't be used.
    """
    options = read_options(form)
    folder = form.texts.get(FOLDER, "").strip()
    given = [Given(part.path, part.name or "file") for part in form.files.get(ARCHIVE, [])]
    if bool(folder) == bool(given):
        raise InvalidOption(
            "A batch takes files or a folder, one of the two.",
            f"Put zips or pictures into {ARCHIVE!r}, or name a folder of the server in {FOLDER!r}.",
        )
    if folder:
        found = find_input(folder, studio.settings.input_folders)
        given = [Given(found, found.name)]
    behind = open_background(form, studio)
    return submit_batch(studio, given, options, background=behind, move=not folder)


def read_options(form: Form) -> BatchOptions:
    """The options among the form's texts; fields that the route does not know are refused."""
    known = {item.name for item in fields(BatchOptions)}
    files = {ARCHIVE, BACKGROUND}
    wrong = sorted((set(form.texts) - known - {FOLDER}) | (set(form.files) - files))
    if wrong and wrong[0] in files:
        raise InvalidOption(f"{wrong[0]} must be a file.", "Send it as a multipart file part.")
    if wrong:
        raise InvalidOption(f"There is no field {wrong[0]!r}.", "See /docs for the fields.")
    return BatchOptions.parse({name: text for name, text in form.texts.items() if name in known})


def open_background(form: Form, studio: Studio) -> Picture | None:
    """The picture that is to stand behind every subject, if one was sent."""
    sent = form.files.get(BACKGROUND, [])
    return studio.open(sent[0].path, sent[0].name) if sent else None


def describe_form() -> dict[str, Any]:
    """The form for /docs: the route reads it by itself, so FastAPI can't see it."""
    properties: dict[str, Any] = {
        ARCHIVE: {
            "type": "array",
            "items": FILE,
            "description": "Zips and pictures; the field may be given many times.",
        },
        FOLDER: {
            "type": "string",
            "description": "Instead of files: a folder or zip of the server, inside its input_folders.",
        },
        BACKGROUND: FILE | {"description": "The background, with background=picture."},
    }
    properties |= {item.name: {"type": "string"} | describe_option(item) for item in fields(BatchOptions)}
    schema = {"type": "object", "properties": properties}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}
