"""What a change of the Cartoon tab's form shows at once, small and not kept: a drawing, and the styles' pictures."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import gradio as gr

from pipelines.cartoon.options import STYLES
from pipelines.cartoon.wishes import read_wishes
from pipelines.errors import InkframeError
from ui.cartoon_faces import read_rows, write_wishes
from ui.cartoon_form import SLIDERS, read_options
from ui.cartoon_swatches import draw_strip, show_swatches
from ui.cartoon_work import Posed, try_out
from ui.event_facts import NEWEST, RAW, facts_of
from ui.failures import told
from ui.part import Room
from ui.stage import DRAWINGS, render_stage
from ui.texts import voice

if TYPE_CHECKING:
    from ui.cartoon_tab import Widgets

log = logging.getLogger(__name__)


def wire_trials(room: Room, w: Widgets) -> None:
    """What is changed shows at once, small; only the primary button makes a result of it."""
    parts, values = w.form.parts, [w.posed, *w.form.inputs]
    triggers = [parts[name].release for name in SLIDERS]
    triggers += [parts["style_b"].input, parts["net"].input]
    wished = w.form.rows.select(_wish(room), None, parts["faces"])
    for listen in (partial(gr.on, triggers), wished.success):
        listen(
            _try(room),
            values,
            [w.stage, w.save_row],
            concurrency_limit=room.studio.settings.workers,
            concurrency_id="pictures",
            show_progress="minimal",
            show_progress_on=w.stage,
            **NEWEST,
            **RAW,
        )


def wire_swatches(room: Room, w: Widgets, after: Any) -> None:
    """The styles' pictures show the photo's own face, once `after` has found it."""
    after.success(
        _paint(room),
        [w.posed, w.painted, w.form.parts["net"]],
        [w.form.swatches, w.painted],
        concurrency_limit=1,
        **NEWEST,
    )


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
