"""What happens in the Batch Matting tab, and in which order."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any

import gradio as gr

from pipelines.batch.finish import TASK
from pipelines.history import Run
from pipelines.jobs.job import Job
from ui.batch_board import Board, draw_board
from ui.batch_work import (
    act,
    begin,
    find_batch_of,
    link_result,
    read_batch_options,
    read_given,
    show_batch_options,
)
from ui.drop_zone import clearing, sending, settling
from ui.event_facts import RAW, facts_of
from ui.failures import told
from ui.matting_form import GROUND, list_models, show_boxes
from ui.memory import keep_form, recall
from ui.part import Part, Room
from ui.texts import voice
from ui.upload import read_upload

if TYPE_CHECKING:
    from ui.batch_tab import Widgets

GO, FILES = "batch-go", "batch-files"
FRESH, RESTING = 1.0, 10.0
"""Seconds between two looks while something is under way, and while nothing is: a batch may also be started
by another page, over REST or from a shell."""
FETCH = "() => document.querySelector('#batch-delivery a')?.click()"


def wire(room: Room, w: Widgets) -> Part:
    """Connect the tab's events; returns what the history needs of it."""
    board = [w.selected, w.card, w.tiles, w.troubles, w.jobs, w.clock, w.seen, w.ended]
    seen = [w.selected, w.seen]
    look = look_again(room)
    _wire_start(room, w, board)
    for drawn in (w.card, w.jobs):
        pressed = drawn.select(_press(room), seen, [*board, w.memory, w.delivery])
        pressed.success(None, None, None, js=FETCH)
    w.clock.tick(look, seen, board)
    keep_form(w.memory, w.form.inputs, read_batch_options)
    kept = [*w.form.inputs, *w.form.boxes]
    room.blocks.load(_recall(room, len(kept)), w.memory, [*board, *kept])
    finished = [w.ended.change(lambda: None, None, None)]
    return Part(
        TASK, [*board, *kept], _reopen(room), _refresh(room, len(board), len(kept)), finished=finished
    )


def _wire_start(room: Room, w: Widgets, board: list[Any]) -> None:
    started = w.go.click(
        _start(room),
        [w.parcel, w.folder, w.form.picture, *w.form.inputs],
        [*board, w.memory],
        js=sending(FILES),
        **RAW,
        concurrency_limit=4,
        show_progress="minimal",
        show_progress_on=w.go,
    )
    started.success(None, None, None, js=clearing(FILES))
    # Gradio's client runs a .then() after a success only
    started.failure(None, None, None, js=settling(FILES))


def _tell(board: Board, seen: Any = ()) -> tuple[Any, ...]:
    """A board as the events' outputs; what the browser has `seen` already is left out."""
    marks = tuple(hash(html) for html in board.drawn)
    before = seen if isinstance(seen, tuple) and len(seen) == len(marks) else (None,) * len(marks)
    drawn = [
        gr.skip() if mark == old else html for html, mark, old in zip(board.drawn, marks, before, strict=True)
    ]
    clock = gr.Timer(FRESH if board.live else RESTING)
    return board.selected, *drawn, clock, marks, board.runs


def look_again(room: Room) -> Callable[..., Any]:
    """What the clock does. What stayed as it was is not written: a press may have changed it meanwhile."""

    def look(selected: str, seen: Any) -> tuple[Any, ...]:
        board = draw_board(room.studio, selected, room.lang)
        shown, *drawn, clock, marks, runs = _tell(board, seen)
        chosen = gr.skip() if shown == selected else shown
        return chosen, *drawn, clock, gr.skip() if marks == seen else marks, runs

    return look


def _start(room: Room) -> Callable[..., Any]:
    speak = voice(room.lang)

    def start(parcel: Any, folder: Any, picture: Any, *values: Any) -> tuple[Any, ...]:
        with told(room.lang):
            given = read_given(room.studio, parcel, str(folder or ""), room.uploads, speak)
            if given is None:
                raise gr.Error(visible=False, print_exception=False)
            options, behind = read_batch_options(values), read_upload(picture, room.uploads)
            job = begin(room.studio, given, options, behind, move=not folder)
            board = draw_board(room.studio, job.id, room.lang)
        return (*_tell(board), remember(job))

    return start


def _press(room: Room) -> Callable[..., Any]:
    speak = voice(room.lang)

    def press(selected: str, seen: Any, event: gr.EventData) -> tuple[Any, ...]:
        asked = facts_of(event)
        job_id, wish = str(asked.get("job")), asked.get("act")
        link = ""
        with told(room.lang):
            job = room.studio.jobs.get(job_id)
            if wish == "download":
                link = f'<a href="{escape(link_result(room.studio, job))}" download></a>'
            elif wish != "show":
                act(room.studio, job_id, str(wish))
            board = draw_board(room.studio, "" if wish == "delete" else job_id, room.lang)
        if wish == "delete":
            gr.Info(speak("batch.deleted", title=escape(job.title)))
        kept = remember(job) if wish == "show" else gr.skip()
        return (*_tell(board, seen), kept, link)

    return press


def remember(job: Job) -> dict[str, Any]:
    """What the browser keeps of a batch."""
    return {"run": job.id, "settings": job.settings}


def _recall(room: Room, count: int) -> Callable[..., Any]:
    def load(kept: Any) -> tuple[Any, ...]:
        job_id, settings = recall(kept)
        with told(room.lang):
            board = draw_board(room.studio, job_id, room.lang)
        form = _fill_form(settings) if settings else [gr.skip()] * count
        return (*_tell(board), *form)

    return load


def _fill_form(settings: dict[str, Any]) -> list[Any]:
    values = show_batch_options(settings)
    return [*values, *show_boxes(str(values[GROUND]))]


def _refresh(room: Room, before: int, after: int) -> Callable[[], tuple[Any, ...]]:
    """Turning to the tab: models may have arrived, batches may have been started elsewhere."""

    def refresh() -> tuple[Any, ...]:
        models = gr.Dropdown(choices=list_models(room.studio, room.lang))
        return (*[gr.skip()] * before, models, *[gr.skip()] * (after - 1))

    return refresh


def _reopen(room: Room) -> Callable[[Run], tuple[Any, ...]]:
    def reopen(run: Run) -> tuple[Any, ...]:
        job = find_batch_of(room.studio, run)
        return (*_tell(draw_board(room.studio, job.id, room.lang)), *_fill_form(run.settings))

    return reopen
