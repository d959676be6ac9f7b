"""/api/v1/live/training: a picture becomes a job that trains a style from it."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from pipelines.errors import InvalidOption
from pipelines.jobs.job import Job
from pipelines.studio import Studio
from pipelines.webcam.my_style import plan_training, submit_my_style
from pipelines.webcam.my_style_files import MOST_PHOTOS
from pipelines.webcam.my_style_options import STEPS, MyStyleOptions
from pipelines.webcam.names import find_name
from pipelines.webcam.own_styles import OwnStyles
from server.form_writer import Form
from server.forms import describe_option
from server.job_routes import describe_job
from server.uploads import receive_form, upload_folder

TRAINING = "/api/v1/live/training"
TAGS: list[Any] = ["live"]
IMAGE, PHOTOS = "image", "photos"
HELP = {
    IMAGE: "The picture whose hand is learnt.",
    PHOTOS: f"Up to {MOST_PHOTOS} photos to practise on; without any, pictures of the history, or made-up ones.",
}


def add_training(router: APIRouter, studio: Studio) -> None:
    """Routes of training a style: what it takes, and its start."""

    @router.get(TRAINING, tags=TAGS)
    def plan() -> dict[str, Any]:
        """What training takes on this machine, for each `effort`: device, steps, minutes."""
        plans = {effort: asdict(plan_training(studio, MyStyleOptions(effort=effort))) for effort in STEPS}
        return {"plans": plans}

    @router.post(TRAINING, tags=TAGS, status_code=202, openapi_extra=describe_form())
    async def train(request: Request, response: Response) -> dict[str, Any]:
        """Train a style from a picture. The picture is a style at once, and its net takes over when the job is done;
        the job's result is the net, an ONNX file."""
        async with upload_folder(studio.settings.outputs) as place:
            form = await receive_form(request, place, most_files=MOST_PHOTOS + 1)
            job = await run_in_threadpool(submit, studio, form)
        response.headers["Location"] = f"/api/v1/jobs/{job.id}"
        return {"job": describe_job(job)}


def submit(studio: Studio, form: Form) -> Job:
    """Make a job of a form. Raises InvalidOption, and what opening a picture and `submit_my_style` raise."""
    known = {item.name for item in fields(MyStyleOptions)}
    wrong = sorted((set(form.texts) - known) | (set(form.files) - {IMAGE, PHOTOS}))
    if wrong and wrong[0] != IMAGE:
        raise InvalidOption(f"There is no field {wrong[0]!r}.", "See /docs for the fields.")
    sent = form.files.get(IMAGE, [])
    if len(sent) != 1:
        raise InvalidOption(
            f"{len(sent)} pictures were sent.", f"Send one as a multipart file part named {IMAGE!r}."
        )
    name = form.texts.get("name", "").strip() or find_name(sent[0].name, OwnStyles(studio).list())
    options = MyStyleOptions.parse({**form.texts, "name": name})
    photos = [part.path for part in form.files.get(PHOTOS, [])]
    with studio.gate.enter():
        return submit_my_style(studio, studio.open(sent[0].path, sent[0].name), options, photos)


def describe_form() -> dict[str, Any]:
    """The form for /docs: the route reads it by itself, so FastAPI can't see it."""
    file = {"type": "string", "format": "binary"}
    properties: dict[str, Any] = {
        IMAGE: {**file, "description": HELP[IMAGE]},
        PHOTOS: {"type": "array", "items": file, "maxItems": MOST_PHOTOS, "description": HELP[PHOTOS]},
    }
    properties |= {item.name: {"type": "string"} | describe_option(item) for item in fields(MyStyleOptions)}
    schema = {"type": "object", "properties": properties, "required": [IMAGE]}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}
