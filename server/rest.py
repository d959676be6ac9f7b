"""The REST routes: thin; each reads its form, calls the pipeline and answers with the file or JSON."""

from __future__ import annotations

import logging
from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Query, Response, UploadFile
from fastapi.responses import FileResponse, JSONResponse
from pydantic import BaseModel

from pipelines.errors import NotFound
from pipelines.matting.options import MattingOptions
from pipelines.matting.save import cut_out_to_run
from pipelines.studio import Studio
from pipelines.version import VERSION
from server.batch_routes import add_batch
from server.cartoon_routes import add_cartoon
from server.failures import ErrorReply
from server.film_routes import add_film
from server.forms import form_of
from server.job_routes import add_batch_jobs, add_jobs
from server.live import add_live
from server.metrics import CONTENT_TYPE, Metrics
from server.pictures import IMAGE_ANSWER, send_result
from server.remembered import Remembered
from server.run_zip import add_run_zip
from server.style_routes import add_styles
from server.training_routes import add_training
from server.video_routes import add_video

log = logging.getLogger(__name__)

LONGEST_SEARCH = 500
HEALTH_SECONDS = 1.0
"""/healthz is open to everybody and not counted: how long one look at the models' files has to do."""
REPLY = {"schema": {"$ref": f"#/components/schemas/{ErrorReply.__name__}"}}
ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"description": HTTPStatus(status).phrase, "content": {"application/json": REPLY}}
    for status in (400, 401, 404, 409, 413, 415, 422, 429, 503)
}
"""A reference, as FastAPI makes a validator of each model of each route: a quarter of a second for nothing. The model
itself comes into the document by `add_health`."""
MattingForm = Annotated[MattingOptions, Depends(form_of(MattingOptions, also=("image", "background_image")))]


class DownloadRequest(BaseModel):
    """Body of a download: `accept_licence` is the yes that a non-commercial model needs."""

    accept_licence: bool = False


def build_router(studio: Studio, metrics: Metrics) -> APIRouter:
    """All routes of one studio."""
    router = APIRouter(responses=ERRORS)
    add_health(router, studio, metrics)
    add_models(router, studio)
    add_matting(router, studio)
    add_cartoon(router, studio)
    add_film(router, studio)
    add_video(router, studio)
    add_batch(router, studio)
    add_jobs(router, studio)
    add_batch_jobs(router, studio)
    add_runs(router, studio)
    add_run_zip(router, studio)
    add_live(router, studio, metrics.registry)
    add_styles(router, studio)
    add_training(router, studio)
    add_unknown(router)
    return router


def add_health(router: APIRouter, studio: Studio, metrics: Metrics) -> None:
    """GET /healthz and /metrics."""

    def look() -> dict[str, Any]:
        return {
            "status": "ok",
            "version": VERSION,
            "device": studio.device.label,
            "models": {state.id: state.status for state in studio.downloads.states()},
        }

    health = Remembered(look, HEALTH_SECONDS)

    @router.get("/healthz", tags=["health"], responses={503: {"model": ErrorReply}})
    async def healthz() -> dict[str, Any]:
        """Whether the server works, where models run, and each model's state, at most a second old."""
        return await health.get()

    @router.get("/metrics", tags=["health"], response_class=Response)
    def read_metrics() -> Response:
        """Counters in Prometheus's text format."""
        return Response(metrics.text(), media_type=CONTENT_TYPE)


def add_models(router: APIRouter, studio: Studio) -> None:
    """Routes of the catalogue: list, one model, its download."""

    def describe(model_id: str) -> dict[str, Any]:
        spec, state = studio.catalogue[model_id], studio.downloads.state(model_id)
        row = {name: getattr(spec, name) for name in ("task", "title", "hint", "source", "repo", "licence")}
        accepted = spec.commercial or studio.downloads.licence_accepted(model_id)
        return asdict(state) | row | {"commercial": spec.commercial, "licence_accepted": accepted}

    @router.get("/api/v1/models", tags=["models"])
    def list_models() -> dict[str, Any]:
        """Every model of the catalogue with its state, bytes and licence."""
        return {
            "models": [describe(spec.id) for spec in studio.catalogue],
            "hub_problem": studio.downloads.hub_problem,
        }

    @router.get("/api/v1/models/{model_id}", tags=["models"])
    def read_model(model_id: str) -> dict[str, Any]:
        """One model."""
        return describe(model_id)

    @router.post("/api/v1/models/{model_id}/download", tags=["models"], status_code=202)
    def download_model(model_id: str, body: DownloadRequest | None = None) -> dict[str, Any]:
        """Start fetching a model; it goes on in the background."""
        studio.downloads.start(model_id, accept_licence=bool(body and body.accept_licence))
        return describe(model_id)

    @router.post("/api/v1/models/{model_id}/cancel", tags=["models"])
    def cancel_download(model_id: str) -> dict[str, Any]:
        """Stop a download; what has arrived is kept for a later one."""
        studio.downloads.cancel(studio.catalogue[model_id].id)
        return describe(model_id)

    @router.delete("/api/v1/models/{model_id}", tags=["models"])
    def delete_model(model_id: str) -> dict[str, Any]:
        """Remove a downloaded model's files."""
        freed = studio.delete_model(model_id)
        return describe(model_id) | {"freed": freed}


def add_matting(router: APIRouter, studio: Studio) -> None:
    """POST /api/v1/matting, and its short form /api/matting."""

    @router.post("/api/matting", tags=["matting"], response_class=Response, include_in_schema=False)
    @router.post("/api/v1/matting", tags=["matting"], response_class=Response, responses=IMAGE_ANSWER)
    def matting(
        image: Annotated[UploadFile, File(description="The picture.")],
        options: MattingForm,
        background_image: Annotated[
            UploadFile | None, File(description="The background, with background=picture.")
        ] = None,
    ) -> Response:
        """Cut the subject out of a picture. `X-Run-Id` names the run in the history."""
        studio.check_converted(options.model)
        with studio.gate.enter():
            picture = studio.open(image.file.read(), image.filename or "")
            behind = None
            if background_image is not None:
                behind = studio.open(background_image.file.read(), background_image.filename or "")
            run, _ = cut_out_to_run(
                picture,
                options,
                studio.store,
                studio.history,
                background=behind,
                visible_label=studio.settings.visible_label,
            )
        return send_result(studio, run)


def add_runs(router: APIRouter, studio: Studio) -> None:
    """Routes of the history: list, one run, its files, delete."""

    @router.get("/api/v1/runs", tags=["history"])
    def list_runs(
        task: str | None = None,
        search: Annotated[str, Query(max_length=LONGEST_SEARCH)] = "",
        limit: Annotated[int, Query(ge=1, le=500)] = 50,
        offset: Annotated[int, Query(ge=0, le=1 << 40)] = 0,
    ) -> dict[str, Any]:
        """Finished runs, the newest first."""
        runs = studio.history.runs(task=task, search=search, limit=limit, offset=offset)
        return {
            "runs": [asdict(run) for run in runs],
            "total": studio.history.count(task=task, search=search),
        }

    @router.get("/api/v1/runs/{run_id}", tags=["history"])
    def read_run(run_id: str) -> dict[str, Any]:
        """One run: inputs, settings, model, timings and results."""
        return asdict(studio.history.get(run_id))

    @router.get("/api/v1/runs/{run_id}/files/{name}", tags=["history"], response_class=FileResponse)
    def read_file(run_id: str, name: str) -> FileResponse:
        """A file of a run: a result, the input or the thumbnail."""
        return FileResponse(studio.history.file(run_id, name), filename=name)

    @router.delete("/api/v1/runs/{run_id}", tags=["history"], status_code=204)
    def delete_run(run_id: str) -> Response:
        """Remove a run and its files."""
        studio.history.delete(run_id)
        return Response(status_code=204)


def add_unknown(router: APIRouter) -> None:
    """Answer paths under /api/ that no route has, instead of handing them on to the page."""
    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]

    @router.api_route("/api/{rest:path}", methods=methods, include_in_schema=False)
    def unknown(rest: str) -> JSONResponse:
        raise NotFound(f"There is no route /api/{rest} for this method.", "See /docs for the routes.")
