"""The Matting tab: what goes in on the left, what comes out beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from pipelines.matting.save import TASK
from ui.examples import THINGS
from ui.matting_events import GO, wire
from ui.matting_form import Form, build_form
from ui.part import Part, Room
from ui.photo_input import build_photo
from ui.saves import build_saves
from ui.stage import build_stage
from ui.texts import voice


@dataclass(frozen=True)
class Widgets:
    """The tab's components, for its events."""

    photo: Any
    examples: Any
    form: Form
    go: Any
    cancel: Any
    stage: Any
    saves: dict[str, Any]
    save_row: Any
    delivery: Any
    run: Any
    memory: Any


def build(room: Room) -> Part:
    """Lay the tab out and connect it."""
    with gr.Row(elem_classes="ink-work", equal_height=False):
        with gr.Column(scale=0, min_width=336, elem_classes="ink-in"):
            photo, examples = build_photo(room, TASK, THINGS)
            form = build_form(room.studio, room.lang, TASK)
            with gr.Row(elem_classes="ink-go ink-go-stays"):
                speak = voice(room.lang)
                go = gr.Button(speak("matting.go"), variant="primary", elem_id=GO)
                cancel = gr.Button(speak("matting.cancel"), visible=False, elem_id="matting-cancel")
        with gr.Column(scale=1, min_width=320, elem_classes="ink-out"):
            stage = build_stage(voice(room.lang))
            save_row, saves, delivery = build_saves(voice(room.lang), TASK)
    widgets = Widgets(
        photo, examples, form, go, cancel, stage, saves, save_row, delivery, gr.State(""), room.memories[TASK]
    )
    return wire(room, widgets)
