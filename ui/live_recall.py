"""A run of the Webcam Style tab shown again: its picture or film on the stage, its settings in the form."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any
from uuid import uuid4

import gradio as gr

from pipelines.errors import InkframeError
from pipelines.history import Run
from pipelines.webcam.look_rows import MATTING
from pipelines.webcam.options import LiveOptions
from ui.links import escape, link_to
from ui.live_form import Form, show_options
from ui.part import Room
from ui.stage import MOVING
from ui.texts import label_of, voice

TRAINED = "effort"
"""A setting that only the run of a training has."""
NAMES = tuple(item.name for item in fields(LiveOptions))
TELL = """watch('value', () => {
  const run = element.querySelector('[data-run]');
  if (!run) return;
  window.inkLive.set(JSON.parse(run.dataset.settings));
  window.inkLive.dispatchEvent(new Event('recall'));
  window.inkLive.dispatchEvent(new CustomEvent('show', { detail: { ...run.dataset } }));
});"""


def build_recall() -> Any:
    """What carries a run from the history to the stage; it is not seen."""
    return gr.HTML(visible="hidden", js_on_load=TELL, apply_default_css=False)


def reopen_run(room: Room, form: Form) -> Callable[[Run], tuple[Any, ...]]:
    """The values of the carrier and of the form's controls for a run."""

    def reopen(run: Run) -> tuple[Any, ...]:
        options = read_options(run.settings)
        told = {name: getattr(options, name) for name in ("style", "blend", "background")}
        path = room.history.file(run.id, run.results[0]) if run.results else Path()
        kind = "film" if path.suffix.lower() in MOVING else "picture"
        # the browser is told only of another text: the same run may be opened twice
        carried = (
            f'<i data-run="{escape(run.id)}" data-turn="{uuid4().hex[:8]}" data-kind="{kind}" '
            f'data-link="{escape(link_to(path))}" data-settings="{escape(json.dumps(told))}"></i>'
        )
        return carried, *show_options(options, form)

    return reopen


def read_options(settings: Mapping[str, Any]) -> LiveOptions:
    """A run's settings as options; as they are at first where a later version wrote them. A style that was trained
    is chosen."""
    known = {name: value for name, value in settings.items() if name in NAMES}
    if TRAINED in settings:
        known = {"style": settings.get("name")}
    try:
        return LiveOptions(**known)
    except (InkframeError, TypeError):
        return LiveOptions()


def tell_settings(settings: Mapping[str, Any], lang: str) -> list[tuple[str, str]]:
    """A run's settings in plain words: (option, value)."""
    speak, rows = voice(lang), []
    options = read_options(settings)
    shares = options.shares
    names = [label_of("style", name.removeprefix("cartoon-"), lang) for name in shares]
    parts = [f"{name} {share:.0%}" for name, share in zip(names, shares.values(), strict=True)]
    rows.append((speak("looks.title"), names[0] if len(names) == 1 else speak("mark.list").join(parts)))
    rows.append((speak("live.strength"), f"{options.strength:g}"))
    rows.append((speak("live.smoothing"), speak(f"live.smoothing.{options.smoothing}")))
    if MATTING in options.shares:
        rows.append((speak("behind.title"), label_of("behind", options.background, lang)))
    if options.keep_colours:
        rows.append((speak("live.keep_colours"), speak("value.on")))
    if TRAINED in settings:
        return [rows[0], (speak("mine.effort"), label_of("mine.length", str(settings[TRAINED]), lang))]
    if "fps" in settings:
        rows.append((speak("live.tile.fps"), f"{float(settings['fps']):.1f}"))
    return rows
