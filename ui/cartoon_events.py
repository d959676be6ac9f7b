"""What happens in the Cartoon tab, and in which order."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import gradio as gr

from pipelines.cartoon.film_run import RESULT as FILM_RESULT
from pipelines.cartoon.options import STYLES
from pipelines.cartoon.save import TASK
from pipelines.cartoon.wishes import read_wishes
from pipelines.errors import InkframeError, NotFound
from pipelines.history import Run
from ui.at_work import SAVE_LINK, begin, cancel, owner, rest, tell_stopped
from ui.cartoon_faces import read_rows, render_rows, write_wishes
from ui.cartoon_film_events import FOLD as FILM_FOLD
from ui.cartoon_film_events import GO as FILM_GO
from ui.cartoon_film_events import wire_films
from ui.cartoon_films import is_film, set_film
from ui.cartoon_form import NAMES, SLIDERS, list_nets, read_options, show_mix, show_options
from ui.cartoon_swatches import draw_strip, show_swatches
from ui.cartoon_work import (
    GO,
    Posed,
    cartoonize_photo,
    draw_all_styles,
    make_file,
    name_style,
    pose,
    set_scene,
    try_out,
)
from ui.event_facts import EVERY, NEWEST, facts_of
from ui.failures import explain, told
from ui.links import anchor
from ui.memory import keep_form, recall
from ui.part import Part, Room
from ui.photo_input import need_photo, pick_example
from ui.run_facts import remember, save_as
from ui.stage import DRAWINGS, Scene, render_stage
from ui.stops import Stopped, stoppable
from ui.texts import voice
from ui.upload import Upload, put_back

if TYPE_CHECKING:
    from ui.cartoon_tab import Widgets

log = logging.getLogger(__name__)

QUIET = {"api_visibility": "private", "show_progress": "hidden"}
RAW = {"preprocess": False}
"""For events that take a picture, see ui/upload.py. All other values are checked by CartoonOptions."""
HEAVY = {"concurrency_id": "pictures", "api_visibility": "private"}
STYLE, FACES, NET, SIZE = (NAMES.index(name) for name in ("style", "faces", "net", "size"))
SHEET = "cartoon-sheet"
FORM = 7
"""Where the form's values begin among the outputs that show a run."""


def wire(room: Room, w: Widgets) -> Part:
    """Connect the tab's events; returns what the history needs of it."""
    picked = w.examples.select(pick_example(room), None, w.photo, queue=False, **QUIET, **EVERY)
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
    _wire_trials(room, w)
    _wire_clear(room, w)
    _wire_saves(room, w)
    shown = [w.stage, w.run, w.memory, w.save_row, w.photo, w.posed, w.form.rows, *w.form.inputs]
    shown += [w.films.file, w.form.mix_box]
    keep_form(w.memory, w.form.inputs, read_options)
    loaded = room.blocks.load(_recall(room, len(shown)), w.memory, shown, queue=False, **QUIET)
    _wire_swatches(room, w, loaded)
    filmed = wire_films(room, w.films, w.form.inputs, [w.stage, w.run, w.save_row], w.delivery, TASK)
    rested = [each.then(rest, None, [w.go, w.cancel], queue=False, **QUIET) for each in works]
    return Part(
        TASK,
        shown,
        _reopen(room),
        _refresh(room, len(shown)),
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
    begun = listen(begin(room, DRAWINGS), w.photo, shown, queue=False, **QUIET, **RAW)
    return _follow(room, w, begun.success, work)


def _wire_style(room: Room, w: Widgets) -> Any:
    """Another style is drawn at once, over the drawing that is there, which stays until then."""

    def ready(photo: Any) -> tuple[Any, Any]:
        return gr.Button(interactive=photo is None), gr.Button(visible=photo is not None)

    chosen = w.form.parts["style"].input(
        ready, w.photo, [w.go, w.cancel], queue=False, **QUIET, **RAW, **NEWEST
    )
    return _follow(room, w, chosen.success, cartoonize_photo)


def _follow(room: Room, w: Widgets, listen: Callable[..., Any], work: Callable[..., Run]) -> Any:
    worked = listen(
        _work(room, work),
        [w.photo, w.posed, *w.form.inputs],
        _outputs(w),
        trigger_mode="always_last",
        concurrency_limit=room.studio.settings.workers,
        show_progress="full",
        show_progress_on=w.stage,
        **HEAVY,
        **RAW,
    )
    w.cancel.click(
        cancel(room, DRAWINGS), None, [w.go, w.cancel, w.stage], cancels=[worked], queue=False, **QUIET
    )
    _wire_swatches(room, w, worked)
    return worked


def _wire_swatches(room: Room, w: Widgets, after: Any) -> None:
    after.success(
        _paint(room),
        [w.posed, w.painted, w.form.parts["net"]],
        [w.form.swatches, w.painted],
        trigger_mode="always_last",
        concurrency_limit=1,
        **QUIET,
    )


def _wire_trials(room: Room, w: Widgets) -> None:
    """What is changed shows at once, small; only the primary button makes a result of it."""
    parts, values = w.form.parts, [w.posed, *w.form.inputs]
    triggers = [parts[name].release for name in SLIDERS]
    triggers += [parts["style_b"].input, parts["net"].input]
    wished = w.form.rows.select(_wish(room), None, parts["faces"], queue=False, **QUIET, **EVERY)
    for listen in (partial(gr.on, triggers), wished.success):
        listen(
            _try(room),
            values,
            [w.stage, w.save_row],
            trigger_mode="always_last",
            concurrency_limit=room.studio.settings.workers,
            show_progress="minimal",
            show_progress_on=w.stage,
            **HEAVY,
            **RAW,
        )


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
    w.photo.clear(lambda: values, None, [*shown, w.form.swatches, w.painted], queue=False, **QUIET)


def _wire_saves(room: Room, w: Widgets) -> None:
    for kind, button in w.saves.items():
        made = button.click(
            _save(room, kind),
            w.run,
            w.delivery,
            concurrency_limit=4,
            api_visibility="private",
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
        values, whose = [style, *rest], owner(request, DRAWINGS)
        event = room.stops.begin(whose)

        def step(fraction: float, what: str) -> None:
            progress(fraction, desc=speak(f"progress.{what}"))

        try:
            given = need_photo(photo, room)
            posed = pose(studio, given, float(values[SIZE]), before)
            fresh = before is None or before.sha256 != posed.sha256
            values[FACES] = "all" if fresh else values[FACES]
            run = make(studio, room.previews, given, read_options(values), stoppable(step, event))
            return *_stand(room, run, posed), posed, *_rows(room, posed, before, values), _nets(room)
        except Stopped:
            stage = tell_stopped(room, DRAWINGS)
        except Exception as error:  # told on the stage; what is not Inkframe's own is logged in explain
            stage = render_stage(Scene(failure=explain(error, room.lang)), speak, DRAWINGS)
        finally:
            room.stops.end(whose, event)
        kept = (gr.skip(),) * 3
        return stage, "", gr.skip(), gr.Row(visible=False), *kept, _nets(room)

    return work


def _rows(room: Room, posed: Posed, before: Posed | None, values: list[Any]) -> tuple[Any, Any]:
    """The rows of the faces, and what is wished for them; rows that are there stay."""
    if posed is before:
        return gr.skip(), values[FACES]
    return render_rows(posed.sitting, values[FACES], voice(room.lang)), values[FACES]


def _nets(room: Room) -> Any:
    return gr.Dropdown(choices=list_nets(room.studio, voice(room.lang)))


def _stand(room: Room, run: Run, posed: Posed) -> tuple[Any, ...]:
    """A run on the stage with its file: stage, run, memory and the row of further types."""
    scene = set_scene(room.studio, room.previews, run, posed, room.lang)
    stage = render_stage(scene, voice(room.lang), DRAWINGS)
    return stage, run.id, remember(run), gr.Row(visible=True)


def _wish(room: Room) -> Callable[..., Any]:
    def wish(event: gr.EventData) -> str:
        with told(room.lang):
            text = write_wishes(read_rows(facts_of(event).get("rows")))
            read_wishes(text, STYLES)
            return text

    return wish


def _try(room: Room) -> Callable[..., Any]:
    def look(posed: Posed | None, *values: Any) -> tuple[Any, Any]:
        if posed is None:
            return gr.skip(), gr.skip()
        with told(room.lang):
            scene = try_out(room.studio, room.previews, posed, read_options(values), room.lang)
            return render_stage(scene, voice(room.lang), DRAWINGS), gr.Row(visible=False)

    return look


def _paint(room: Room) -> Callable[..., Any]:
    def paint(posed: Posed | None, painted: str, net: str) -> tuple[Any, Any]:
        wanted = f"{posed.sha256} {net}" if posed else ""
        if posed is None or wanted == painted:
            return gr.skip(), gr.skip()
        try:
            with room.studio.gate.enter():
                strip = draw_strip(posed.sitting, net, room.studio.store)
        except InkframeError as error:
            log.info("the styles' pictures were not drawn: %s", error)
            return gr.skip(), gr.skip()
        return show_swatches(strip), wanted

    return paint


def _save(room: Room, kind: str) -> Callable[..., Any]:
    def save(run_id: str) -> str:
        with told(room.lang):
            run = room.history.get(run_id)
            saved = save_as(run, make_file(room.studio, run, kind), name_style(run))
            return anchor(saved.path, saved.name, saved.name)

    return save


def _reopen(room: Room) -> Callable[[Run], tuple[Any, ...]]:
    def reopen(run: Run, settings: dict[str, Any] | None = None) -> tuple[Any, ...]:
        values = show_options(settings or run.settings)
        mix = show_mix(str(values[NAMES.index("style_b")]))
        if is_film(run):
            return *_play(room, run), *values, str(_need_input(room, run).path), mix
        photo = _need_input(room, run)
        posed = pose(room.studio, photo, float(values[SIZE]), None)
        rows = render_rows(posed.sitting, str(values[FACES]), voice(room.lang))
        return *_stand(room, run, posed), str(photo.path), posed, rows, *values, gr.skip(), mix

    return reopen


def _need_input(room: Room, run: Run) -> Upload:
    given = put_back(room.history, run, 0, room.uploads)
    if given is None:
        raise NotFound("The run has no such file.", "Open the run again to see what it holds.")
    return given


def _play(room: Room, run: Run) -> tuple[Any, ...]:
    """A film's run: stage, run, memory, row of further types; the photo and its faces stay."""
    stage = render_stage(set_film(room.studio, run, room.lang), voice(room.lang), DRAWINGS)
    return stage, "", remember(run), gr.Row(visible=False), *(gr.skip(),) * 3


def _refresh(room: Room, count: int) -> Callable[..., Any]:
    def refresh() -> list[Any]:
        values: list[Any] = [gr.skip()] * count
        values[FORM + NET] = _nets(room)
        return values

    return refresh


def _recall(room: Room, count: int) -> Callable[..., Any]:
    reopen = _reopen(room)

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
