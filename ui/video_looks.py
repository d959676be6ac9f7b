"""What is shown before a film is made: its plan, a preview, what it takes; the browser keeps what was asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import gradio as gr

from pipelines.errors import InkframeError
from ui.event_facts import NEWEST, RAW
from ui.failures import Failure, explain
from ui.figures import show_bytes
from ui.links import escape
from ui.memory import recall
from ui.part import Room
from ui.stage import FILMS, Scene, render_stage
from ui.texts import voice
from ui.upload import read_upload
from ui.video_form import read_options
from ui.video_strip import (
    ADD,
    read_strip,
    read_wishes,
)
from ui.video_work import (
    Wanted,
    set_trial,
    tell_effort,
    tell_plan,
    try_out,
    weigh_up,
)

if TYPE_CHECKING:
    from ui.video_tab import Widgets

TYPED = "submit", "blur"
CHANGED = {"slider": ("release",), "number": TYPED, "textbox": TYPED}
"""The events after which a control's value stands, if not `input`."""


def wire_looks(room: Room, w: Widgets) -> None:
    """Whatever is changed shows at once, small; what the film takes is told after it."""
    asked = [w.strip, w.form.music, *w.form.inputs]
    triggers = [w.strip.change, w.form.music.change]
    for part in w.form.inputs:
        triggers += [getattr(part, name) for name in CHANGED.get(part.get_block_name(), ("input",))]
    gr.on(triggers, _keep_form(room), [w.memory, *asked], w.memory, **NEWEST, **RAW)
    looked = gr.on(
        triggers,
        _look(room),
        [w.looked, *asked],
        [w.plan, w.looked, w.stage, w.run],
        concurrency_limit=room.studio.settings.workers,
        concurrency_id="pictures",
        show_progress="minimal",
        show_progress_on=w.stage,
        **NEWEST,
        **RAW,
    )
    looked.success(
        _weigh(room),
        [w.weighed, *asked],
        [w.effort, w.weighed],
        concurrency_limit=room.studio.settings.workers,
        concurrency_id="pictures",
        **NEWEST,
        **RAW,
    )


def want(room: Room, strip: Any, music: Any, values: Sequence[Any]) -> Wanted:
    """The film that the tab asks for. Raises BadInput, InvalidOption."""
    items = read_strip(strip, room.uploads)
    plain = read_options(values)
    wishes = read_wishes(items, plain.motion, plain.duration)
    return Wanted(items, read_options(values, wishes), read_upload(music, room.uploads))


def _look(room: Room) -> Callable[..., Iterator[Any]]:
    speak, studio = voice(room.lang), room.studio

    def look(looked: str, strip: Any, music: Any, *values: Any) -> Iterator[tuple[Any, ...]]:
        same = (gr.skip(),) * 3
        try:
            if _is_on_its_way(strip):
                yield gr.skip(), *same
                return
            wanted = want(room, strip, music, values)
            if not wanted.items:
                stage = render_stage(Scene(), speak, FILMS) if looked else gr.skip()
                yield "", "", stage, gr.skip()
                return
            yield _draw_plan(tell_plan(studio, wanted, room.uploads, speak)), *same
            if wanted.look == looked:
                return
            made = try_out(studio, room.previews, wanted, room.uploads)
            stage = render_stage(set_trial(made, room.lang), speak, FILMS)
            yield gr.skip(), wanted.look, stage, ""
        except Exception as error:  # told below the button; what is not Inkframe's own is logged in explain
            yield _draw_trouble(explain(error, room.lang)), *same

    return look


def _is_on_its_way(strip: Any) -> bool:
    """Whether the browser has not yet put the new pictures in their places; it tells when it has."""
    return isinstance(strip, dict) and ADD in strip


def _draw_plan(text: str) -> str:
    return f'<p class="ink-plan">{escape(text)}</p>'


def _draw_trouble(failure: Failure) -> str:
    said = f"{failure.message} {failure.hint}".strip()
    return f'<p class="ink-plan ink-trouble" role="alert">{escape(said)}</p>'


def _weigh(room: Room) -> Callable[..., Iterator[Any]]:
    speak = voice(room.lang)

    def weigh(weighed: str, strip: Any, music: Any, *values: Any) -> Iterator[tuple[Any, Any]]:
        try:
            wanted = want(room, strip, music, values)
            if not wanted.items:
                yield "", ""
            elif wanted.effort == weighed:
                yield gr.skip(), gr.skip()
            else:
                yield f'<p class="ink-hint">{speak("plan.measuring")}</p>', ""
                found = weigh_up(room.studio, wanted, room.uploads)
                yield _draw_effort(room, found), wanted.effort
        except InkframeError:
            yield "", ""  # the look before has told it

    return weigh


def _draw_effort(room: Room, found: Any) -> str:
    speak = voice(room.lang)
    said = f'<p class="ink-hint" data-plan="work">{escape(tell_effort(found, speak))}</p>'
    if found.disk_bytes < found.free_bytes:
        return said
    return f'{said}<p class="ink-trouble">{speak("plan.full", free=show_bytes(found.free_bytes))}</p>'


def _keep_form(room: Room) -> Callable[..., Any]:
    """The browser keeps the form, the pictures and the music."""

    def keep(kept: Any, strip: Any, music: Any, *values: Any) -> Any:
        if _is_on_its_way(strip):
            return gr.skip()
        try:
            wanted = want(room, strip, music, values)
        except InkframeError:  # the look tells it
            return gr.skip()
        sound = None
        if wanted.music is not None:
            place = wanted.music.path.relative_to(room.uploads.resolve()).as_posix()
            sound = {"place": place, "name": wanted.music.name}
        pictures = strip["pictures"]
        return {
            "run": recall(kept)[0],
            "settings": vars(wanted.options),
            "pictures": pictures,
            "music": sound,
        }

    return keep
