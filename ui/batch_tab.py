"""The Batch Matting tab: files and settings on the left, the batches and what came of them beside them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from pipelines.batch.input_folders import list_input_folders
from pipelines.batch.kinds import ENDINGS
from pipelines.batch.options import BatchOptions
from ui.batch_card import draw_card
from ui.batch_events import GO, wire
from ui.batch_pictures import draw_viewer
from ui.batch_work import FIRST, MORE
from ui.drop_zone import Limits, build_drop_zone
from ui.matting_form import Form, build_form
from ui.part import Part, Room
from ui.texts import voice

TAB, FILES = "batch", "batch-files"
HERE = Path(__file__).parent
CHANGED = "watch('value', () => trigger('change'));"
"""A gr.State would do, but it only tells of changes by events that wait in Gradio's queue."""


@dataclass(frozen=True)
class Widgets:
    """The tab's components, for its events."""

    files: Any
    parcel: Any
    folder: Any
    form: Form
    go: Any
    card: Any
    tiles: Any
    troubles: Any
    jobs: Any
    delivery: Any
    clock: Any
    selected: Any
    seen: Any
    ended: Any
    memory: Any


def build(room: Room) -> Part:
    """Lay the tab out and connect it."""
    with gr.Row(elem_classes="ink-work", equal_height=False):
        with gr.Column(scale=0, min_width=336, elem_classes="ink-in"):
            given = _build_input(room)
        with gr.Column(scale=1, min_width=320, elem_classes="ink-out"):
            board = _build_board(room)
    hidden = {name: gr.State("") for name in ("selected", "seen")}
    return wire(room, Widgets(**given, **board, **hidden, clock=gr.Timer(1.0), memory=room.memories[TAB]))


def _build_input(room: Room) -> dict[str, Any]:
    speak, settings = voice(room.lang), room.studio.settings
    limits = Limits((*sorted(ENDINGS), ".zip"), settings.max_batch_mb * 1_000_000, settings.max_batch_files)
    files = build_drop_zone(speak, FILES, speak("batch.drop"), limits)
    folders = list_input_folders(settings.input_folders)
    folder = gr.Textbox(
        label=speak("batch.folder"),
        info=speak("batch.folder_hint", folders=speak("mark.list").join(map(str, folders))),
        placeholder=str(folders[0]) if folders else "",
        visible=bool(folders),
        max_length=4096,
        elem_id="batch-folder",
    )
    form = build_form(room.studio, room.lang, TAB, BatchOptions, FIRST, MORE)
    with gr.Row(elem_classes="ink-go ink-go-stays"):
        go = gr.Button(speak("batch.go"), variant="primary", elem_id=GO)
    return {"files": files, "parcel": gr.JSON(visible=False), "folder": folder, "form": form, "go": go}


def _build_board(room: Room) -> dict[str, Any]:
    press = (HERE / "batch.js").read_text(encoding="utf-8")
    plain: dict[str, Any] = {"apply_default_css": False}
    jobs = gr.HTML(js_on_load=press, elem_id="batch-jobs", **plain)
    card = gr.HTML(draw_card(None, room.lang), js_on_load=press, elem_id="batch-card", **plain)
    troubles = gr.HTML(elem_id="batch-troubles", js_on_load=None, **plain)
    tiles = gr.HTML(elem_id="batch-tiles", js_on_load=None, **plain)
    gr.HTML(
        draw_viewer(voice(room.lang)),
        js_on_load=(HERE / "viewer.js").read_text(encoding="utf-8"),
        elem_id="batch-viewer",
        **plain,
    )
    delivery = gr.HTML(elem_id="batch-delivery", visible="hidden", js_on_load=None, **plain)
    ended = gr.HTML(visible="hidden", js_on_load=CHANGED, **plain)
    return {
        "card": card,
        "tiles": tiles,
        "troubles": troubles,
        "jobs": jobs,
        "delivery": delivery,
        "ended": ended,
    }
