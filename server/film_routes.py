"""POST /api/v1/cartoon/film: a film becomes a job that redraws it."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from pipelines.cartoon.film_job import submit_film
from pipelines.cartoon.options import CartoonOptions
from pipelines.errors import InvalidOption
from pipelines.jobs.job import Job
from pipelines.studio import Studio
from server.form_writer import Form
from server.forms import describe_option
from server.job_routes import describe_job
from server.uploads import receive_form, upload_folder

FILM = "film"
OPTIONS = tuple(item for item in fields(CartoonOptions) if item.name != "format")
"""A film always comes as MP4."""


def add_film(router: APIRouter, studio: Studio) -> None:
    """POST /api/v1/cartoon/film."""

    @router.post("/api/v1/cartoon/film", tags=["cartoon"], status_code=202, openapi_extra=describe_form())
    async def start_film(request: Request, response: Response) -> dict[str, Any]:
        """Redraw a film, its sound kept; answers with the job, whose result is an MP4 file."""
        async with upload_folder(studio.settings.outputs) as place:
            form = await receive_form(request, place, most_files=1)
            job = await run_in_threadpool(submit, studio, form)
        response.headers["Location"] = f"/api/v1/jobs/{job.id}"
        return {"job": describe_job(job)}


def submit(studio: Studio, form: Form) -> Job:
    """Make a job of a form. Raises InvalidOption, BadInput and TooLarge for what is no film or too long."""
    known = {item.name for item in OPTIONS}
    wrong = sorted((set(form.texts) - known) | (set(form.files) - {FILM}))
    if wrong and wrong[0] != FILM:
        raise InvalidOption(f"There is no field {wrong[0]!r}.", "See /docs for the fields.")
    sent = form.files.get(FILM, [])
    if not sent:
        raise InvalidOption("No film was sent.", f"Send it as a multipart file part named {FILM!r}.")
    options = CartoonOptions.parse(form.texts)
    return submit_film(studio, sent[0].path, options, name=sent[0].name or FILM, move=True)


def describe_form() -> dict[str, Any]:
    """The form for /docs: the route reads it by itself, so FastAPI can't see it."""
    properties: dict[str, Any] = {
        FILM: {"type": "string", "format": "binary", "description": "MP4, WebM, MOV or GIF."}
    }
    properties |= {item.name: {"type": "string"} | describe_option(item) for item in OPTIONS}
    schema = {"type": "object", "properties": properties, "required": [FILM]}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}
