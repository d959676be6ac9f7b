"""Make a shot by diffusion from end to end: draw, write frame by frame, keep it as a run."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pipelines.credits import describe_nets
from pipelines.errors import BadInput, InvalidOption
from pipelines.history import Draft, Run, RunInput
from pipelines.history.keeping import link_or_copy
from pipelines.history.writing import writing
from pipelines.image_to_video.diffusion import Drawing, Tell
from pipelines.image_to_video.diffusion_options import DiffusionOptions
from pipelines.image_to_video.diffusion_plan import Plan, plan_shot
from pipelines.image_to_video.film_files import Order, ending_of
from pipelines.image_to_video.film_run import TASK, find_poster
from pipelines.image_to_video.formats import FORMATS, Making
from pipelines.image_to_video.make_film import WRITING
from pipelines.image_to_video.sources import look
from pipelines.image_to_video.stamp import Stamp
from pipelines.labels import film_label
from pipelines.video.behind import TakesFrames, WriteBehind

if TYPE_CHECKING:
    from pipelines.studio import Studio

RESULT = "shot"
"""Stem of a result: what the camera films is called otherwise."""


def plan_order(studio: Studio, order: Order, options: DiffusionOptions) -> Plan:
    """Look at the picture and decide what is drawn. Raises what looking raises, DeviceUnavailable."""
    if len(order.pictures) != 1:
        raise BadInput(
            f"A diffusion engine films one picture, not {len(order.pictures)}.",
            "Film each by itself, or all with engine=camera.",
        )
    if order.music is not None:
        raise InvalidOption(
            "A diffusion engine's film has no music.", "Leave the music out, or use engine=camera."
        )
    return plan_shot(look(studio, order.pictures[0])[0], options, studio.device, stamped=order.visible_label)


def make_shot(
    studio: Studio,
    plan: Plan,
    tell: Tell,
    more: Mapping[str, Any] | None = None,
    before: float = 0.0,
    publish: Callable[[str], None] = lambda run_id: None,
) -> Run:
    """Draw the shot and keep it as a run; `before`: seconds of work that went before; `publish` hears the run's
    id when all is written.

    Raises what drawing raises, DiskFull, OutputsUnwritable; nothing half-written stays.
    """
    start, drawing = time.monotonic(), Drawing(studio, plan)
    with studio.history.draft(TASK) as draft:
        write_shot(studio, drawing, draft, tell)
        publish(draft.id)
        return save_shot(draft, drawing, before + time.monotonic() - start, more or {})


def write_shot(studio: Studio, drawing: Drawing, draft: Draft, tell: Tell) -> None:
    """Write the frames as they come. Stopped or failed, nothing stays.

    Raises what drawing raises, DiskFull, OutputsUnwritable.
    """
    plan = drawing.plan
    kind, rate = FORMATS[plan.options.format], plan.options.rate
    title = studio.catalogue[plan.engine.model].title
    label = film_label("diffusion", run_id=draft.id, model=title)
    making = Making(plan.size, rate, quality=plan.options.quality, xmp=label.xmp, text=label.text)
    with writing(studio.settings.outputs):
        writer = kind.open(draft.folder / name_result(plan), making)
        try:
            draw_into(writer, drawing, tell, Stamp(plan.size) if plan.stamped else None)
            tell(plan.steps, plan.steps, WRITING)
        except BaseException:
            writer.drop()
            raise
        writer.close()


def draw_into(writer: TakesFrames, drawing: Drawing, tell: Tell, stamp: Stamp | None) -> None:
    """Hand each frame on as it comes; between two of them the work may be stopped."""
    steps = drawing.plan.steps
    with WriteBehind(writer) as behind, closing(drawing.draw(tell)) as frames:
        for pixels in frames:
            behind.write(pixels if stamp is None else stamp.put(pixels))
            tell(steps, steps, WRITING)


def save_shot(draft: Draft, drawing: Drawing, seconds: float, more: Mapping[str, Any]) -> Run:
    """Save the draft, whose folder holds the film. Raises DiskFull, OutputsUnwritable."""
    plan, source = drawing.plan, drawing.plan.source
    kept = f"picture-001{ending_of(source.name)}"
    with writing(draft.folder.parent):
        link_or_copy(source.path, draft.folder / kept)
    rate = plan.options.rate
    asked = {**asdict(plan.options), "duration": round(float(plan.frames / rate), 3), "fps": str(rate)}
    facts = {"frames": plan.frames, "rate": str(rate)}
    made = {"made_width": plan.size[0], "made_height": plan.size[1], "made_memory": plan.memory}
    nets = [drawing.net] if drawing.net else []
    return draft.save(
        inputs=[RunInput(source.name, source.sha256, source.width, source.height, kept)],
        settings={**asked, **facts, **made, **more},
        model=describe_nets(nets),
        device=nets[0].device if nets else "",
        timings={"total": round(seconds, 3)},
        results=[name_result(plan)],
        notes=drawing.notes,
        thumbnail=find_poster(draft.folder / name_result(plan)),
    )


def name_result(plan: Plan) -> str:
    """The shot's file in its run."""
    return f"{RESULT}.{FORMATS[plan.options.format].ending}"
