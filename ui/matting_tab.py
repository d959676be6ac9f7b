"""The Matting tab: what goes in on the left, what comes out beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from ui.examples import EXAMPLES, example_file
from ui.links import escape, link_to
from ui.matting_events import wire
from ui.matting_form import Form, build_form
from ui.memory import build_memory
from ui.part import Part, Room
from ui.stage import build_stage
from ui.texts import Say, voice

TASK = "matting"
PICK = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-example]");
  if (button) trigger("select", { example: button.dataset.example });
});
"""


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
            photo, examples = _build_input(room)
            form = build_form(room.studio, room.lang, TASK)
            with gr.Row(elem_classes="ink-go"):
                speak = voice(room.lang)
                go = gr.Button(speak("matting.go"), variant="primary", elem_id="matting-go")
                cancel = gr.Button(speak("matting.cancel"), visible=False, elem_id="matting-cancel")
        with gr.Column(scale=1, min_width=320, elem_classes="ink-out"):
            stage = build_stage(voice(room.lang))
            with gr.Row(elem_classes="ink-also", visible=False) as save_row:
                saves = _build_saves(voice(room.lang))
            delivery = gr.HTML(elem_id="matting-delivery", visible="hidden", apply_default_css=False)
    widgets = Widgets(
        photo, examples, form, go, cancel, stage, saves, save_row, delivery, gr.State(""), build_memory(TASK)
    )
    return wire(room, widgets)


def _build_input(room: Room) -> tuple[Any, Any]:
    speak = voice(room.lang)
    photo = gr.Image(
        type="filepath",
        sources=["upload", "clipboard"],
        image_mode=None,
        height=216,
        label=speak("photo.label"),
        placeholder=speak("photo.drop"),
        buttons=[],
        elem_id="matting-photo",
        elem_classes="ink-photo",
    )
    examples = gr.HTML(
        _show_examples(speak), js_on_load=PICK, apply_default_css=False, elem_id="matting-examples"
    )
    return photo, examples


def _show_examples(speak: Say) -> str:
    buttons = "".join(
        f'<button type="button" data-example="{name}" title="{speak(f"examples.{name}")}" '
        f'aria-label="{speak("examples.item", name=speak(f"examples.{name}"))}">'
        f'<img src="{escape(link_to(example_file(name)))}" alt=""></button>'
        for name in EXAMPLES
    )
    return f'<div class="ink-examples"><span>{speak("examples.label")}</span>{buttons}</div>'


def _build_saves(speak: Say) -> dict[str, Any]:
    gr.HTML(f'<span class="ink-hint">{speak("download.also")}</span>', apply_default_css=False)
    return {
        kind: gr.Button(
            speak(f"format.{kind}"), size="sm", min_width=72, scale=0, elem_id=f"matting-save-{kind}"
        )
        for kind in ("webp", "jpeg")
    }


def folders() -> list[Path]:
    """Folders of this tab that the browser may read."""
    return [example_file(EXAMPLES[0]).parent]
