"""Make a run of a cut-out: the folder that history keeps, with results that carry their labels."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

import cv2
import numpy as np

from pipelines.credits import describe_nets, name_nets
from pipelines.history import Draft, History, Run
from pipelines.history.draft import THUMBNAIL_SIDE
from pipelines.history.keeping import keep_input
from pipelines.image import Picture, encode_image, open_image, resize_to_fit
from pipelines.image.colour import in_srgb
from pipelines.image.seen import seen, seen_in_srgb
from pipelines.labels import LABEL_TEXT, Label, ai_label, draw_visible_label, draw_visible_label_on_cutout
from pipelines.matting.compose import compose, lay_over, subject_box
from pipelines.matting.cut_out import CutOut, cut_out
from pipelines.matting.options import MattingOptions
from pipelines.progress import Progress, Stopwatch, silent
from weights.store import ModelStore

TASK = "matting"
CUTOUT = "cutout.png"
"""In every run: the whole, uncropped subject with straight alpha, from which other backgrounds are made."""
MAX_KEPT_PIXELS = 1 << 30
"""A kept picture was within the limit when it came."""
SUFFIX = {"png": "png", "webp": "webp", "jpeg": "jpg"}
JPEG_NOTE = "JPEG has no transparency: the subject stands on white."


def cut_out_to_run(
    picture: Picture,
    options: MattingOptions,
    store: ModelStore,
    history: History,
    *,
    background: Picture | None = None,
    visible_label: bool = False,
    progress: Progress = silent,
) -> tuple[Run, CutOut]:
    """Cut a picture out and keep the result as a run.

    The run's first result is what the options ask for; `cutout.png` is always among them. Raises what
    `cut_out` raises, InvalidOption, OutputsUnwritable, DiskFull; nothing half-written stays.
    """
    watch = Stopwatch()
    with history.draft(TASK) as draft:
        with watch.step("total"):
            result = cut_out(picture, options, store, progress)
            progress(0.85, "Writing the result")
            with watch.step("encode"):
                look = Look.of(options, background, visible_label)
                names, notes = _write_results(draft, result, look)
                inputs = [keep_input(draft, "input", picture)]
                inputs += [keep_input(draft, "background", background)] if background else []
        run = draft.save(
            inputs=inputs,
            settings=asdict(options),
            model=describe_nets(result.nets),
            device=result.device,
            timings={name: round(took, 4) for name, took in (result.timings | watch.seconds).items()},
            results=names,
            notes=(*result.notes, *notes),
            thumbnail=make_thumbnail(result.rgb, result.alpha, picture.icc),
        )
    progress(1.0, "Done")
    return run, result


def restyle_run(
    run_id: str,
    options: MattingOptions,
    history: History,
    *,
    background: Picture | None = None,
    visible_label: bool = False,
) -> tuple[Run, str]:
    """Give a finished run another background, crop or file type without asking the model again.

    Returns the run and the name of the further result in it. Raises NotFound, InvalidOption,
    OutputsUnwritable, DiskFull.
    """
    run = history.get(run_id)
    look = Look.of(options, background, visible_label)
    source = _reopen(history, run, run.inputs[0].file)
    cutout = _reopen(history, run, CUTOUT)
    if background is None and look.background == "picture":
        look = replace(look, picture=_kept_background(history, run))
    alpha = cutout.alpha if cutout.alpha is not None else np.full(cutout.rgb.shape[:2], 255, np.uint8)
    data, _ = render(cutout.rgb, alpha, source, look, ai_label(TASK, run_id=run.id, model=run.model["id"]))
    name = f"{look.name}.{SUFFIX[look.format]}"
    return history.add_result(run.id, name, data), name


@dataclass(frozen=True)
class Look:
    """How a cut-out is shown: the options that need no model; `picture` in sRGB."""

    background: str
    picture: np.ndarray | None
    blur: float
    crop: bool
    margin: float
    format: str
    visible_label: bool

    @classmethod
    def of(cls, options: MattingOptions, background: Picture | None, visible_label: bool) -> Look:
        """The look that options ask for, on a background picture where there is one."""
        return cls(
            options.background,
            None if background is None else seen_in_srgb(background),
            options.blur,
            options.crop,
            options.margin,
            options.format,
            visible_label,
        )

    @property
    def name(self) -> str:
        """File name, without its ending, of a further result of this look."""
        words = [self.background.lstrip("#").lower(), "cropped" if self.crop else ""]
        return "-".join(["on", *filter(None, words)])

    @property
    def is_plain(self) -> bool:
        """Whether it is the cut-out itself, as cutout.png holds it."""
        plain = self.background == "transparent" and self.format == "png"
        return plain and not self.crop and not self.visible_label


def render(
    rgb: np.ndarray, alpha: np.ndarray, source: Picture, look: Look, label: Label
) -> tuple[bytes, str]:
    """The file of one look, and a note or ""; ICC profile, resolution and AI label go with it."""
    rows, columns = subject_box(alpha, look.margin) if look.crop else (slice(None), slice(None))
    out, kept = lay_on_background(rgb, alpha, source, look)
    out, kept, note = out[rows, columns], None if kept is None else kept[rows, columns], ""
    if look.format == "jpeg" and kept is not None:
        out, kept, note = lay_over(out, kept, np.full((1, 1, 3), 255, np.uint8)), None, JPEG_NOTE
    if look.visible_label:
        out, kept = label_visibly(out, kept)
    data = encode_image(
        np.ascontiguousarray(out),
        None if kept is None else np.ascontiguousarray(kept),
        format=look.format,
        icc=source.icc,
        dpi=source.dpi,
        xmp=label.xmp,
        text=label.text,
    )
    return data, note


def lay_on_background(
    rgb: np.ndarray, alpha: np.ndarray, source: Picture, look: Look
) -> tuple[np.ndarray, np.ndarray | None]:
    """The subject on the background of a look, uncropped; what `compose` gives and raises."""
    return compose(
        rgb,
        alpha,
        seen(source),
        look.background,
        picture=look.picture,
        blur=look.blur,
        icc=source.icc,
    )


def label_visibly(rgb: np.ndarray, alpha: np.ndarray | None) -> tuple[np.ndarray, np.ndarray | None]:
    """Print the AI label into a corner; on a cut-out its plate is opaque."""
    if alpha is None:
        return draw_visible_label(rgb, LABEL_TEXT), None
    return draw_visible_label_on_cutout(rgb, alpha, LABEL_TEXT)


def make_thumbnail(rgb: np.ndarray, alpha: np.ndarray, icc: bytes | None) -> np.ndarray:
    """The subject, small, in sRGB; uint8 RGBA."""
    small = in_srgb(resize_to_fit(rgb, THUMBNAIL_SIDE), icc)
    size = (small.shape[1], small.shape[0])
    return np.dstack([small, cv2.resize(alpha, size, interpolation=cv2.INTER_AREA)])


def _write_results(draft: Draft, result: CutOut, look: Look) -> tuple[list[str], list[str]]:
    label = ai_label(TASK, run_id=draft.id, model=name_nets(result.nets))
    plain = replace(look, background="transparent", crop=False, format="png", visible_label=False)
    draft.add(CUTOUT, render(result.rgb, result.alpha, result.picture, plain, label)[0])
    if look.is_plain:
        return [CUTOUT], []
    data, note = render(result.rgb, result.alpha, result.picture, look, label)
    name = f"result.{SUFFIX[look.format]}"
    draft.add(name, data)
    return [name, CUTOUT], [note] if note else []


def _reopen(history: History, run: Run, name: str) -> Picture:
    return open_image(history.file(run.id, name), max_pixels=MAX_KEPT_PIXELS)


def _kept_background(history: History, run: Run) -> np.ndarray | None:
    kept = [each.file for each in run.inputs[1:] if each.file]
    return seen_in_srgb(_reopen(history, run, kept[0])) if kept else None
