"""Styles of the user's own in the picker: a picture comes, is called something else, and goes."""

from __future__ import annotations

from typing import Any

import gradio as gr

from pipelines.studio import Studio
from pipelines.webcam.names import find_name
from pipelines.webcam.own_styles import OwnStyles
from ui.event_facts import facts_of
from ui.failures import told
from ui.live_looks import render_looks
from ui.part import Room
from ui.upload import Upload, read_upload


def wire_own(room: Room, looks: Any) -> None:
    """Connect the picker's `upload`, `edit` and `delete`; a page that is opened shows what is there by then."""

    def change(event: gr.EventData) -> str:
        given = facts_of(event)
        with told(room.lang):
            chosen = ""
            if "remove" in given:
                OwnStyles(room.studio).remove(str(given["remove"]))
            elif "rename" in given:
                chosen = OwnStyles(room.studio).rename(str(given["rename"]), str(given.get("to")))
            else:
                payload = {"path": given.get("path"), "orig_name": given.get("name")}
                chosen = add_style(room.studio, read_upload(payload, room.uploads))
            return render_looks(room.studio, room.lang, chosen)

    for event in (looks.upload, looks.edit, looks.delete):
        event(change, None, looks, concurrency_limit=2, show_progress="minimal")
    room.blocks.load(lambda: render_looks(room.studio, room.lang), None, looks)


def add_style(studio: Studio, upload: Upload | None) -> str:
    """Keep a picture as a style under its own name, or the next that is free; returns it.

    Raises what opening a picture and `OwnStyles.add` raise.
    """
    if upload is None:
        return ""
    own = OwnStyles(studio)
    return own.add(studio.open(upload.path, upload.name), find_name(upload.name, own.list()))
