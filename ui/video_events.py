"""What happens in the Image → Video tab, and in which order."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import gradio as gr

from pipelines.errors import BadInput, InkframeError, NotFound
from pipelines.history import Run
from pipelines.image_to_video.diffusion_job import KIND as DIFFUSION
from pipelines.image_to_video.film_job import KIND
from pipelines.image_to_video.film_run import TASK
from pipelines.image_to_video.slow_job import KIND as SLOW
from pipelines.image_to_video.slow_job import RESULT as SLOW_RESULT
from pipelines.image_to_video.sources import MOST
from ui.at_work import SAVE_LINK
from ui.drop_zone import Sent, clearing, read_sent, sending, settling
from ui.examples import example_file
from ui.failures import Failure, explain, told
from ui.figures import show_bytes
from ui.film_list import act, link_film, list_films, show_list
from ui.links import escape
from ui.memory import recall
from ui.part import Part, Room
from ui.stage import FILMS, Scene, render_stage
from ui.texts import voice
from ui.upload import Upload, put_back, read_upload
from ui.video_form import NAMES, TAB, read_options, show_options
from ui.video_slow import FOLD as SLOW_FOLD
from ui.video_slow import GO as SLOW_GO
from ui.video_slow import NAMES as SLOW_NAMES
from ui.video_slow import begin_slow, is_slow, show_slow
from ui.video_strip import (
    ADD,
    Item,
    add_to_strip,
    bring_in,
    fill_strip,
    find_file,
    read_item,
    read_strip,
    read_wishes,
    take_in,
)
from ui.video_work import (
    Wanted,
    begin_film,
    bring_back,
    set_film,
    set_trial,
    tell_effort,
    tell_plan,
    try_out,
    weigh_up,
)

if TYPE_CHECKING:
    from ui.video_tab import Widgets

log = logging.getLogger(__name__)

GO, FILES = "video-go", "video-files"
QUIET = {"api_visibility": "private", "show_progress": "hidden"}
RAW = {"preprocess": False}
"""For events that take files, see ui/upload.py. All other values are checked by VideoOptions."""
KINDS = (KIND, SLOW, DIFFUSION)
"""The jobs that this tab lists."""
NAMED = 3
"""Files that could not be taken and are named."""


def wire(room: Room, w: Widgets) -> Part:
    """Connect the tab's events; returns what the history needs of it."""
    _wire_arrivals(room, w)
    _wire_looks(room, w)
    _wire_go(room, w)
    filmed = _wire_films(room, w)
    shown = [w.stage, w.run, w.looked, w.strip, w.form.music, *w.form.inputs, w.slow.film, *w.slow.inputs]
    room.blocks.load(_recall(room, len(shown)), w.memory, shown, queue=False, **QUIET)
    return Part(
        TASK,
        shown,
        _reopen(room),
        go=GO,
        finished=[filmed],
        other_go={SLOW_RESULT: SLOW_GO},
        photo=w.strip,
        give=lambda upload: _give(room, upload),
        begins=False,
        film=w.slow.film,
        film_fold=SLOW_FOLD,
    )


def _wire_arrivals(room: Room, w: Widgets) -> None:
    taken = w.files.upload(
        _take(room),
        w.parcel,
        w.strip,
        js=sending(FILES),
        concurrency_limit=4,
        **QUIET,
        **RAW,
    )
    taken.success(None, None, None, js=clearing(FILES))
    taken.failure(None, None, None, js=settling(FILES))
    w.examples.select(_pick(room), None, w.strip, queue=False, **QUIET)


def _wire_looks(room: Room, w: Widgets) -> None:
    """Whatever is changed shows at once, small; what the film takes is told after it."""
    asked = [w.strip, w.form.music, *w.form.inputs]
    triggers = [w.strip.change, w.form.music.change]
    for part in w.form.inputs:
        kind = {"slider": ["release"], "number": ["submit", "blur"]}.get(part.get_block_name(), ["input"])
        triggers += [getattr(part, name) for name in kind]
    gr.on(triggers, _keep_form(room), [w.memory, *asked], w.memory, queue=False, **QUIET, **RAW)
    looked = gr.on(
        triggers,
        _look(room),
        [w.looked, *asked],
        [w.plan, w.looked, w.stage, w.run],
        trigger_mode="always_last",
        concurrency_limit=room.studio.settings.workers,
        show_progress="minimal",
        show_progress_on=w.stage,
        concurrency_id="pictures",
        api_visibility="private",
        **RAW,
    )
    looked.success(
        _weigh(room),
        [w.weighed, *asked],
        [w.effort, w.weighed],
        trigger_mode="always_last",
        concurrency_limit=room.studio.settings.workers,
        concurrency_id="pictures",
        **QUIET,
        **RAW,
    )


def _wire_go(room: Room, w: Widgets) -> None:
    for button, start, inputs in (
        (w.go, _start(room), [w.strip, w.form.music, *w.form.inputs]),
        (w.slow.go, _start_slow(room), [w.slow.film, *w.slow.inputs]),
    ):
        button.click(
            start,
            inputs,
            [*w.films.drawn, w.awaited],
            concurrency_limit=4,
            api_visibility="private",
            show_progress="minimal",
            show_progress_on=button,
            **RAW,
        )


def _wire_films(room: Room, w: Widgets) -> Any:
    """Returns an event after which there may be a new run."""
    stood = [w.stage, w.run]
    pressed = w.films.list.select(
        _press(room), None, [*w.films.drawn, *stood, w.delivery], queue=False, **QUIET
    )
    pressed.success(None, None, None, js=SAVE_LINK.format(TAB))
    for event in (w.films.clock.tick, room.blocks.load):
        event(_watch(room), w.awaited, [*w.films.drawn, *stood, w.awaited], queue=False, **QUIET)
    return w.films.ended.change(_keep, [w.run, w.memory], w.memory, queue=False, **QUIET)


def _take(room: Room) -> Callable[..., Iterator[Any]]:
    """What was dropped comes into the strip one by one; what is no picture is named."""

    def take(parcel: Any) -> Iterator[Any]:
        with told(room.lang):
            sent = read_sent(parcel, room.uploads, MOST)
            if sent is None:
                raise gr.Error(visible=False, print_exception=False)
            items: list[Item] = []
            failed: list[tuple[str, Failure]] = []
            for each in sent:
                _take_one(room, each, items, failed)
                yield add_to_strip(items, _tell_failed(room, failed))

    return take


def _take_one(room: Room, sent: Sent, items: list[Item], failed: list[tuple[str, Failure]]) -> None:
    try:
        items.append(take_in(room.studio, sent.path, sent.name, room.uploads))
    except InkframeError as error:
        failed.append((sent.name, explain(error, room.lang)))


def _tell_failed(room: Room, failed: Sequence[tuple[str, Failure]]) -> str:
    speak = voice(room.lang)
    said = [speak("strip.left_out", name=name, reason=failure.message) for name, failure in failed[:NAMED]]
    if len(failed) > NAMED:
        said.append(speak("strip.left_out_more", count=len(failed) - NAMED))
    return " ".join(said)


def _pick(room: Room) -> Callable[..., Any]:
    def pick(event: gr.EventData) -> dict[str, Any]:
        with told(room.lang):
            path = example_file(str(event._data.get("example")))
            return add_to_strip([bring_in(room.studio, path, path.name, room.uploads)])

    return pick


def _give(room: Room, upload: Upload) -> dict[str, Any]:
    return add_to_strip([take_in(room.studio, upload.path, upload.name, room.uploads)])


def _want(room: Room, strip: Any, music: Any, values: Sequence[Any]) -> Wanted:
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
            wanted = _want(room, strip, music, values)
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
            wanted = _want(room, strip, music, values)
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
            wanted = _want(room, strip, music, values)
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


def _keep(run_id: str, kept: Any) -> Any:
    """A film that was finished is on the stage after a reload, too."""
    return {**kept, "run": run_id} if run_id and isinstance(kept, dict) else gr.skip()


def _start(room: Room) -> Callable[..., Any]:
    def start(strip: Any, music: Any, *values: Any) -> tuple[Any, ...]:
        with told(room.lang):
            wanted = _want(room, strip, music, values)
            job = begin_film(room.studio, wanted, room.uploads, voice(room.lang))
            return *_list(room), job.id

    return start


def _start_slow(room: Room) -> Callable[..., Any]:
    def start(film: Any, *values: Any) -> tuple[Any, ...]:
        with told(room.lang):
            job = begin_slow(room.studio, read_upload(film, room.uploads), values, voice(room.lang))
            return *_list(room), job.id

    return start


def _list(room: Room) -> tuple[Any, ...]:
    return show_list(list_films(room.studio, *KINDS), room.lang)


def _watch(room: Room) -> Callable[..., Any]:
    """A look at the films; the one that this page waits for goes on the stage when it is done."""

    def watch(awaited: str) -> tuple[Any, ...]:
        with told(room.lang):
            still, stood = awaited, (gr.skip(), gr.skip())
            with suppress(NotFound):
                job = room.studio.jobs.get(awaited) if awaited else None
                if job is not None and job.ended:
                    still = ""
                    stood = _stand(room, room.studio.history.get(job.run)) if job.run else stood
            return *_list(room), *stood, still

    return watch


def _press(room: Room) -> Callable[..., Any]:
    def press(event: gr.EventData) -> tuple[Any, ...]:
        asked = event._data if isinstance(event._data, dict) else {}
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


def _reopen(room: Room) -> Callable[[Run], tuple[Any, ...]]:
    def reopen(run: Run) -> tuple[Any, ...]:
        stage = render_stage(set_film(room.studio, run, room.lang), voice(room.lang), FILMS)
        if is_slow(run):
            film = put_back(room.history, run, 0, room.uploads)
            kept = (gr.skip(),) * (3 + len(NAMES))
            return stage, run.id, *kept, str(film.path) if film else None, *show_slow(run.settings)
        items, music = bring_back(room.studio, run, room.uploads)
        filled = _fill(items, music, show_options(run.settings))
        return stage, run.id, *filled, *(gr.skip(),) * (1 + len(SLOW_NAMES))

    return reopen


def _fill(items: Sequence[Item], music: Upload | None, values: Sequence[Any]) -> tuple[Any, ...]:
    """The key of what is shown, strip, music and form."""
    plain = read_options(values)
    options = read_options(values, read_wishes(items, plain.motion, plain.duration))
    path = str(music.path) if music else None
    return Wanted(items, options).look, fill_strip(items), path, *values


def _recall(room: Room, count: int) -> Callable[..., Any]:
    """The form and the pictures as they were left, and the last film on the stage."""

    def load(kept: Any) -> Any:
        run_id, settings = recall(kept)
        if not settings:
            return [gr.skip()] * count
        items = _recall_pictures(kept.get("pictures"), room)
        music = _recall_music(kept.get("music"), room)
        look, *filled = *_fill(items, music, show_options(settings)), *(gr.skip(),) * (1 + len(SLOW_NAMES))
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
