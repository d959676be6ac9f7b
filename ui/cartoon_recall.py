"""The Cartoon tab as it was: after a reload, and for a run of the history."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import gradio as gr

from pipelines.errors import InkframeError, NotFound
from pipelines.history import Run
from ui.cartoon_faces import render_rows
from ui.cartoon_films import is_film, set_film
from ui.cartoon_form import FACES, NAMES, NET, SIZE, STYLE_B, list_nets, show_mix, show_options
from ui.cartoon_work import Posed, pose, set_scene
from ui.failures import told
from ui.memory import recall
from ui.part import Room
from ui.run_facts import remember
from ui.stage import DRAWINGS, render_stage
from ui.texts import voice
from ui.upload import Upload, put_back

log = logging.getLogger(__name__)

FORM = 7
"""Where the form's values begin among the outputs that show a run."""


def reopen_run(room: Room) -> Callable[[Run], tuple[Any, ...]]:
    """A run on the stage, with the photo or film and the form that it was made of."""

    def reopen(run: Run, settings: dict[str, Any] | None = None) -> tuple[Any, ...]:
        values = show_options(settings or run.settings)
        mix = show_mix(str(values[STYLE_B]))
        if is_film(run):
            return *_play(room, run), *values, str(_need_input(room, run).path), mix
        photo = _need_input(room, run)
        posed = pose(room.studio, photo, float(values[SIZE]), None)
        rows = render_rows(posed.sitting, str(values[FACES]), voice(room.lang))
        return *stand(room, run, posed), str(photo.path), posed, rows, *values, gr.skip(), mix

    return reopen


def recall_tab(room: Room, count: int) -> Callable[..., Any]:
    """The last drawing with its form; the form alone where there is none."""
    reopen = reopen_run(room)

    def load(kept: Any) -> Any:
        run_id, settings = recall(kept)
        with suppress(NotFound), told(room.lang):
            if run_id:
                try:
                    return reopen(room.history.get(run_id), settings)  # type: ignore[call-arg]
                except InkframeError:
                    log.info("the last drawing can't be shown any more")
        values: list[Any] = [gr.skip()] * count
        if settings:
            values[FORM : FORM + len(NAMES)] = show_options({**settings, "faces": "all"})
        return values

    return load


def refresh_nets(room: Room, count: int) -> Callable[..., Any]:
    """Turning to the tab: nets may have arrived. Of `count` outputs only theirs is changed."""

    def refresh() -> list[Any]:
        values: list[Any] = [gr.skip()] * count
        values[FORM + NET] = offer_nets(room)
        return values

    return refresh


def stand(room: Room, run: Run, posed: Posed) -> tuple[Any, ...]:
    """A run on the stage with its file: stage, run, memory and the row of further types."""
    scene = set_scene(room.studio, room.previews, run, posed, room.lang)
    stage = render_stage(scene, voice(room.lang), DRAWINGS)
    return stage, run.id, remember(run), gr.Row(visible=True)


def offer_nets(room: Room) -> Any:
    """The drop-down of the nets, with what is here by now."""
    return gr.Dropdown(choices=list_nets(room.studio, voice(room.lang)))


def _play(room: Room, run: Run) -> tuple[Any, ...]:
    """A film's run: stage, run, memory, row of further types; the photo and its faces stay."""
    stage = render_stage(set_film(room.studio, run, room.lang), voice(room.lang), DRAWINGS)
    return stage, "", remember(run), gr.Row(visible=False), *(gr.skip(),) * 3


def _need_input(room: Room, run: Run) -> Upload:
    given = put_back(room.history, run, 0, room.uploads)
    if given is None:
        raise NotFound("The run has no such file.", "Open the run again to see what it holds.")
    return given
