"""Before, at the end of and instead of a tab's work: buttons and stage say what is going on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from ui.failures import Failure, toast
from ui.part import Room
from ui.stage import Kind, Scene, render_stage
from ui.texts import voice

SAVE_LINK = "() => document.querySelector('#{}-delivery a')?.click()"
"""Starts the download of a file that was made on demand; a browser allows it within the click's reach."""


def begin(room: Room, kind: Kind) -> Callable[..., Any]:
    """From the photo: the primary button, the cancel button, the stage and the row of further types.

    Work that is still going on is asked to stop.
    """
    speak = voice(room.lang)

    def start(request: gr.Request, photo: Any) -> tuple[Any, ...]:
        if photo is None:
            raise toast(Failure(speak("photo.missing"), speak("photo.missing_hint")), room.lang)
        room.stops.expect(owner(request, kind))
        busy = render_stage(Scene(busy=True), speak, kind)
        return gr.Button(interactive=False), gr.Button(visible=True), busy, gr.Row(visible=False)

    return start


def rest(room: Room, kind: Kind) -> Callable[..., Any]:
    """The primary button and the cancel button after work; they stay where other work took its place."""

    def settle(request: gr.Request) -> tuple[Any, Any]:
        return (gr.skip(), gr.skip()) if room.stops.busy(owner(request, kind)) else _idle()

    return settle


def _idle() -> tuple[Any, Any]:
    return gr.Button(interactive=True), gr.Button(visible=False)


def cancel(room: Room, kind: Kind) -> Callable[..., Any]:
    """The primary button, the cancel button and the stage of work that is given up."""

    def stop(request: gr.Request) -> tuple[Any, ...]:
        room.stops.ask(owner(request, kind))
        speak = voice(room.lang)
        return (*_idle(), render_stage(Scene(failure=Failure(speak("work.stopped"), "")), speak, kind))

    return stop


def clear(room: Room, kind: Kind, values: tuple[Any, ...]) -> Callable[..., Any]:
    """Without a photo: the `values` of an empty tab; work on the photo is asked to stop."""

    def empty(request: gr.Request) -> tuple[Any, ...]:
        room.stops.ask(owner(request, kind))
        return values

    return empty


def owner(request: gr.Request, kind: Kind) -> str:
    """Whose work it is: one tab of one open page."""
    return f"{request.session_hash or ''} {kind.name}"
