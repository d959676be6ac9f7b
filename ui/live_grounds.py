"""What stands behind a person who is cut out live: their own room, blurred, one colour, or a picture."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import gradio as gr

from pipelines.errors import NotFound
from pipelines.matting.compose import cover
from pipelines.studio import Studio
from pipelines.webcam.names import find_name
from pipelines.webcam.own_backgrounds import OwnBackgrounds
from pipelines.webcam.stages import encode
from ui.event_facts import facts_of
from ui.failures import told
from ui.links import escape
from ui.part import Room
from ui.texts import Say, voice
from ui.upload import Upload, read_upload

SCRIPT = Path(__file__).with_name("live_grounds.js")
WIDTH, HEIGHT, QUALITY = 144, 108, 80
"""Px of a background's small picture, and its JPEG's quality."""


def build_grounds(room: Room) -> Any:
    """The fold; its component is connected. What is chosen stays in the browser, which tells the socket."""
    with gr.Accordion(
        voice(room.lang)("behind.title"), open=False, elem_classes="ink-more", elem_id="live-behind"
    ):
        grounds = gr.HTML(
            render_grounds(room.studio, room.lang, fresh=False),
            js_on_load=SCRIPT.read_text(encoding="utf-8"),
            apply_default_css=False,
            elem_id="live-grounds",
        )
    for event in (grounds.upload, grounds.delete):
        event(_change(room), None, grounds, concurrency_limit=2, show_progress="minimal")
    room.blocks.load(lambda: render_grounds(room.studio, room.lang), None, grounds)
    return grounds


def add_ground(studio: Studio, upload: Upload | None) -> str:
    """Keep a picture as a background under its own name, or the next that is free; returns it, "" for no picture.

    Raises what opening a picture and `OwnBackgrounds.add` raise.
    """
    if upload is None:
        return ""
    own = OwnBackgrounds(studio)
    return own.add(studio.open(upload.path, upload.name), find_name(upload.name, own.list(), "Background"))


def render_grounds(studio: Studio, lang: str, chosen: str = "", *, fresh: bool = True) -> str:
    """All that can stand behind a person, as HTML; `chosen` is to be picked at once. What is drawn before a page is
    opened is not fresh: pictures may have come since."""
    speak, own = voice(lang), OwnBackgrounds(studio)
    pictures = "".join(_draw_picture(own, name, speak) for name in own.list())
    return (
        f'<section class="ink-grounds" data-pick="{escape(chosen)}" data-fresh="{fresh}" '
        f'data-gone="{speak("behind.gone")}" data-unsent="{speak("looks.unsent")}">'
        f'<p class="ink-hint">{speak("behind.hint")} <button type="button" class="ink-link" data-part="use">'
        f"{speak('behind.use')}</button></p>"
        f'<div role="radiogroup" aria-label="{speak("behind.title")}">'
        f"{_draw_choice('blur', speak)}{_draw_choice('colour', speak)}{pictures}</div>"
        f'<label class="ink-ground-colour">{speak("behind.which")}<input type="color" data-part="colour"></label>'
        f'<label class="ink-link ink-looks-add">{speak("behind.add")}'
        '<input type="file" accept="image/*" data-part="add"></label>'
        '<p class="ink-told" data-part="told" role="status"></p></section>'
    )


def _change(room: Room) -> Any:
    def change(event: gr.EventData) -> str:
        given = facts_of(event)
        chosen = ""
        with told(room.lang):
            if "remove" in given:
                OwnBackgrounds(room.studio).remove(str(given["remove"]))
            else:
                payload = {"path": given.get("path"), "orig_name": given.get("name")}
                chosen = add_ground(room.studio, read_upload(payload, room.uploads))
            return render_grounds(room.studio, room.lang, chosen)

    return change


def _draw_choice(ground: str, speak: Say) -> str:
    return (
        f'<button type="button" role="radio" aria-checked="false" data-ground="{ground}">'
        f"<i></i><span>{speak(f'behind.{ground}')}</span></button>"
    )


def _draw_picture(own: OwnBackgrounds, name: str, speak: Say) -> str:
    title, remove = escape(name), speak("looks.remove", name=escape(name))
    try:
        small = base64.b64encode(encode(cover(own.picture(name), HEIGHT, WIDTH), QUALITY)).decode()
    except NotFound:  # removed by another page while the list was drawn
        return ""
    return (
        f'<span class="ink-own"><button type="button" role="radio" aria-checked="false" data-ground="picture" '
        f'data-name="{title}" title="{title}"><i style="background:url(\'data:image/jpeg;base64,{small}\') '
        f'center / cover"></i><span>{title}</span></button>'
        f'<button type="button" class="ink-own-remove" data-remove="{title}" title="{remove}" '
        f'aria-label="{remove}">×</button></span>'
    )
