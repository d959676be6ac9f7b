"""The route of a finished batch's zip, by its run in the history."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from pipelines.batch.run_zip import stream_run
from pipelines.studio import Studio
from server.downloads import ZIP, send_zip


def add_run_zip(router: APIRouter, studio: Studio) -> None:
    """GET /api/v1/runs/{run_id}/result: all results of a run as one zip."""

    @router.get(
        "/api/v1/runs/{run_id}/result",
        tags=["history"],
        response_class=StreamingResponse,
        responses={200: {"content": {ZIP: {}}}},
    )
    def read_run_zip(run_id: str) -> StreamingResponse:
        """All files of a batch's run as a zip, with manifest.csv and manifest.json."""
        name, chunks = stream_run(studio.history, run_id)
        return send_zip(name, chunks)
