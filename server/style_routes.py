"""The user's own pictures for the live camera: as styles, as backgrounds, and what a style is trained from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

import numpy as np
from fastapi import APIRouter, Body, File, Form, Response, UploadFile
from pydantic import BaseModel, ConfigDict

from pipelines.image import Picture, encode_image
from pipelines.studio import Studio
from pipelines.webcam.looks import list_looks
from pipelines.webcam.names import find_name
from pipelines.webcam.own_backgrounds import OwnBackgrounds
from pipelines.webcam.own_styles import OwnStyles
from server.forms import fields_only

TAGS: list[Any] = ["live"]
NAME_HELP = "What it is called; without one, the file's name."
Image = Annotated[UploadFile, File(description="The picture.")]
PICTURE_ANSWER: dict[str, Any] = {
    "response_class": Response,
    "responses": {200: {"content": {"image/jpeg": {}}}},
}


class OwnPictures(Protocol):
    """What styles and backgrounds of the user's own have in common."""

    def add(self, picture: Picture, name: str) -> str: ...
    def rename(self, name: str, new: str) -> str: ...
    def remove(self, name: str) -> None: ...
    def list(self) -> tuple[str, ...]: ...
    def picture(self, name: str) -> np.ndarray: ...


@dataclass(frozen=True)
class Shelf:
    """A kind of own pictures: its part of the address, how it is opened, and what one without a name is called."""

    path: str
    open: Callable[[Studio], OwnPictures]
    otherwise: str


STYLES, BACKGROUNDS = Shelf("styles", OwnStyles, "Style"), Shelf("backgrounds", OwnBackgrounds, "Background")
LIVE = "/api/v1/live"


class NewName(BaseModel):
    """Body of a change: what a picture is called from now on."""

    model_config = ConfigDict(extra="forbid")

    name: str


def add_styles(router: APIRouter, studio: Studio) -> None:
    """The routes below /api/v1/live, beside the socket."""
    add_lists(router, studio)
    for shelf in (STYLES, BACKGROUNDS):
        add_shelf(router, studio, shelf)


def add_lists(router: APIRouter, studio: Studio) -> None:
    """GET routes of the looks and backgrounds for the live picture."""

    @router.get(f"{LIVE}/styles", tags=TAGS)
    def list_styles() -> dict[str, Any]:
        """Everything that the live picture can be turned into; `own` ones can be renamed and removed, and `trained`
        ones have a net of their own."""
        own = OwnStyles(studio)
        nets = {name for name in own.list() if own.has_net(name)}
        rows = [
            {"id": row.id, "title": row.title, "group": row.group, "trained": row.id in nets}
            for row in list_looks(studio)
        ]
        return {"styles": rows}

    @router.get(f"{LIVE}/backgrounds", tags=TAGS)
    def list_backgrounds() -> dict[str, Any]:
        """Pictures that may stand behind a person in the style `matting`."""
        return {"backgrounds": [{"id": name} for name in OwnBackgrounds(studio).list()]}


def add_shelf(router: APIRouter, studio: Studio, shelf: Shelf) -> None:
    """Routes to add, show, rename and remove a user's own pictures of one shelf."""
    path = f"{LIVE}/{shelf.path}"

    fields = [fields_only("image", "name")]

    @router.post(path, status_code=201, dependencies=fields, **describe_route("add", shelf))
    def add(image: Image, name: Annotated[str, Form(description=NAME_HELP)] = "") -> dict[str, Any]:
        """Keep a picture under a name."""
        own = shelf.open(studio)
        with studio.gate.enter():
            picture = studio.open(image.file.read(), image.filename or "")
            chosen = name if name.strip() else find_name(image.filename or "", own.list(), shelf.otherwise)
            return {"id": own.add(picture, chosen)}

    @router.get(f"{path}/{{name}}/picture", **PICTURE_ANSWER, **describe_route("show", shelf))
    def show(name: str) -> Response:
        """The picture as it is kept, a JPEG file."""
        data = encode_image(shelf.open(studio).picture(name), None, format="jpeg")
        return Response(data, media_type="image/jpeg", headers={"Cache-Control": "no-store"})

    @router.patch(f"{path}/{{name}}", **describe_route("rename", shelf))
    def rename(name: str, body: Annotated[NewName, Body()]) -> dict[str, Any]:
        """Call a picture something else. What is drawn with it goes on."""
        return {"id": shelf.open(studio).rename(name, body.name)}

    @router.delete(f"{path}/{{name}}", status_code=204, **describe_route("remove", shelf))
    def remove(name: str) -> Response:
        """Remove a picture, and the net that was trained from it. What is drawn with it goes on until it ends."""
        shelf.open(studio).remove(name)
        return Response(status_code=204)


def describe_route(verb: str, shelf: Shelf) -> dict[str, Any]:
    """A route's facts for /docs: both shelves have the same functions, and each route needs a name of its own."""
    what = shelf.path.removesuffix("s")
    return {
        "tags": TAGS,
        "operation_id": f"{verb}_live_{what}",
        "summary": f"{verb.capitalize()} an own {what}",
    }
