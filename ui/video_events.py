"""What happens in the Image → Video tab, and in which order."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import gradio as gr

from pipelines.errors import NotFound
from pipelines.history import Run
from pipelines.image_to_video.diffusion_job import KIND as DIFFUSION
from pipelines.image_to_video.film_job import KIND
from pipelines.image_to_video.film_run import TASK
from pipelines.image_to_video.slow_job import KIND as SLOW
from pipelines.image_to_video.slow_job import RESULT as SLOW_RESULT
from ui.at_work import SAVE_LINK
from ui.event_facts import RAW, facts_of
from ui.failures import told
from ui.film_list import act, link_film, list_films, show_list
from ui.part import Part, Room
from ui.stage import FILMS, render_stage
from ui.texts import voice
from ui.upload import read_upload
from ui.video_arrivals import give_item, wire_arrivals
from ui.video_diffusion import FOLD as SHOT_FOLD
from ui.video_diffusion import GO as SHOT_GO
from ui.video_diffusion import RESULTS as SHOT_RESULTS
from ui.video_diffusion import begin_shot
from ui.video_form import TAB
from ui.video_looks import want, wire_looks
from ui.video_recall import keep_run, recall_tab, reopen_run
from ui.video_slow import FOLD as SLOW_FOLD
from ui.video_slow import GO as SLOW_GO
from ui.video_slow import begin_slow
from ui.video_strip import (
    read_strip,
)
from ui.video_work import (
    begin_film,
    set_film,
)

if TYPE_CHECKING:
    from ui.video_tab import Widgets

GO = "video-go"
KINDS = (KIND, SLOW, DIFFUSION)
"""The jobs that this tab lists."""


def wire(room: Room, w: Widgets) -> Part:
    """Connect the tab's events; returns what the history needs of it."""
    wire_arrivals(room, w)
    wire_looks(room, w)
    _wire_go(room, w)
    filmed = _wire_films(room, w)
    camera, others = [w.looked, w.strip, w.form.music, *w.form.inputs], [w.slow.film, *w.slow.inputs]
    shown = [w.stage, w.run, *camera, *others, *w.diffusion.inputs]
    room.blocks.load(recall_tab(room, len(shown)), w.memory, shown)
    return Part(
        TASK,
        shown,
        reopen_run(room),
        go=GO,
        finished=[filmed],
        other_go={SLOW_RESULT: (SLOW_GO, SLOW_FOLD), **dict.fromkeys(SHOT_RESULTS, (SHOT_GO, SHOT_FOLD))},
        photo=w.strip,
        give=lambda upload: give_item(room, upload),
        begins=False,
        film=w.slow.film,
        film_fold=SLOW_FOLD,
    )


def _wire_go(room: Room, w: Widgets) -> None:
    for button, start, inputs in (
        (w.go, _start(room), [w.strip, w.form.music, *w.form.inputs]),
        (w.slow.go, _start_slow(room), [w.slow.film, *w.slow.inputs]),
        (w.diffusion.go, _start_shot(room), [w.strip, *w.diffusion.inputs]),
    ):
        button.click(
            start,
            inputs,
            [*w.films.drawn, w.awaited],
            concurrency_limit=4,
            show_progress="minimal",
            show_progress_on=button,
            **RAW,
        )


def _wire_films(room: Room, w: Widgets) -> Any:
    """Returns an event after which there may be a new run."""
    stood = [w.stage, w.run]
    pressed = w.films.list.select(_press(room), None, [*w.films.drawn, *stood, w.delivery])
    pressed.success(None, None, None, js=SAVE_LINK.format(TAB))
    for event in (w.films.clock.tick, room.blocks.load):
        event(watch_films(room), w.awaited, [*w.films.drawn, *stood, w.awaited])
    return w.films.ended.change(keep_run, [w.run, w.memory], w.memory)


def _start(room: Room) -> Callable[..., Any]:
    def start(strip: Any, music: Any, *values: Any) -> tuple[Any, ...]:
        with told(room.lang):
            wanted = want(room, strip, music, values)
            job = begin_film(room.studio, wanted, room.uploads, voice(room.lang))
            return *_list(room), job.id

    return start


def _start_slow(room: Room) -> Callable[..., Any]:
    def start(film: Any, *values: Any) -> tuple[Any, ...]:
        with told(room.lang):
            job = begin_slow(room.studio, read_upload(film, room.uploads), values, voice(room.lang))
            return *_list(room), job.id

    return start


def _start_shot(room: Room) -> Callable[..., Any]:
    def start(strip: Any, *values: Any) -> tuple[Any, ...]:
        with told(room.lang):
            items = read_strip(strip, room.uploads)
            job = begin_shot(room.studio, items, room.uploads, values, voice(room.lang))
            return *_list(room), job.id

    return start


def _list(room: Room) -> tuple[Any, ...]:
    return show_list(list_films(room.studio, *KINDS), room.lang)


def watch_films(room: Room) -> Callable[..., Any]:
    """A look at the films; the one that this page waits for goes on the stage when it is done.

    What stayed as it was is not written: a start may have changed it meanwhile."""

    def watch(awaited: str) -> tuple[Any, ...]:
        with told(room.lang):
            still, stood = gr.skip(), (gr.skip(), gr.skip())
            with suppress(NotFound):
                job = room.studio.jobs.get(awaited) if awaited else None
                if job is not None and job.ended:
                    still = ""
                    stood = _stand(room, room.studio.history.get(job.run)) if job.run else stood
            return *_list(room), *stood, still

    return watch


def _press(room: Room) -> Callable[..., Any]:
    def press(event: gr.EventData) -> tuple[Any, ...]:
        asked = facts_of(event)
        job_id, wish = str(asked.get("job")), str(asked.get("act"))
        link, stood = "", (gr.skip(), gr.skip())
        with told(room.lang):
            job = room.studio.jobs.get(job_id)
            if wish == "download":
                link = link_film(room.studio, job)
            elif wish == "show" and job.run:
                stood = _stand(room, room.studio.history.get(job.run))
            else:
                act(room.studio, job_id, wish)
            return *_list(room), *stood, link

    return press


def _stand(room: Room, run: Run) -> tuple[str, str]:
    """A finished film on the stage: stage and run."""
    scene = set_film(room.studio, run, room.lang, plays=True)
    return render_stage(scene, voice(room.lang), FILMS), run.id
