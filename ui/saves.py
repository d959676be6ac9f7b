"""A result as further types of file, made when they are asked for."""

from __future__ import annotations

from typing import Any

import gradio as gr

from ui.texts import Say

KINDS = ("webp", "jpeg")


def build_saves(speak: Say, tab: str) -> tuple[Any, dict[str, Any], Any]:
    """The row, hidden at first, its buttons by type, and the hidden place of the link to a file."""
    with gr.Row(elem_classes="ink-also", visible=False) as row:
        gr.HTML(f'<span class="ink-hint">{speak("download.also")}</span>', apply_default_css=False)
        buttons = {
            kind: gr.Button(
                speak(f"format.{kind}"), size="sm", min_width=72, scale=0, elem_id=f"{tab}-save-{kind}"
            )
            for kind in KINDS
        }
    delivery = gr.HTML(
        elem_id=f"{tab}-delivery", elem_classes="ink-delivery", visible="hidden", apply_default_css=False
    )
    return row, buttons, delivery
