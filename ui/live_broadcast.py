"""The fold that sends the live picture on to a platform. Its fields stay in the browser; the key goes to the socket."""

from __future__ import annotations

from typing import Any

import gradio as gr

from pipelines.webcam.broadcast_presets import PRESETS, Preset
from ui.links import escape
from ui.texts import Say, label_of

SOUNDS = ("silence", "microphone")


def build_broadcast(speak: Say, lang: str) -> Any:
    """The component, folded away."""
    with gr.Accordion(speak("cast.title"), open=False, elem_classes="ink-more", elem_id="live-cast"):
        return gr.HTML(
            _draw_fold(speak, lang), apply_default_css=False, elem_id="live-broadcast", js_on_load=None
        )


def _draw_fold(speak: Say, lang: str) -> str:
    presets = "".join(_draw_preset(preset, speak, lang) for preset in PRESETS.values())
    first = next(iter(PRESETS.values()))
    sounds = "".join(
        f'<label><input type="radio" name="sound" value="{sound}" {"checked" if sound == SOUNDS[0] else ""}>'
        f"{speak(f'live.js.sound.{sound}')}</label>"
        for sound in SOUNDS
    )
    return (
        f'<div class="ink-cast"><label>{speak("cast.preset")}<select data-part="preset">{presets}</select></label>'
        f'<p data-part="about">{escape(_tell_preset(first, speak))}</p>'
        f'<label>{speak("cast.server")}<input data-part="server" type="text" autocomplete="off" '
        f'spellcheck="false" placeholder="{escape(first.server)}"></label>'
        f'<label>{speak("cast.key")}<input data-part="key" type="password" autocomplete="new-password"></label>'
        f"<fieldset><legend>{speak('cast.sound')}</legend>{sounds}</fieldset>"
        f'<button type="button" class="ink-button" data-part="go" disabled>{speak("live.js.cast_go")}</button>'
        f'<p class="ink-cast-state" data-part="state" data-state="off" role="status"><i></i>'
        f'<span>{speak("live.js.cast.off")}</span></p><p data-part="figures"></p>'
        '<p class="ink-trouble" data-part="problem" role="status"></p></div>'
    )


def _draw_preset(preset: Preset, speak: Say, lang: str) -> str:
    return (
        f'<option value="{preset.id}" data-server="{escape(preset.server)}" '
        f'data-about="{escape(_tell_preset(preset, speak))}">'
        f"{escape(label_of('cast.preset', preset.id, lang))}</option>"
    )


def _tell_preset(preset: Preset, speak: Say) -> str:
    width, height = preset.size
    return speak("cast.about", width=width, height=height, fps=preset.fps, kbit=preset.kbit_s)
