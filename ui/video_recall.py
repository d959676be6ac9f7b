"""The Image → Video tab as it was: after a reload, and for a run of the history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import gradio as gr

from pipelines.errors import BadInput, InkframeError
from pipelines.history import Run
from ui.memory import recall
from ui.part import Room
from ui.stage import FILMS, render_stage
from ui.texts import voice
from ui.upload import Upload, put_back, read_upload
from ui.video_diffusion import NAMES as SHOT_NAMES
from ui.video_diffusion import is_shot, show_diffusion
from ui.video_form import NAMES, read_options, show_options
from ui.video_slow import NAMES as SLOW_NAMES
from ui.video_slow import is_slow, show_slow
from ui.video_strip import (
    Item,
    fill_strip,
    find_file,
    read_item,
    read_wishes,
)
from ui.video_work import (
    Wanted,
    bring_back,
    set_film,
)

CAMERA = (gr.skip(),) * (3 + len(NAMES))
SLOW = (gr.skip(),) * (1 + len(SLOW_NAMES))
SHOT = (gr.skip(),) * len(SHOT_NAMES)
"""What leaves a form as it is: the camera's with its pictures, the slow motion's with its film, the diffusion's."""


def reopen_run(room: Room) -> Callable[[Run], tuple[Any, ...]]:
    """A run on the stage, with all that it was made of in the form."""

    def reopen(run: Run) -> tuple[Any, ...]:
        stage = render_stage(set_film(room.studio, run, room.lang), voice(room.lang), FILMS)
        camera, slow, shot = CAMERA, SLOW, SHOT
        if is_slow(run):
            film = put_back(room.history, run, 0, room.uploads)
            slow = (str(film.path) if film else None, *show_slow(run.settings))
        else:
            items, music = bring_back(room.studio, run, room.uploads)
            camera = _fill(items, music, show_options(run.settings))
        if is_shot(run):
            camera, shot = (gr.skip(), camera[1], *CAMERA[2:]), tuple(show_diffusion(run.settings))
        return stage, run.id, *camera, *slow, *shot

    return reopen


def _fill(items: Sequence[Item], music: Upload | None, values: Sequence[Any]) -> tuple[Any, ...]:
    """The key of what is shown, strip, music and form."""
    plain = read_options(values)
    options = read_options(values, read_wishes(items, plain.motion, plain.duration))
    path = str(music.path) if music else None
    return Wanted(items, options).look, fill_strip(items), path, *values


def recall_tab(room: Room, count: int) -> Callable[..., Any]:
    """The form and the pictures as they were left, and the last film on the stage."""

    def load(kept: Any) -> Any:
        run_id, settings = recall(kept)
        if not settings:
            return [gr.skip()] * count
        items = _recall_pictures(kept.get("pictures"), room)
        music = _recall_music(kept.get("music"), room)
        look, *filled = *_fill(items, music, show_options(settings)), *SLOW, *SHOT
        with suppress(InkframeError):
            if run_id:
                run = room.studio.history.get(run_id)
                scene = set_film(room.studio, run, room.lang)
                return render_stage(scene, voice(room.lang), FILMS), run_id, look, *filled
        return gr.skip(), "", "", *filled

    return load


def _recall_pictures(kept: Any, room: Room) -> list[Item]:
    """Those that are still on the server."""
    found = []
    for each in kept if isinstance(kept, list) else []:
        with suppress(BadInput):
            item = read_item(each, room.uploads)
            path = find_file(item, room.uploads)
            found += [item] if path is not None and path.is_file() else []
    return found


def _recall_music(kept: Any, room: Room) -> Upload | None:
    try:
        path = (room.uploads / kept["place"]).resolve()
        return read_upload({"path": str(path), "orig_name": kept["name"]}, room.uploads)
    except (InkframeError, KeyError, TypeError, ValueError, OSError):
        return None


def keep_run(run_id: str, kept: Any) -> Any:
    """A film that was finished is on the stage after a reload, too."""
    return {**kept, "run": run_id} if run_id and isinstance(kept, dict) else gr.skip()
