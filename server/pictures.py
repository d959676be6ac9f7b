"""What the routes that answer with one picture share."""

from __future__ import annotations

import json
from typing import Any

from fastapi import Response

from pipelines.history import Run
from pipelines.studio import Studio

IMAGE_TYPES = {"png": "image/png", "webp": "image/webp", "jpg": "image/jpeg", "jpeg": "image/jpeg"}
IMAGE_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind: {} for kind in set(IMAGE_TYPES.values())}}
}
"""For /docs: the answer is a picture."""


def send_result(studio: Studio, run: Run, **headers: str) -> Response:
    """A run's main result as the answer, with the run's headers and further ones."""
    name = run.results[0]
    data = studio.history.file(run.id, name).read_bytes()
    return Response(data, media_type=media_type(name), headers=run_headers(run) | headers)


def media_type(name: str) -> str:
    """Content type of a result's file name."""
    return IMAGE_TYPES[name.rpartition(".")[2]]


def run_headers(run: Run) -> dict[str, str]:
    """X-Run-Id, and the run's notes as a JSON list in ASCII."""
    return {"X-Run-Id": run.id, "X-Inkframe-Notes": json.dumps(list(run.notes))}
