"""Styles of the user's own in the picker: a picture comes, a picture goes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import gradio as gr

from pipelines.studio import Studio
from pipelines.webcam.names import LONGEST, REFUSED
from pipelines.webcam.own_styles import OwnStyles
from ui.failures import told
from ui.live_looks import render_looks
from ui.part import Room
from ui.upload import Upload, read_upload


def wire_own(room: Room, looks: Any) -> None:
    """Connect the picker's `upload` and `delete`."""

    def change(event: gr.EventData) -> str:
        given = event._data if isinstance(event._data, dict) else {}
        with told(room.lang):
            chosen = ""
            if "remove" in given:
                OwnStyles(room.studio).remove(str(given["remove"]))
            else:
                payload = {"path": given.get("path"), "orig_name": given.get("name")}
                chosen = add_style(room.studio, read_upload(payload, room.uploads))
            return render_looks(room.studio, room.lang, chosen)

    for event in (looks.upload, looks.delete):
        event(change, None, looks, concurrency_limit=2, api_visibility="private", show_progress="minimal")


def add_style(studio: Studio, upload: Upload | None) -> str:
    """Keep a picture as a style under its own name, or the next that is free; returns it.

    Raises what opening a picture and `OwnStyles.add` raise.
    """
    if upload is None:
        return ""
    own = OwnStyles(studio)
    return own.add(studio.open(upload.path, upload.name), find_name(upload.name, own.list()))


def find_name(file: str, taken: tuple[str, ...]) -> str:
    """A style's name from a file's: what no name may hold is left out, and a number makes it a new one."""
    stem = re.sub(r"\s+", " ", REFUSED.sub(" ", Path(file).stem)).strip() or "Style"
    known = {name.casefold() for name in taken}
    names = (stem[:LONGEST], *(f"{stem[: LONGEST - 4]} {number}" for number in range(2, 999)))
    return next(name for name in names if name.casefold() not in known)
