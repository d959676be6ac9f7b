"""The fold in which a picture of the user's own becomes a style with a net of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from pipelines.errors import BadInput, DeviceUnavailable
from pipelines.jobs.job import Job
from pipelines.webcam.my_style import plan_training, submit_my_style
from pipelines.webcam.my_style_options import STEPS, MyStyleOptions
from pipelines.webcam.names import LONGEST, find_name
from pipelines.webcam.own_styles import OwnStyles
from ui.event_facts import RAW, facts_of
from ui.failures import explain, told
from ui.figures import show_span
from ui.film_list import act
from ui.links import escape
from ui.live_looks import render_looks
from ui.live_training_list import list_trainings, show_trainings
from ui.part import Room
from ui.texts import Say, voice
from ui.upload import read_upload

HERE = Path(__file__).parent
RESTING = 10.0
USUAL = MyStyleOptions().effort
CHANGED = """let seen = element.textContent;
watch('value', () => {
  const before = seen;
  seen = element.textContent;
  if (before && seen !== before) trigger('change');
});"""
"""The first look finds what was there before; only what comes later is news."""


@dataclass(frozen=True)
class Training:
    """The components: what is asked, the button, the list of trainings, and what tells of a new net."""

    asked: list[Any]
    go: Any
    list: Any
    ended: Any
    clock: Any

    @property
    def drawn(self) -> list[Any]:
        """What a look changes."""
        return [self.list, self.ended, self.clock]


def build_training(room: Room) -> Training | None:
    """The fold; None where nothing can be trained, and the fold says why."""
    speak = voice(room.lang)
    with gr.Accordion(speak("mine.title"), open=False, elem_classes="ink-more", elem_id="live-mine"):
        try:
            times = {
                effort: plan_training(room.studio, MyStyleOptions(effort=effort)).minutes for effort in STEPS
            }
        except DeviceUnavailable as error:
            why = explain(error, room.lang)
            _write(f"{why.message} {why.hint}")
            return None
        _write(speak("mine.hint"))
        asked = _build_form(times, speak)
        go = gr.Button(speak("mine.go"), elem_id="live-mine-go")
        script = (HERE / "batch.js").read_text(encoding="utf-8")
        listed = gr.HTML(js_on_load=script, apply_default_css=False, elem_id="live-mine-list")
    # outside: what lies in a closed fold hears nothing
    ended = gr.HTML(visible="hidden", js_on_load=CHANGED, apply_default_css=False)
    return Training(asked, go, listed, ended, gr.Timer(RESTING))


def wire_training(room: Room, training: Training | None, looks: Any) -> list[Any]:
    """Connect the fold; returns the events after which there may be a new run."""
    if training is None:
        return []
    training.go.click(
        _start(room),
        training.asked,
        [*training.asked, looks, *training.drawn],
        **RAW,
        concurrency_limit=2,
        show_progress="minimal",
        show_progress_on=training.go,
    )
    training.list.select(_press(room), None, [looks, *training.drawn])
    for event in (training.clock.tick, room.blocks.load):
        event(lambda: look(room), None, training.drawn)
    return [training.ended.change(lambda: render_looks(room.studio, room.lang), None, looks)]


def look(room: Room) -> tuple[Any, ...]:
    """The list, which nets there are, and when to look again."""
    with told(room.lang):
        return show_trainings(room.studio, list_trainings(room.studio), room.lang)


def begin_training(room: Room, picture: Any, name: str, effort: str, photos: Any) -> Job:
    """Start a training with what the form holds. Raises BadInput without a picture, and what reading it and
    `submit_my_style` raise."""
    speak, upload = voice(room.lang), read_upload(picture, room.uploads)
    if upload is None:
        raise BadInput(speak("mine.missing"), speak("mine.missing_hint"))
    own = OwnStyles(room.studio)
    given = [read_upload(each, room.uploads) for each in photos or []]
    options = MyStyleOptions(str(name or "").strip() or find_name(upload.name, own.list()), str(effort))
    opened = room.studio.open(upload.path, upload.name)
    return submit_my_style(room.studio, opened, options, [each.path for each in given if each is not None])


def _start(room: Room) -> Callable[..., Any]:
    def start(picture: Any, name: str, effort: str, photos: Any) -> tuple[Any, ...]:
        with told(room.lang):
            job = begin_training(room, picture, name, effort, photos)
            chosen = str(job.settings["name"])
            return None, "", effort, None, render_looks(room.studio, room.lang, chosen), *look(room)

    return start


def _press(room: Room) -> Callable[..., Any]:
    def press(event: gr.EventData) -> tuple[Any, ...]:
        asked = facts_of(event)
        job_id, wish, drawn = str(asked.get("job")), str(asked.get("act")), gr.skip()
        with told(room.lang):
            if wish == "choose":
                chosen = str(room.studio.jobs.get(job_id).settings["name"])
                drawn = render_looks(room.studio, room.lang, chosen)
            else:
                act(room.studio, job_id, wish)
        return drawn, *look(room)

    return press


def _build_form(times: dict[str, float], speak: Say) -> list[Any]:
    """Picture, name, length, photos."""
    picture = gr.Image(
        type="filepath",
        sources=["upload", "clipboard"],
        image_mode=None,
        height=168,
        label=speak("mine.picture"),
        placeholder=speak("photo.drop"),
        buttons=[],
        elem_id="live-mine-picture",
        elem_classes="ink-photo",
    )
    name = gr.Textbox(
        label=speak("mine.name"),
        placeholder=speak("mine.name_hint"),
        max_length=LONGEST,
        elem_id="live-mine-name",
    )
    rows = [
        (speak(f"mine.effort.{effort}", time=show_span(60 * minutes, speak)), effort)
        for effort, minutes in times.items()
    ]
    effort = gr.Radio(
        rows,
        value=USUAL,
        label=speak("mine.effort"),
        info=speak("mine.effort.help"),
        elem_id="live-mine-effort",
    )
    photos = gr.File(
        label=speak("mine.photos"),
        file_count="multiple",
        file_types=["image"],
        height=132,
        elem_id="live-mine-photos",
        elem_classes="ink-takes-files",
    )
    _write(speak("mine.photos_hint"))
    return [picture, name, effort, photos]


def _write(text: str) -> None:
    gr.HTML(f'<p class="ink-hint">{escape(text)}</p>', apply_default_css=False)
