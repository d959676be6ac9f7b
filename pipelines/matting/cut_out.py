"""The corridor of one picture: net, refinement, outline, foreground colours."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from pipelines.credits import Net
from pipelines.image import Picture
from pipelines.image.seen import seen
from pipelines.matting.edges import shape_alpha
from pipelines.matting.find import find_matte
from pipelines.matting.foreground import estimate_foreground
from pipelines.matting.options import MattingOptions
from pipelines.matting.refine import refine_alpha
from pipelines.progress import Progress, Stopwatch, silent
from weights.store import ModelStore

NOTHING_FOUND_NOTE = "No subject was found: the result is all but empty. Try another model."
FOUND = 0.5
"""An alpha that a subject reaches somewhere; a net that sees none says little everywhere, rarely nothing."""
CLOSE = 7
"""How far, in px, from transparent parts a net on white may lay the edge of an opaque subject."""


@dataclass(frozen=True)
class CutOut:
    """A subject: `rgb` uint8 HWC with its own colours (0 where `alpha` is 0), `alpha` uint8 HW."""

    rgb: np.ndarray
    alpha: np.ndarray
    picture: Picture
    nets: tuple[Net, ...]
    device: str
    timings: dict[str, float]
    notes: tuple[str, ...]


def cut_out(
    picture: Picture, options: MattingOptions, store: ModelStore, progress: Progress = silent
) -> CutOut:
    """Find the subject of a picture.

    An alpha that came with the picture is respected: the result is nowhere more opaque. When a GPU runs out
    of memory the picture is done again on the CPU and a note says so. Raises ModelUnknown, ModelMissing,
    ModelDamaged, OutOfMemory.
    """
    watch, shown = Stopwatch(), seen(picture)
    progress(0.05, "Looking for the subject")
    with watch.step("model"):
        matte = find_matte(shown, options.model, store)
    progress(0.45, "Drawing the edges")
    with watch.step("refine"):
        refined = refine_alpha(shown, matte.alpha, options.refine, matte.map_side)
        alpha = finish_alpha(refined.alpha, picture.alpha, options)
    progress(0.75, "Cleaning the colours")
    with watch.step("colours"):
        rgb = own_colours(picture, shown, alpha, options)
    alpha8 = np.rint(alpha * 255).astype(np.uint8)
    rgb = cv2.copyTo(rgb, alpha8)  # 0 where alpha is
    empty = "" if matte.alpha.max() >= FOUND and alpha8.any() else NOTHING_FOUND_NOTE
    notes = tuple(note for note in (*picture.notes, *matte.notes, refined.note, empty) if note)
    return CutOut(rgb, alpha8, picture, matte.nets, matte.device, watch.seconds, notes)


def finish_alpha(alpha: np.ndarray, own: np.ndarray | None, options: MattingOptions) -> np.ndarray:
    """Shape the outline as asked and keep within the picture's own alpha; float32 HW in 0..1."""
    shaped = shape_alpha(
        alpha,
        edge=options.edge,
        feather=options.feather,
        threshold=options.threshold,
        fill_holes=options.fill_holes,
        largest=options.largest,
    )
    return shaped if own is None else np.minimum(shaped, own.astype(np.float32) / 255)


def own_colours(
    picture: Picture, shown: np.ndarray, alpha: np.ndarray, options: MattingOptions
) -> np.ndarray:
    """The subject's colours without the old background's; always a new array.

    `shown`: what a viewer sees of the picture. Where it is transparent itself, or close to that, its colours
    stay: the white that is seen behind it is not in them.
    """
    if options.despill == 0:
        return picture.rgb.copy()
    mode = "fine" if options.refine == "fine" else "fast"
    rgb = estimate_foreground(shown, alpha, mode, options.despill)
    if picture.alpha is not None:
        least = cv2.erode(picture.alpha, np.ones((2 * CLOSE + 1, 2 * CLOSE + 1), np.uint8))
        np.copyto(rgb, picture.rgb, where=least[..., None] < 255)
    return rgb
