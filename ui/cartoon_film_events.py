"""What happens with films in the Cartoon tab."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from pipelines.cartoon.film_job import KIND
from pipelines.video.given import PLAIN_ENDINGS
from ui.at_work import SAVE_LINK
from ui.cartoon_films import begin_film, set_film
from ui.event_facts import RAW, facts_of
from ui.failures import told
from ui.film_list import RESTING, act, link_film, list_films, show_list
from ui.part import Room
from ui.stage import DRAWINGS, render_stage
from ui.texts import Say, voice
from ui.upload import read_upload

HERE = Path(__file__).parent
GO, FOLD = "cartoon-film-go", "cartoon-film-box"
CHANGED = "watch('value', () => trigger('change'));"


@dataclass(frozen=True)
class Films:
    """The components: the upload and its button, the list, and what tells of a new run."""

    file: Any
    go: Any
    list: Any
    ended: Any
    clock: Any

    @property
    def drawn(self) -> list[Any]:
        """What a look changes."""
        return [self.list, self.ended, self.clock]


def build_upload(speak: Say) -> tuple[Any, Any]:
    """A film goes in here: the upload and its button, folded away."""
    with gr.Accordion(speak("film.title"), open=False, elem_classes="ink-more", elem_id=FOLD):
        gr.HTML(f'<p class="ink-hint">{speak("film.hint")}</p>', apply_default_css=False)
        file = gr.File(
            label=speak("film.label"),
            file_count="single",
            file_types=[*PLAIN_ENDINGS],
            height=120,
            elem_id="cartoon-film",
        )
        go = gr.Button(speak("film.go"), elem_id=GO)
    return file, go


def build_list(upload: tuple[Any, Any]) -> Films:
    """The list of films."""
    script = (HERE / "batch.js").read_text(encoding="utf-8")
    listed = gr.HTML(js_on_load=script, apply_default_css=False, elem_id="cartoon-films")
    ended = gr.HTML(visible="hidden", js_on_load=CHANGED, apply_default_css=False)
    return Films(*upload, listed, ended, gr.Timer(RESTING))


def wire_films(room: Room, films: Films, inputs: list[Any], shown: list[Any], delivery: Any, tab: str) -> Any:
    """Connect the films; `shown` are stage, run and the row of further types. Returns an event after which there
    may be a new run."""
    films.go.click(
        _start(room),
        [films.file, *inputs],
        [films.file, *films.drawn],
        **RAW,
        concurrency_limit=4,
        show_progress="minimal",
        show_progress_on=films.go,
    )
    pressed = films.list.select(_press(room), None, [*films.drawn, *shown, delivery])
    pressed.success(None, None, None, js=SAVE_LINK.format(tab))
    for event in (films.clock.tick, room.blocks.load):
        event(lambda: look(room), None, films.drawn)
    return films.ended.change(lambda: None, None, None)


def look(room: Room) -> tuple[Any, ...]:
    """The list, the runs that films made, and when to look again."""
    with told(room.lang):
        return show_list(list_films(room.studio, KIND), room.lang)


def _start(room: Room) -> Callable[..., Any]:
    def start(film: Any, *values: Any) -> tuple[Any, ...]:
        with told(room.lang):
            begin_film(room.studio, read_upload(film, room.uploads), values, voice(room.lang))
        return None, *look(room)

    return start


def _press(room: Room) -> Callable[..., Any]:
    def press(event: gr.EventData) -> tuple[Any, ...]:
        asked = facts_of(event)
        job_id, wish = str(asked.get("job")), str(asked.get("act"))
        link, shown = "", (gr.skip(),) * 3
        with told(room.lang):
            job = room.studio.jobs.get(job_id)
            if wish == "download":
                link = link_film(room.studio, job)
            elif wish == "show":
                scene = set_film(room.studio, room.history.get(job.run), room.lang)
                shown = render_stage(scene, voice(room.lang), DRAWINGS), "", gr.Row(visible=False)
            else:
                act(room.studio, job_id, wish)
        return *look(room), *shown, link

    return press
