"""The style picker: every look with its picture, in groups."""

from __future__ import annotations

import base64
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import uuid4

import gradio as gr

from pipelines.errors import NotFound
from pipelines.matting.compose import cover
from pipelines.studio import Studio
from pipelines.webcam.look_rows import CARTOON, LookRow
from pipelines.webcam.looks import list_looks
from pipelines.webcam.own_styles import OwnStyles
from pipelines.webcam.stages import encode
from ui.examples import FOLDER
from ui.links import escape, link_to
from ui.part import Room
from ui.texts import Say, label_of, voice

SCRIPT = Path(__file__).with_name("live_looks.js")
SHEET = FOLDER / "looks.jpg"
"""The looks that come with the app as squares in rows of ACROSS; scripts/draw_look_sheet.py draws it."""
ACROSS = 8
SIDE, QUALITY = 112, 80
"""Px of an own style's square, and its JPEG's quality."""
MIXING = frozenset({"paintings", "painters"})
"""Groups whose looks can be mixed with each other."""


def build_looks(room: Room) -> Any:
    """The component. It triggers `upload` with {"path", "name"}, `edit` with {"rename", "to"} and `delete` with
    {"remove"} for the user's own."""
    return gr.HTML(
        render_looks(room.studio, room.lang, fresh=False),
        js_on_load=SCRIPT.read_text(encoding="utf-8"),
        apply_default_css=False,
        elem_id="live-looks",
    )


def render_looks(studio: Studio, lang: str, chosen: str = "", *, fresh: bool = True) -> str:
    """All looks as HTML; `chosen` is to be picked at once. What is drawn before a page is opened is not fresh: styles
    of the user's own may have come since."""
    speak, rows = voice(lang), list_looks(studio)
    # the browser is told only of another text: the same style may be picked twice
    turn = uuid4().hex[:8] if chosen else ""
    places = {row.id: place for place, row in enumerate(row for row in rows if row.group != "own")}
    drawn = {
        row.id: _draw_own(studio, row, speak) if row.group == "own" else _draw_look(row, places[row.id], lang)
        for row in rows
    }
    groups = "".join(
        f'<h2>{speak(f"looks.{group}")}</h2><div role="radiogroup" aria-label="{speak(f"looks.{group}")}">'
        f"{''.join(drawn[row.id] for row in found)}</div>"
        for group, found in groupby(rows, key=lambda row: row.group)
    )
    return (
        f'<section class="ink-looks" '
        f"style=\"--sheet:url('{escape(link_to(SHEET))}');--last-row:{(len(places) - 1) // ACROSS}\" "
        f'data-pick="{escape(chosen)}" data-turn="{turn}" data-fresh="{fresh}" data-gone="{speak("looks.gone")}" '
        f'data-unsent="{speak("looks.unsent")}" '
        f'data-new-name="{speak("looks.new_name")}" aria-label="{speak("looks.title")}">'
        f"<header><span>{speak('looks.title')}</span>"
        f'<strong data-part="name"></strong>{_draw_mix(speak)}</header>'
        f'<div class="ink-looks-list" tabindex="-1">{groups}</div>{_draw_add(speak)}'
        '<div class="ink-shares" data-part="shares" hidden></div>'
        '<p class="ink-told" data-part="told" role="status"></p></section>'
    )


def name_look(row: LookRow, lang: str) -> str:
    """What a look is called on the page; a style of the user's own by its own name."""
    if row.group == "own":
        return row.title
    named = label_of("style", row.id.removeprefix(CARTOON), lang)
    return row.title if named == row.id else named


def _draw_mix(speak: Say) -> str:
    return (
        f'<button type="button" class="ink-link" data-part="mix" aria-pressed="false" '
        f'title="{speak("looks.mix_help")}">{speak("looks.mix")}</button>'
    )


def _draw_add(speak: Say) -> str:
    return (
        f'<label class="ink-link ink-looks-add" title="{speak("looks.add_help")}">{speak("looks.add")}'
        '<input type="file" accept="image/*" data-part="add"></label>'
    )


def _draw_own(studio: Studio, row: LookRow, speak: Say) -> str:
    title, own = escape(row.title), OwnStyles(studio)
    rename, remove = (speak(f"looks.{act}", name=title) for act in ("rename", "remove"))
    net = own.has_net(row.id)
    label = speak("looks.trained", name=title) if net else title
    sure = speak("looks.remove_sure", name=title) if net else ""
    try:
        picture = f" style=\"background:url('{picture_of(studio, row.id)}') center / cover\""
    except NotFound:
        picture = ""
    return (
        f'<span class="ink-own"><button type="button" role="radio" aria-checked="false" data-look="{title}" '
        f'data-mixes="no" data-net="{"yes" if net else "no"}" title="{title}" aria-label="{label}"><i{picture}></i>'
        f"<span>{title}</span></button>"
        f'<button type="button" class="ink-own-rename" data-rename="{title}" title="{rename}" '
        f'aria-label="{rename}">✎</button>'
        f'<button type="button" class="ink-own-remove" data-remove="{title}" data-sure="{sure}" title="{remove}" '
        f'aria-label="{remove}">×</button></span>'
    )


def _draw_look(row: LookRow, place: int, lang: str) -> str:
    title = escape(name_look(row, lang))
    style = f' style="--x:{place % ACROSS};--y:{place // ACROSS}"'
    mixes = "yes" if row.group in MIXING else "no"
    return (
        f'<button type="button" role="radio" aria-checked="false" data-look="{escape(row.id)}" '
        f'data-mixes="{mixes}" title="{title}" aria-label="{title}"{style}><i></i><span>{title}</span></button>'
    )


def picture_of(studio: Studio, name: str) -> str:
    """A style's own picture as an address that holds it. Raises NotFound."""
    square = cover(OwnStyles(studio).picture(name), SIDE, SIDE)
    return f"data:image/jpeg;base64,{base64.b64encode(encode(square, QUALITY)).decode()}"
