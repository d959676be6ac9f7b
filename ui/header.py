"""The head of the page: device, models, language, light or dark, and the banner when the hub is away."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from pipelines.studio import Studio
from ui.figures import say_count
from ui.part import Room
from ui.texts import CHINESE, Say, voice
from ui.words_gradio import GRADIO

SCRIPT = Path(__file__).with_name("header.js")
FRESH, RESTING = 2.0, 15.0
"""Seconds between two looks at the models, while one is on its way and while none is."""


def build(room: Room) -> None:
    """The header and its clock."""
    speak = voice(room.lang)
    static = gr.HTML(
        _draw(room, speak),
        js_on_load=SCRIPT.read_text(encoding="utf-8"),
        apply_default_css=False,
        elem_id="ink-header",
    )
    banner = gr.HTML(tell_banner(room.studio, speak), apply_default_css=False, elem_id="ink-banner")
    clock, told = gr.Timer(RESTING), gr.State("")

    def look(before: str) -> tuple[Any, Any, str, Any]:
        now = tell_models(room.studio, speak) + "\n" + room.studio.downloads.hub_problem
        pace = gr.Timer(FRESH if is_active(room.studio) else RESTING)
        if now == before:
            return gr.skip(), gr.skip(), now, pace
        return _draw(room, speak), tell_banner(room.studio, speak), now, pace

    for event in (clock.tick, room.blocks.load):
        event(look, told, [static, banner, told, clock])


def is_active(studio: Studio) -> bool:
    """Whether any model is on its way."""
    return any(state.active for state in studio.downloads.states())


def tell_models(studio: Studio, speak: Say) -> str:
    """ "2 models ready, 1 downloading 43%"."""
    states = studio.downloads.states()
    words = [say_count("app.models_ready", sum(state.usable for state in states), speak)]
    moving = [state for state in states if state.active]
    total = sum(state.total or 0 for state in moving)
    if moving and total and all(state.total for state in moving):
        percent = round(100 * sum(state.done for state in moving) / total)
        words.append(speak("app.models_on_the_way", count=len(moving), percent=percent))
    elif moving:
        words.append(speak("app.models_waiting", count=len(moving)))
    return (", " if speak("value.on").isascii() else ",").join(words)


def tell_banner(studio: Studio, speak: Say) -> str:
    """The hub's problem as a bar across the page; empty without one."""
    problem = studio.downloads.hub_problem
    if not problem:
        return ""
    return f'<div class="ink-alert" role="status">{escape(speak("app.hub_problem", problem=problem))}</div>'


def _draw(room: Room, speak: Say) -> str:
    device = room.studio.device
    note = f' title="{escape(device.note)}" data-note' if device.note else ""
    other = "en" if room.lang == CHINESE else "zh-CN"
    return (
        f'<header class="ink-head" data-words="{escape(json.dumps(GRADIO[room.lang]))}">'
        f'<a class="ink-skip" href="#ink-tabs">{speak("app.skip")}</a>'
        f'<h1 class="ink-brand"><i aria-hidden="true"></i>{speak("app.title")}</h1>'
        f'<span class="ink-device"{note}>{escape(device.label)}</span>'
        f'<span class="ink-count">{escape(tell_models(room.studio, speak))}</span>'
        f'<a class="ink-lang" href="./?lang={other}" lang="{other}" '
        f'title="{speak("app.other_language_help")}">{speak("app.other_language")}</a>'
        f'<button type="button" class="ink-theme" data-theme title="{speak("app.theme")}" '
        f'aria-label="{speak("app.theme")}"></button>'
        f'<button type="button" class="ink-theme ink-forget" data-forget="{speak("app.forget_sure")}" '
        f'title="{speak("app.forget")}" aria-label="{speak("app.forget")}"></button>'
        f"{_draw_way_out(room, speak)}</header>"
    )


def _draw_way_out(room: Room, speak: Say) -> str:
    """A link to sign out; nothing where nobody signs in."""
    if not room.studio.settings.wants_sign_in:
        return ""
    name = speak("app.sign_out")
    return f'<a class="ink-theme ink-leave" href="./logout" title="{name}" aria-label="{name}"></a>'
