"""The Webcam Style tab: source and style on the left, the live picture with its pulse beside them."""

from __future__ import annotations

import gradio as gr

from pipelines.webcam.live_credit import TASK
from ui.live_broadcast import build_broadcast
from ui.live_form import build_live_form, build_source, hear
from ui.live_grounds import build_grounds
from ui.live_looks import build_looks
from ui.live_own import wire_own
from ui.live_recall import build_recall, reopen_run
from ui.live_stage import build_live_stage
from ui.live_training import build_training, wire_training
from ui.part import Part, Room
from ui.texts import Say, voice

GO = "live-go"


def build(room: Room) -> Part:
    """Lay the tab out and connect it."""
    speak = voice(room.lang)
    with gr.Row(elem_classes="ink-work ink-living", equal_height=False):
        with gr.Column(scale=0, min_width=336, elem_classes="ink-in"):
            source = build_source(speak)
            gr.HTML(_draw_file(speak), apply_default_css=False, elem_id="live-file")
            looks = build_looks(room)
            training = build_training(room)
            build_grounds(room)
            form = build_live_form(room)
            build_broadcast(speak, room.lang)
            with gr.Column(elem_classes="ink-go ink-go-stays"):
                gr.HTML(_draw_go(speak), apply_default_css=False, js_on_load=None)
        with gr.Column(scale=1, min_width=320, elem_classes="ink-out"):
            stage = build_live_stage(room)
            recall = build_recall()
    hear(source, "source")
    wire_own(room, looks)
    trained = wire_training(room, training, looks)
    made = stage.change(lambda: None, None, None)
    return Part(
        TASK, [recall, *form.parts.values()], reopen_run(room, form), go=GO, finished=[made, *trained]
    )


def _draw_go(speak: Say) -> str:
    return f'<button type="button" class="ink-live-go" id="{GO}" data-live-go>{speak("live.js.go")}</button>'


def _draw_file(speak: Say) -> str:
    return (
        f'<label class="ink-live-file"><span>{speak("live.file")}</span>'
        '<input type="file" accept="video/*" data-live-file></label>'
    )
