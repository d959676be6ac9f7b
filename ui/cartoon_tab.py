"""The Cartoon tab: a photo and a style on the left, the drawing beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ui.cartoon_events import SHEET, wire
from ui.cartoon_faces import build_rows
from ui.cartoon_film_events import Films, build_list, build_upload
from ui.cartoon_form import TAB, Form, build_form
from ui.cartoon_work import GO
from ui.examples import PEOPLE
from ui.part import Part, Room
from ui.photo_input import build_photo
from ui.saves import build_saves
from ui.stage import DRAWINGS, build_stage
from ui.texts import voice


@dataclass(frozen=True)
class Widgets:
    """The tab's components, for its events. `posed` is the photo whose faces are known, `painted` what the
    styles' pictures show."""

    photo: Any
    examples: Any
    form: Form
    go: Any
    sheet: Any
    cancel: Any
    stage: Any
    saves: dict[str, Any]
    save_row: Any
    delivery: Any
    run: Any
    posed: Any
    painted: Any
    memory: Any
    films: Films


def build(room: Room) -> Part:
    """Lay the tab out and connect it."""
    speak = voice(room.lang)
    with gr.Row(elem_classes="ink-work", equal_height=False):
        with gr.Column(scale=0, min_width=336, elem_classes="ink-in"):
            photo, examples = build_photo(room, TAB, PEOPLE)
            form = build_form(room.studio, room.lang, build_rows(speak))
            upload = build_upload(speak)
            with gr.Row(elem_classes="ink-go ink-go-stays"):
                go = gr.Button(speak("cartoon.go"), variant="primary", elem_id=GO)
                sheet = gr.Button(speak("cartoon.sheet"), elem_id=SHEET)
                cancel = gr.Button(speak("cartoon.cancel"), visible=False, elem_id="cartoon-cancel")
        with gr.Column(scale=1, min_width=320, elem_classes="ink-out"):
            stage = build_stage(speak, DRAWINGS)
            save_row, saves, delivery = build_saves(speak, TAB)
            films = build_list(upload)
    widgets = Widgets(
        photo=photo,
        examples=examples,
        form=form,
        go=go,
        sheet=sheet,
        cancel=cancel,
        stage=stage,
        saves=saves,
        save_row=save_row,
        delivery=delivery,
        run=gr.State(""),
        posed=gr.State(None),
        painted=gr.State(""),
        memory=room.memories[TAB],
        films=films,
    )
    return wire(room, widgets)
