"""What happens in the Matting tab, and in which order."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import gradio as gr

from pipelines.errors import InkframeError, NotFound
from pipelines.history import Run
from pipelines.matting.save import TASK
from ui.at_work import SAVE_LINK, begin, cancel, clear, owner, rest
from ui.event_facts import NEWEST, RAW
from ui.failures import explain, told
from ui.links import anchor
from ui.matting_form import GROUND, LOOKS, list_models, read_options, show_boxes, show_options
from ui.matting_work import cut, look_at, make_file, restyled, set_scene
from ui.memory import keep_form, recall
from ui.part import Part, Room
from ui.photo_input import need_photo, pick_example
from ui.run_facts import remember, save_as
from ui.stage import CUTOUTS, Scene, render_stage
from ui.stops import Stopped, stoppable
from ui.texts import voice
from ui.upload import put_back, read_upload

if TYPE_CHECKING:
    from ui.matting_tab import Widgets

log = logging.getLogger(__name__)

GO, CUTOUT = "matting-go", "cutout"


def wire(room: Room, w: Widgets) -> Part:
    """Connect the tab's events; returns what the history needs of it."""
    picked = w.examples.select(pick_example(room), None, w.photo)
    asked = partial(gr.on, [w.photo.upload, w.go.click])
    finished = [_wire_run(room, w, listen) for listen in (asked, picked.success)]
    _wire_clear(room, w)
    _wire_looks(room, w)
    _wire_saves(room, w)
    shown = [w.stage, w.run, w.memory, w.save_row, w.photo, w.form.picture, *w.form.inputs, *w.form.boxes]
    keep_form(w.memory, w.form.inputs, read_options)
    model = w.form.parts["model"]
    room.blocks.load(_recall(room, len(shown)), w.memory, [*shown, model])
    return Part(TASK, shown, _reopen(room), go=GO, finished=finished, photo=w.photo)


def _wire_run(room: Room, w: Widgets, listen: Callable[..., Any]) -> Any:
    """From the wish for a cut-out to its end: what is shown before, the work, what is shown after."""
    begun = listen(begin(room, CUTOUTS), w.photo, [w.go, w.cancel, w.stage, w.save_row], **RAW)
    worked = begun.success(
        _work(room),
        [w.photo, w.form.picture, *w.form.inputs],
        [w.stage, w.run, w.memory, w.save_row, w.form.parts["model"]],
        concurrency_limit=room.studio.settings.workers,
        concurrency_id="pictures",
        show_progress="full",
        show_progress_on=w.stage,
        **NEWEST,
        **RAW,
    )
    w.cancel.click(cancel(room, CUTOUTS), None, [w.go, w.cancel, w.stage], cancels=[worked])
    return worked.then(rest(room, CUTOUTS), None, [w.go, w.cancel], **NEWEST)


def _wire_clear(room: Room, w: Widgets) -> None:
    values = render_stage(Scene(), voice(room.lang)), "", gr.Row(visible=False)
    w.photo.clear(clear(room, CUTOUTS, values), None, [w.stage, w.run, w.save_row])


def _wire_looks(room: Room, w: Widgets) -> None:
    """A look changes at once: first the view, then the file."""
    parts = w.form.parts
    triggers = [parts["ground"].input, parts["colour"].input, parts["crop"].input, w.form.picture.upload]
    triggers += [parts[name].release for name in LOOKS if hasattr(parts[name], "release")]
    values = [w.run, w.form.picture, *w.form.inputs]
    seen = gr.on(
        triggers,
        _look(room),
        values,
        w.stage,
        concurrency_limit=4,
        **NEWEST,
        **RAW,
    )
    seen.success(_finish_look(room), values, [w.stage, w.memory], concurrency_limit=4, **NEWEST, **RAW)


def _wire_saves(room: Room, w: Widgets) -> None:
    for kind, button in w.saves.items():
        made = button.click(
            _save(room, kind),
            [w.run, w.form.picture, *w.form.inputs],
            w.delivery,
            concurrency_limit=4,
            show_progress="minimal",
            show_progress_on=button,
            **RAW,
        )
        made.success(None, None, None, js=SAVE_LINK.format(TASK))


def _work(room: Room) -> Callable[..., Any]:
    speak = voice(room.lang)

    def work(
        request: gr.Request,
        photo: Any,
        picture: Any,
        progress: Any = gr.Progress(),  # noqa: B008 (how Gradio hands it over)
        *values: Any,
    ) -> tuple[Any, ...]:
        def step(fraction: float, what: str) -> None:
            progress(fraction, desc=speak(f"progress.{what}"))

        try:
            with room.stops.work(owner(request, CUTOUTS)) as event:
                options, behind = read_options(values), read_upload(picture, room.uploads)
                given = need_photo(photo, room)
                run = cut(room.studio, room.previews, given, behind, options, stoppable(step, event))
                return (*_stand(room, run, options, behind), _models(room))
        except Stopped:  # what stopped it has told the stage
            return (gr.skip(),) * 5
        except Exception as error:  # told on the stage; what is not Inkframe's own is logged in explain
            stage = render_stage(Scene(failure=explain(error, room.lang)), speak)
        return stage, "", gr.skip(), gr.Row(visible=False), _models(room)

    return work


def _models(room: Room) -> Any:
    return gr.Dropdown(choices=list_models(room.studio, room.lang))


def _stand(room: Room, run: Run, options: Any, picture: Any) -> tuple[Any, ...]:
    """A run on the stage with its file: stage, run, memory and the row of further types."""
    view = look_at(room.studio, room.previews, run, options, picture)
    path = make_file(room.studio, run, options, picture, "png")
    scene = set_scene(run, view, room.lang, save_as(run, path, CUTOUT))
    return render_stage(scene, voice(room.lang)), run.id, remember(run), gr.Row(visible=True)


def _look(room: Room) -> Callable[..., Any]:
    def look(run_id: str, picture: Any, *values: Any) -> Any:
        if not run_id or (values[GROUND] == "picture" and picture is None):
            return gr.skip()
        with told(room.lang):
            run = room.history.get(run_id)
            behind = read_upload(picture, room.uploads)
            view = look_at(room.studio, room.previews, run, read_options(values), behind)
            return render_stage(set_scene(run, view, room.lang, None), voice(room.lang))

    return look


def _finish_look(room: Room) -> Callable[..., Any]:
    def finish(run_id: str, picture: Any, *values: Any) -> Any:
        if not run_id or (values[GROUND] == "picture" and picture is None):
            return gr.skip(), gr.skip()
        with told(room.lang):
            run, options = room.history.get(run_id), read_options(values)
            stage, _, kept, _ = _stand(room, run, options, read_upload(picture, room.uploads))
            return stage, {**kept, "settings": vars(restyled(run, options))}

    return finish


def _save(room: Room, kind: str) -> Callable[..., Any]:
    def save(run_id: str, picture: Any, *values: Any) -> str:
        with told(room.lang):
            run = room.history.get(run_id)
            behind = read_upload(picture, room.uploads)
            saved = save_as(run, make_file(room.studio, run, read_options(values), behind, kind), CUTOUT)
            return anchor(saved.path, saved.name, saved.name)

    return save


def _reopen(room: Room) -> Callable[[Run], tuple[Any, ...]]:
    def reopen(run: Run, settings: dict[str, Any] | None = None) -> tuple[Any, ...]:
        values = show_options(settings or run.settings)
        options = restyled(run, read_options(values))
        photo, picture = (put_back(room.history, run, index, room.uploads) for index in (0, 1))
        if options.background == "picture" and picture is None:
            values = show_options(run.settings)
            options = restyled(run, read_options(values))
        stage, run_id, kept, row = _stand(room, run, options, picture)
        paths = [str(each.path) if each else None for each in (photo, picture)]
        return stage, run_id, kept, row, *paths, *values, *show_boxes(str(values[GROUND]))

    return reopen


def _recall(room: Room, count: int) -> Callable[..., Any]:
    reopen = _reopen(room)

    def load(kept: Any) -> tuple[Any, ...]:
        run_id, settings = recall(kept)
        skipped = [gr.skip()] * count
        with suppress(NotFound), told(room.lang):
            if run_id:
                try:
                    return (*reopen(room.history.get(run_id), settings), _models(room))  # type: ignore[call-arg]
                except InkframeError:
                    log.info("the last run can't be shown any more")
        if settings:
            values = show_options(settings)
            skipped[6:] = [*values, *show_boxes(str(values[GROUND]))]
        return (*skipped, _models(room))

    return load
