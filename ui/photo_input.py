"""Where a tab's photo goes in: the upload and the small pictures to try first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from pipelines.errors import BadInput
from ui.event_facts import facts_of
from ui.examples import example_file
from ui.failures import told
from ui.links import escape, link_to
from ui.part import Room
from ui.texts import Say, voice
from ui.upload import Upload, read_upload

PICK = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-example]");
  if (button) trigger("select", { example: button.dataset.example });
});
"""


def build_photo(room: Room, tab: str, examples: Sequence[str]) -> tuple[Any, Any]:
    """The upload and the row of examples; their ids begin with the tab's name."""
    speak = voice(room.lang)
    photo = gr.Image(
        type="filepath",
        sources=["upload", "clipboard"],
        image_mode=None,
        height=216,
        label=speak("photo.label"),
        placeholder=speak("photo.drop"),
        buttons=[],
        elem_id=f"{tab}-photo",
        elem_classes="ink-photo",
    )
    return photo, build_examples(speak, tab, examples)


def build_examples(speak: Say, tab: str, examples: Sequence[str]) -> Any:
    """The row of examples; it tells of one that is picked by `select`."""
    return gr.HTML(
        _show_examples(examples, speak), js_on_load=PICK, apply_default_css=False, elem_id=f"{tab}-examples"
    )


def pick_example(room: Room) -> Callable[..., Any]:
    """What a click on an example does: its file becomes the photo."""

    def pick(event: gr.EventData) -> str:
        with told(room.lang):
            return str(example_file(str(facts_of(event).get("example"))))

    return pick


def need_photo(payload: Any, room: Room) -> Upload:
    """The uploaded photo. Raises BadInput when there is none."""
    photo, speak = read_upload(payload, room.uploads), voice(room.lang)
    if photo is None:
        raise BadInput(speak("photo.missing"), speak("photo.missing_hint"))
    return photo


def _show_examples(names: Sequence[str], speak: Say) -> str:
    buttons = "".join(
        f'<button type="button" data-example="{name}" title="{speak(f"examples.{name}")}" '
        f'aria-label="{speak("examples.item", name=speak(f"examples.{name}"))}">'
        f'<img src="{escape(link_to(example_file(name)))}" alt=""></button>'
        for name in names
    )
    return f'<div class="ink-examples"><span>{speak("examples.label")}</span>{buttons}</div>'
