"""The live options' controls. Their changes stay in the browser, which tells the socket."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import Any

import gradio as gr

from pipelines.webcam.options import SMOOTHINGS, LiveOptions
from ui.part import Room
from ui.texts import Say, voice

SOURCES = ("camera", "file", "screen")
RATES = ("15", "20", "25", "30")
TRANSPORTS = ("websocket", "webrtc")
TRANSPORT = "transport"
OTHERS = {TRANSPORT: TRANSPORTS[0]}
"""Controls that are no option of the loop, as they are at first."""
FACTS = {item.name: item for item in fields(LiveOptions)}
HEARD = """(value) => {
  const name = %s, number = %s;
  window.inkLive.set({ [name]: number ? Number(value) : value });
}"""
RECALL = """() => {
  const kept = window.inkLive.kept(), usual = %s;
  return Object.entries(usual).map(([name, value]) => {
    const found = typeof value === "string" && kept[name] !== undefined ? String(kept[name]) : kept[name];
    return typeof found === typeof value ? found : value;
  });
}"""


@dataclass(frozen=True)
class Form:
    """The components by option."""

    parts: dict[str, Any]


def build_live_form(room: Room) -> Form:
    """All controls, connected; what was chosen last is there again after a reload."""
    speak = voice(room.lang)
    parts: dict[str, Any] = {"strength": _build_slider("strength", speak)}
    parts |= {name: _build_check(name, speak) for name in ("keep_colours", "faces")}
    parts["smoothing"] = _build_radio(
        "smoothing", [(speak(f"live.smoothing.{name}"), name) for name in SMOOTHINGS], speak
    )
    with gr.Accordion(speak("live.more"), open=False, elem_classes="ink-more", elem_id="live-more"):
        parts["target_fps"] = _build_radio("target_fps", [(rate, rate) for rate in RATES], speak)
        parts |= {name: _build_slider(name, speak) for name in ("ceiling", "floor", "quality")}
        parts["mirror"] = _build_check("mirror", speak)
        parts[TRANSPORT] = _build_radio(
            TRANSPORT, [(speak(f"live.transport.{name}"), name) for name in TRANSPORTS], speak
        )
    form = Form(parts)
    _wire(room, form)
    return form


def build_source(speak: Say) -> Any:
    """Camera, file or screen."""
    return gr.Radio(
        [(speak(f"live.source.{name}"), name) for name in SOURCES],
        value=SOURCES[0],
        label=speak("live.source"),
        elem_id="live-source",
        elem_classes="ink-segments",
    )


def hear(part: Any, name: str, *, number: bool = False) -> None:
    """Tell the browser's own options of every change of a control."""
    script = HEARD % (json.dumps(name), json.dumps(number))
    part.change(None, part, None, js=script)


def _wire(room: Room, form: Form) -> None:
    for name, part in form.parts.items():
        hear(part, name, number=name == "target_fps")
    usual = {name: _usual(name) for name in form.parts}
    room.blocks.load(None, None, list(form.parts.values()), js=RECALL % json.dumps(usual))


def show_options(options: LiveOptions, form: Form) -> list[Any]:
    """The controls' values for options, in the form's order; what is no option stays."""
    return [
        gr.skip()
        if name in OTHERS
        else f"{options.target_fps:g}"
        if name == "target_fps"
        else getattr(options, name)
        for name in form.parts
    ]


def _usual(name: str) -> Any:
    if name in OTHERS:
        return OTHERS[name]
    value = FACTS[name].default
    return f"{value:g}" if name == "target_fps" else value


def _build_slider(name: str, speak: Say) -> Any:
    facts = FACTS[name].metadata
    return gr.Slider(
        facts["low"],
        facts["high"],
        value=FACTS[name].default,
        step=facts["step"],
        label=speak(f"live.{name}"),
        info=speak(f"live.{name}.help"),
        buttons=["reset"],
        elem_id=f"live-{name.replace('_', '-')}",
    )


def _build_check(name: str, speak: Say) -> Any:
    return gr.Checkbox(
        FACTS[name].default,
        label=speak(f"live.{name}"),
        info=speak(f"live.{name}.help"),
        container=False,
        elem_id=f"live-{name.replace('_', '-')}",
    )


def _build_radio(name: str, rows: list[tuple[str, str]], speak: Say) -> Any:
    return gr.Radio(
        rows,
        value=_usual(name),
        label=speak(f"live.{name}"),
        elem_id=f"live-{name.replace('_', '-')}",
        elem_classes="ink-segments",
    )
