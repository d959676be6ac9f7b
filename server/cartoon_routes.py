"""POST /api/v1/cartoon: a picture redrawn, a sheet of all styles, and the faces that a picture has."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Response, UploadFile

from pipelines.cartoon.faces import Face
from pipelines.cartoon.options import CartoonOptions
from pipelines.cartoon.preview import look_for_faces
from pipelines.cartoon.save import cartoonize_to_run, sheet_to_run
from pipelines.studio import Studio
from server.forms import form_of
from server.pictures import IMAGE_ANSWER, send_result

CartoonForm = Annotated[CartoonOptions, Depends(form_of(CartoonOptions, also=("image",)))]
Image = Annotated[UploadFile, File(description="The picture.")]
SIZE_HELP = "The option size that the picture will be drawn with: tiny faces are told from its pixels."
FACES_HEADER = "X-Inkframe-Faces"


def add_cartoon(router: APIRouter, studio: Studio) -> None:
    """The cartoon's routes: drawing, and finding faces."""
    add_drawing(router, studio)
    add_faces(router, studio)


def add_drawing(router: APIRouter, studio: Studio) -> None:
    """POST /api/v1/cartoon and /api/v1/cartoon/sheet."""
    answer: dict[str, Any] = {"tags": ["cartoon"], "response_class": Response, "responses": IMAGE_ANSWER}

    @router.post("/api/v1/cartoon", **answer)
    def cartoon(image: Image, options: CartoonForm) -> Response:
        """Redraw a picture in a style.

        `X-Run-Id` names the run in the history; `X-Inkframe-Faces` lists the faces that were found, each with
        its number and its box [left, top, width, height] in px of the answer.
        """
        with studio.gate.enter():
            run, made = cartoonize_to_run(
                studio.open(image.file.read(), image.filename or ""),
                options,
                studio.store,
                studio.history,
                visible_label=studio.settings.visible_label,
            )
        return send_result(studio, run, **{FACES_HEADER: list_boxes(made.faces)})

    @router.post("/api/v1/cartoon/sheet", **answer)
    def sheet(image: Image, options: CartoonForm) -> Response:
        """Draw a picture in every style, on one sheet beside the photo (PNG)."""
        with studio.gate.enter():
            run = sheet_to_run(
                studio.open(image.file.read(), image.filename or ""),
                options,
                studio.store,
                studio.history,
                visible_label=studio.settings.visible_label,
            )
        return send_result(studio, run)


def add_faces(router: APIRouter, studio: Studio) -> None:
    """POST /api/v1/cartoon/faces."""

    @router.post("/api/v1/cartoon/faces", tags=["cartoon"])
    def faces(
        image: Image, size: Annotated[float, Form(ge=64, le=4096, description=SIZE_HELP)] = 2048.0
    ) -> dict[str, Any]:
        """Find the faces of a picture: their numbers for the option `faces`, boxes, five points and scores.

        Everything is in px of the picture as it came, turned upright by its EXIF data. `box` is [left, top,
        width, height]; `points` are the eyes, the nose and the corners of the mouth, the picture's left first.
        """
        with studio.gate.enter():
            picture = studio.open(image.file.read(), image.filename or "")
            found = look_for_faces(picture, size, studio.store)
        height, width = picture.rgb.shape[:2]
        return {"width": width, "height": height, "faces": [describe_face(face) for face in found]}


def list_boxes(faces: Sequence[Face]) -> str:
    """Numbers and boxes in few letters: a header has little room."""
    rows = [{"number": face.number, "box": [round(edge) for edge in face.box]} for face in faces]
    return json.dumps(rows, separators=(",", ":"))


def describe_face(face: Face) -> dict[str, Any]:
    """A face as JSON has it."""
    return {
        "number": face.number,
        "box": [round(edge, 1) for edge in face.box],
        "points": [[round(float(x), 1), round(float(y), 1)] for x, y in face.points],
        "score": round(face.score, 3),
    }
