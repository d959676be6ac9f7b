"""The form of POST /api/v1/video whose engine is a diffusion model."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from pipelines.errors import InvalidOption
from pipelines.image_to_video.diffusion_engines import ENGINES
from pipelines.image_to_video.diffusion_options import DiffusionOptions
from server.form_writer import Form
from server.forms import describe_option

ENGINE, CAMERA = "engine", "camera"


def take_engine(form: Form) -> str:
    """The engine that a form asks for; the form keeps it only where it is a diffusion model's.

    Raises InvalidOption.
    """
    engine = form.texts.get(ENGINE, CAMERA)
    if engine == CAMERA:
        form.texts.pop(ENGINE, None)
    elif engine not in ENGINES:
        raise InvalidOption(f"{ENGINE} can't be {engine!r}.", f"Use one of: {', '.join([CAMERA, *ENGINES])}.")
    return engine


def describe_fields() -> dict[str, Any]:
    """The fields that only diffusion has, for /docs."""
    said = {item.name: {"type": "string"} | describe_option(item) for item in fields(DiffusionOptions)}
    names = [CAMERA, *ENGINES]
    return said | {
        ENGINE: {
            "type": "string",
            "enum": names,
            "default": CAMERA,
            "description": f"{CAMERA} moves over pictures; the others are diffusion models, film one picture "
            "and need a GPU.",
        }
    }
