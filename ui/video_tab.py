"""The Image → Video tab: pictures and their movement on the left, the film beside them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from pipelines.batch.kinds import ENDINGS
from pipelines.image_to_video.sources import MOST
from ui.drop_zone import Limits, build_drop_zone
from ui.examples import THINGS
from ui.film_list import RESTING
from ui.part import Part, Room
from ui.photo_input import build_examples
from ui.stage import FILMS, build_stage
from ui.texts import voice
from ui.video_arrivals import FILES
from ui.video_diffusion import Diffusion, build_diffusion
from ui.video_events import GO, wire
from ui.video_form import TAB, Form, build_form
from ui.video_slow import Slow, build_slow
from ui.video_strip import build_strip

HERE = Path(__file__).parent
CHANGED = "watch('value', () => trigger('change'));"


@dataclass(frozen=True)
class Films:
    """The list of films, what tells of a new run, and the clock of both."""

    list: Any
    ended: Any
    clock: Any

    @property
    def drawn(self) -> list[Any]:
        """What a look changes."""
        return [self.list, self.ended, self.clock]


@dataclass(frozen=True)
class Widgets:
    """The tab's components, for its events. `looked` and `weighed` name what preview and estimate are of,
    `awaited` is the job whose film goes on the stage."""

    files: Any
    parcel: Any
    examples: Any
    strip: Any
    form: Form
    slow: Slow
    diffusion: Diffusion
    go: Any
    plan: Any
    effort: Any
    stage: Any
    films: Films
    delivery: Any
    run: Any
    looked: Any
    weighed: Any
    awaited: Any
    memory: Any


def build(room: Room) -> Part:
    """Lay the tab out and connect it."""
    with gr.Row(elem_classes="ink-work ink-filming", equal_height=False):
        with gr.Column(scale=0, min_width=336, elem_classes="ink-in"):
            given = _build_input(room)
        with gr.Column(scale=1, min_width=320, elem_classes="ink-out"):
            shown = _build_output(room)
    hidden = {name: gr.State("") for name in ("run", "looked", "weighed", "awaited")}
    return wire(room, Widgets(**given, **shown, **hidden, memory=room.memories[TAB]))


def _build_input(room: Room) -> dict[str, Any]:
    speak, settings = voice(room.lang), room.studio.settings
    limits = Limits(tuple(sorted(ENDINGS)), settings.max_batch_mb * 1_000_000, MOST, at_once=True)
    parts: dict[str, Any] = {
        "files": build_drop_zone(speak, FILES, speak("video.drop"), limits),
        "parcel": gr.JSON(visible=False),
        "examples": build_examples(speak, TAB, THINGS),
        "strip": build_strip(speak),
        "form": build_form(room.lang),
        "slow": build_slow(room.studio, room.lang),
        "diffusion": build_diffusion(room.studio, room.lang),
    }
    with gr.Column(elem_classes="ink-go ink-go-stays ink-go-plan"):
        parts["go"] = gr.Button(speak("video.go"), variant="primary", elem_id=GO)
        parts["plan"] = gr.HTML(apply_default_css=False, elem_id="video-plan", js_on_load=None)
        parts["effort"] = gr.HTML(apply_default_css=False, elem_id="video-effort", js_on_load=None)
    return parts


def _build_output(room: Room) -> dict[str, Any]:
    stage = build_stage(voice(room.lang), FILMS)
    script = (HERE / "batch.js").read_text(encoding="utf-8")
    listed = gr.HTML(js_on_load=script, apply_default_css=False, elem_id="video-films")
    ended = gr.HTML(visible="hidden", js_on_load=CHANGED, apply_default_css=False)
    delivery = gr.HTML(
        elem_id="video-delivery", elem_classes="ink-delivery", visible="hidden", apply_default_css=False
    )
    return {"stage": stage, "films": Films(listed, ended, gr.Timer(RESTING)), "delivery": delivery}
