"""Make a run of a cartoon, or of a sheet with all styles."""

from __future__ import annotations

from dataclasses import asdict, replace

import numpy as np

from pipelines.cartoon.cartoonize import Cartoon, cartoonize
from pipelines.cartoon.options import STYLES, CartoonOptions
from pipelines.cartoon.sheet import draw_sheet
from pipelines.credits import Net, describe_nets, name_nets
from pipelines.history import History, Run
from pipelines.history.draft import THUMBNAIL_SIDE
from pipelines.history.keeping import keep_input
from pipelines.image import Picture, encode_image, resize_to_fit
from pipelines.image.colour import in_srgb
from pipelines.labels import LABEL_TEXT, Label, ai_label, draw_visible_label, draw_visible_label_on_cutout
from pipelines.matting.compose import lay_over
from pipelines.progress import Progress, Stopwatch, silent
from weights.store import ModelStore

TASK = "cartoon"
SUFFIX = {"png": "png", "webp": "webp", "jpeg": "jpg"}
JPEG_NOTE = "JPEG has no transparency: the picture stands on white."
SHEET_SIDE = 640
"""Longest side, in px, of each picture on a sheet."""


def cartoonize_to_run(
    picture: Picture,
    options: CartoonOptions,
    store: ModelStore,
    history: History,
    *,
    visible_label: bool = False,
    progress: Progress = silent,
) -> tuple[Run, Cartoon]:
    """Redraw a picture and keep the result as a run.

    Raises what `cartoonize` raises, OutputsUnwritable, DiskFull; nothing half-written stays.
    """
    watch = Stopwatch()
    with history.draft(TASK) as draft:
        with watch.step("total"):
            made = cartoonize(picture, options, store, progress)
            with watch.step("save"):
                label = ai_label(TASK, run_id=draft.id, model=name_nets(made.nets))
                data, notes = render(made, options.format, picture, label, visible_label)
                name = f"cartoon.{SUFFIX[options.format]}"
                draft.add(name, data)
                inputs = [keep_input(draft, "input", picture)]
        run = draft.save(
            inputs=inputs,
            settings=asdict(options),
            model=describe_nets(made.nets),
            device=made.nets[0].device,
            timings={step: round(took, 4) for step, took in (made.timings | watch.seconds).items()},
            results=[name],
            notes=(*made.notes, *notes),
            thumbnail=in_srgb(resize_to_fit(on_white(made), THUMBNAIL_SIDE), picture.icc),
        )
    progress(1.0, "Done")
    return run, made


def sheet_to_run(
    picture: Picture,
    options: CartoonOptions,
    store: ModelStore,
    history: History,
    *,
    visible_label: bool = False,
    progress: Progress = silent,
) -> Run:
    """Draw a picture in every style, side by side with the photo, and keep the sheet as a run.

    Raises what `cartoonize_to_run` raises.
    """
    watch = Stopwatch()
    small, drawn = replace(options, style_b="", size=float(SHEET_SIDE)), dict[str, np.ndarray]()
    nets: list[Net] = []
    with history.draft(TASK) as draft:
        with watch.step("total"):
            for index, style in enumerate(STYLES):
                progress(index / len(STYLES), "Drawing the sheet")
                made = cartoonize(picture, replace(small, style=style), store)
                drawn[style], nets = on_white(made), [*nets, *made.nets]
            sheet = draw_sheet({"photo": made.source, **drawn})
            label = ai_label(TASK, run_id=draft.id, model=name_nets(nets))
            rgb = draw_visible_label(sheet, LABEL_TEXT) if visible_label else sheet
            data = encode_image(rgb, None, format="png", icc=picture.icc, xmp=label.xmp, text=label.text)
            draft.add("sheet.png", data)
            inputs = [keep_input(draft, "input", picture)]
        run = draft.save(
            inputs=inputs,
            settings={**asdict(options), "style": "all"},
            model=describe_nets(nets),
            device=nets[0].device,
            timings={"total": round(watch.seconds["total"], 4)},
            results=["sheet.png"],
            notes=made.notes,
            thumbnail=in_srgb(resize_to_fit(sheet, THUMBNAIL_SIDE), picture.icc),
        )
    progress(1.0, "Done")
    return run


def render(
    made: Cartoon, kind: str, source: Picture, label: Label, visible_label: bool
) -> tuple[bytes, tuple[str, ...]]:
    """The result's file and what is to be said of it; ICC profile, resolution and AI label go with it."""
    rgb, alpha = made.rgb, made.alpha
    notes: tuple[str, ...] = ()
    if alpha is not None and kind == "jpeg":
        rgb, alpha, notes = on_white(made), None, (JPEG_NOTE,)
    if visible_label:
        if alpha is None:
            rgb = draw_visible_label(rgb, LABEL_TEXT)
        else:
            rgb, alpha = draw_visible_label_on_cutout(rgb, alpha, LABEL_TEXT)
    data = encode_image(
        rgb, alpha, format=kind, icc=source.icc, dpi=source.dpi, xmp=label.xmp, text=label.text
    )
    return data, notes


def on_white(made: Cartoon) -> np.ndarray:
    """The drawing as it is seen on white; RGB uint8 HWC."""
    if made.alpha is None:
        return made.rgb
    return lay_over(made.rgb, made.alpha, np.full((1, 1, 3), 255, np.uint8))
