"""Uploaded pictures as they came: their own bytes and name, never a path that a request made up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.errors import BadInput

LONGEST_NAME = 120


@dataclass(frozen=True)
class Upload:
    """A file in the page's upload folder, and what its owner calls it."""

    path: Path
    name: str


def keep_as_it_came(image: Any, folder: Path) -> Any:
    """Make a gr.Image hand over the uploaded file itself, and show a file under its own name.

    Gradio's own reading opens the file with Pillow first and may write it anew: EXIF, profile and 16 bits
    would be lost, and a text file would fail before Inkframe can say what is wrong. `folder` is the upload
    folder; a path outside it raises BadInput.
    """
    shown = image.postprocess
    image.preprocess = lambda payload: read_upload(payload, folder)
    image.postprocess = lambda value: _named(shown(str(value.path)), value) if value else shown(None)
    image.async_move_resource_to_block_cache = refuse_addresses(image.async_move_resource_to_block_cache)
    return image


def read_upload(payload: Any, folder: Path) -> Upload | None:
    """The uploaded file of a Gradio payload, or None for none. Raises BadInput for a path elsewhere."""
    if payload is None:
        return None
    path = Path(payload.path or "").resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise BadInput("That file did not come through an upload.", "Choose the file again.")
    return Upload(path, Path(payload.orig_name or path.name).name[:LONGEST_NAME])


def refuse_addresses(move: Any) -> Any:
    """Wrap a component's way of fetching files, so that a request can't make the server open a URL."""

    async def move_files_only(source: str | Path | None) -> str | None:
        if source is not None and "://" in str(source):
            raise BadInput("That file did not come through an upload.", "Choose the file again.")
        moved: str | None = await move(source)
        return moved

    return move_files_only


def _named(data: Any, upload: Upload) -> Any:
    data.orig_name = upload.name
    return data
