"""POST /api/v1/video: pictures, and music if wished, become a job that makes a film of them."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any, TypeVar

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from pipelines.errors import InvalidOption
from pipelines.history.keeping import plain_name
from pipelines.image_to_video.diffusion_job import submit_shot
from pipelines.image_to_video.diffusion_options import DiffusionOptions
from pipelines.image_to_video.estimate import estimate
from pipelines.image_to_video.film_files import Order
from pipelines.image_to_video.film_job import submit_film
from pipelines.image_to_video.film_options import VideoOptions
from pipelines.image_to_video.sources import MOST, Given
from pipelines.jobs.job import Job
from pipelines.options import Options
from pipelines.studio import Studio
from server.diffusion_form import CAMERA, ENGINE, describe_fields, take_engine
from server.form_writer import Form, Part
from server.forms import describe_option
from server.job_routes import describe_job
from server.uploads import receive_form, upload_folder

IMAGES, MUSIC = "images", "music"

T = TypeVar("T", bound=Options)


def add_video(router: APIRouter, studio: Studio) -> None:
    """POST /api/v1/video and /api/v1/video/estimate."""

    @router.post("/api/v1/video", tags=["video"], status_code=202, openapi_extra=describe_form())
    async def start_video(request: Request, response: Response) -> dict[str, Any]:
        """Make a film of pictures; answers with the job, whose result is the film."""
        async with upload_folder(studio.settings.outputs) as place:
            form = await receive_form(request, place, most_files=2 * MOST)
            job = await run_in_threadpool(submit, studio, form)
        response.headers["Location"] = f"/api/v1/jobs/{job.id}"
        return {"job": describe_job(job)}

    @router.post("/api/v1/video/estimate", tags=["video"], openapi_extra=describe_form())
    async def estimate_video(request: Request) -> dict[str, Any]:
        """What the same film would take: frames and seconds of it, seconds of work, bytes of memory and disk."""
        async with upload_folder(studio.settings.outputs) as place:
            form = await receive_form(request, place, most_files=2 * MOST)
            if take_engine(form) != CAMERA:
                raise InvalidOption("There is no estimate for diffusion.", f"Leave {ENGINE} out.")
            found = await run_in_threadpool(estimate, studio, *read_form(studio, form, VideoOptions))
        return {"estimate": asdict(found)}


def submit(studio: Studio, form: Form) -> Job:
    """Make a job of a form. Raises what `read_form`, `submit_film` and `submit_shot` raise."""
    if take_engine(form) == CAMERA:
        return submit_film(studio, *read_form(studio, form, VideoOptions), move=True)
    return submit_shot(studio, *read_form(studio, form, DiffusionOptions), move=True)


def read_form(studio: Studio, form: Form, noun: type[T]) -> tuple[Order, T]:
    """What a form asks for. Raises InvalidOption for unknown fields and values, or without pictures."""
    known = {item.name for item in fields(noun)}
    wrong = sorted((set(form.texts) - known) | (set(form.files) - {IMAGES, MUSIC}))
    if wrong:
        misplaced = wrong[0] in {IMAGES, MUSIC, *known}
        message = (
            f"{wrong[0]} was sent as the wrong kind." if misplaced else f"There is no field {wrong[0]!r}."
        )
        raise InvalidOption(message, f"{IMAGES} and {MUSIC} are files, the others texts; see /docs.")
    pictures, music = form.files.get(IMAGES, []), form.files.get(MUSIC, [])
    if not pictures:
        raise InvalidOption(
            "No picture was sent.", f"Send one or more multipart file parts named {IMAGES!r}."
        )
    if len(music) > 1:
        raise InvalidOption("Several music files were sent.", f"Send one file part named {MUSIC!r}.")
    options = noun.parse(form.texts)
    given = [name_part(part, f"picture {number}") for number, part in enumerate(pictures, 1)]
    heard = name_part(music[0], MUSIC) if music else None
    return Order(given, heard, studio.settings.visible_label), options


def name_part(part: Part, fallback: str) -> Given:
    """An upload with a plain file name, or the fallback where it has none."""
    return Given(part.path, plain_name(part.name) or fallback)


def describe_form() -> dict[str, Any]:
    """The form for /docs: the route reads it by itself, so FastAPI can't see it."""
    file = {"type": "string", "format": "binary"}
    properties: dict[str, Any] = {
        IMAGES: {
            "type": "array",
            "items": file,
            "description": f"1 to {MOST} pictures, in the film's order.",
        },
        MUSIC: file | {"description": "Sound of any usual kind; cut to the film's length."},
    }
    properties |= describe_fields()
    properties |= {item.name: {"type": "string"} | describe_option(item) for item in fields(VideoOptions)}
    schema = {"type": "object", "properties": properties, "required": [IMAGES]}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}
