"""What happens in the Cartoon tab, and in which order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import gradio as gr

from pipelines.cartoon.film_run import RESULT as FILM_RESULT
from pipelines.cartoon.save import TASK
from pipelines.history import Run
from ui.at_work import SAVE_LINK, begin, cancel, clear, owner, rest
from ui.cartoon_faces import render_rows
from ui.cartoon_film_events import FOLD as FILM_FOLD
from ui.cartoon_film_events import GO as FILM_GO
from ui.cartoon_film_events import wire_films
from ui.cartoon_form import FACES, SIZE, read_options
from ui.cartoon_recall import offer_nets, recall_tab, refresh_nets, reopen_run, stand
from ui.cartoon_swatches import show_swatches
from ui.cartoon_trials import wire_swatches, wire_trials
from ui.cartoon_work import (
    GO,
    Posed,
    cartoonize_photo,
    draw_all_styles,
    make_file,
    name_style,
    pose,
)
from ui.event_facts import NEWEST, RAW
from ui.failures import explain, told
from ui.links import anchor
from ui.memory import keep_form
from ui.part import Part, Room
from ui.photo_input import need_photo, pick_example
from ui.run_facts import save_as
from ui.stage import DRAWINGS, Scene, render_stage
from ui.stops import Stopped, stoppable
from ui.texts import voice

if TYPE_CHECKING:
    from ui.cartoon_tab import Widgets

SHEET = "cartoon-sheet"


def wire(room: Room, w: Widgets) -> Part:
    """Connect the tab's events; returns what the history needs of it."""
    picked = w.examples.select(pick_example(room), None, w.photo)
    asked = partial(gr.on, [w.photo.upload, w.go.click])
    works = [
        _wire_run(room, w, listen, work)
        for listen, work in (
            (asked, cartoonize_photo),
            (picked.success, cartoonize_photo),
            (w.sheet.click, draw_all_styles),
        )
    ]
    works.append(_wire_style(room, w))
    wire_trials(room, w)
    _wire_clear(room, w)
    _wire_saves(room, w)
    shown = [w.stage, w.run, w.memory, w.save_row, w.photo, w.posed, w.form.rows, *w.form.inputs]
    shown += [w.films.file, w.form.mix_box]
    keep_form(w.memory, w.form.inputs, read_options)
    loaded = room.blocks.load(recall_tab(room, len(shown)), w.memory, shown)
    wire_swatches(room, w, loaded)
    filmed = wire_films(room, w.films, w.form.inputs, [w.stage, w.run, w.save_row], w.delivery, TASK)
    rested = [each.then(rest(room, DRAWINGS), None, [w.go, w.cancel], **NEWEST) for each in works]
    return Part(
        TASK,
        shown,
        reopen_run(room),
        refresh_nets(room, len(shown)),
        go=GO,
        finished=[*rested, filmed],
        other_go={"sheet.png": (SHEET, ""), FILM_RESULT: (FILM_GO, FILM_FOLD)},
        photo=w.photo,
        film=w.films.file,
        film_fold=FILM_FOLD,
    )


def _outputs(w: Widgets) -> list[Any]:
    parts = w.form.parts
    return [w.stage, w.run, w.memory, w.save_row, w.posed, w.form.rows, parts["faces"], parts["net"]]


def _wire_run(room: Room, w: Widgets, listen: Callable[..., Any], work: Callable[..., Run]) -> Any:
    """From the wish for a drawing to its end: what is shown before, the work, what is shown after."""
    shown = [w.go, w.cancel, w.stage, w.save_row]
    begun = listen(begin(room, DRAWINGS), w.photo, shown, **RAW)
    return _follow(room, w, begun.success, work)


def _wire_style(room: Room, w: Widgets) -> Any:
    """Another style is drawn at once, over the drawing that is there, which stays until then."""

    def ready(request: gr.Request, photo: Any) -> tuple[Any, Any]:
        if photo is not None:
            room.stops.expect(owner(request, DRAWINGS))
        return gr.Button(interactive=photo is None), gr.Button(visible=photo is not None)

    chosen = w.form.parts["style"].input(ready, w.photo, [w.go, w.cancel], **RAW, **NEWEST)
    return _follow(room, w, chosen.success, cartoonize_photo)


def _follow(room: Room, w: Widgets, listen: Callable[..., Any], work: Callable[..., Run]) -> Any:
    worked = listen(
        _work(room, work),
        [w.photo, w.posed, *w.form.inputs],
        _outputs(w),
        concurrency_limit=room.studio.settings.workers,
        concurrency_id="pictures",
        show_progress="full",
        show_progress_on=w.stage,
        **NEWEST,
        **RAW,
    )
    w.cancel.click(cancel(room, DRAWINGS), None, [w.go, w.cancel, w.stage], cancels=[worked])
    wire_swatches(room, w, worked)
    return worked


def _wire_clear(room: Room, w: Widgets) -> None:
    speak = voice(room.lang)
    empty = render_stage(Scene(), speak, DRAWINGS)
    values = (
        empty,
        "",
        gr.Row(visible=False),
        None,
        render_rows(None, "all", speak),
        "all",
        show_swatches(),
        "",
    )
    shown = [w.stage, w.run, w.save_row, w.posed, w.form.rows, w.form.parts["faces"]]
    w.photo.clear(clear(room, DRAWINGS, values), None, [*shown, w.form.swatches, w.painted])


def _wire_saves(room: Room, w: Widgets) -> None:
    for kind, button in w.saves.items():
        made = button.click(
            _save(room, kind),
            w.run,
            w.delivery,
            concurrency_limit=4,
            show_progress="minimal",
            show_progress_on=button,
        )
        made.success(None, None, None, js=SAVE_LINK.format(TASK))


def _work(room: Room, make: Callable[..., Run]) -> Callable[..., Any]:
    speak, studio = voice(room.lang), room.studio

    def work(
        request: gr.Request,
        photo: Any,
        before: Posed | None,
        style: Any,
        progress: Any = gr.Progress(),  # noqa: B008 (how Gradio hands it over)
        *rest: Any,
    ) -> tuple[Any, ...]:
        if photo is None:  # a style chosen before there is a photo
            return (gr.skip(),) * 8
        values = [style, *rest]

        def step(fraction: float, what: str) -> None:
            progress(fraction, desc=speak(f"progress.{what}"))

        try:
            with room.stops.work(owner(request, DRAWINGS)) as event:
                given = need_photo(photo, room)
                posed = pose(studio, given, float(values[SIZE]), before)
                fresh = before is None or before.sha256 != posed.sha256
                values[FACES] = "all" if fresh else values[FACES]
                run = make(studio, room.previews, given, read_options(values), stoppable(step, event))
                return *stand(room, run, posed), posed, *_rows(room, posed, before, values), offer_nets(room)
        except Stopped:  # what stopped it has told the stage
            return (gr.skip(),) * 8
        except Exception as error:  # told on the stage; what is not Inkframe's own is logged in explain
            stage = render_stage(Scene(failure=explain(error, room.lang)), speak, DRAWINGS)
        kept = (gr.skip(),) * 3
        return stage, "", gr.skip(), gr.Row(visible=False), *kept, offer_nets(room)

    return work


def _rows(room: Room, posed: Posed, before: Posed | None, values: list[Any]) -> tuple[Any, Any]:
    """The rows of the faces, and what is wished for them; rows that are there stay."""
    if posed is before:
        return gr.skip(), values[FACES]
    return render_rows(posed.sitting, values[FACES], voice(room.lang)), values[FACES]


def _save(room: Room, kind: str) -> Callable[..., Any]:
    def save(run_id: str) -> str:
        with told(room.lang):
            run = room.history.get(run_id)
            saved = save_as(run, make_file(room.studio, run, kind), name_style(run))
            return anchor(saved.path, saved.name, saved.name)

    return save
