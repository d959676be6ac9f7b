"""Small pictures of drawings for the stage: of kept runs, which can be made again, and of trials."""

from __future__ import annotations

import uuid
from pathlib import Path

import numpy as np

from pipelines.cartoon.cartoonize import Cartoon
from pipelines.errors import NotFound
from pipelines.history import History, Run
from pipelines.image import Picture, encode_image, open_image, resize_to_fit
from pipelines.image.seen import seen
from pipelines.matting.save import MAX_KEPT_PIXELS
from ui.previews import LONGEST, SOURCE_FILE, Previews, View, shrink_cutout, write_file

STEM = "drawing"
TRIAL = "trial-"


def keep_drawing(previews: Previews, run: Run, made: Cartoon, picture: Picture) -> None:
    """Make a fresh run's previews from the arrays that are at hand anyway."""
    write_pair(previews.folder / run.id, made.source, made.rgb, made.alpha, picture.icc)
    previews.forget_oldest()


def keep_trial(previews: Previews, made: Cartoon, icc: bytes | None, subject: str) -> View:
    """The view of a drawing that is not kept."""
    folder = previews.folder / f"{TRIAL}{uuid.uuid4().hex}"
    write_pair(folder, made.source, made.rgb, made.alpha, icc)
    previews.forget_oldest()
    return read_pair(folder, subject)


def show_drawing(previews: Previews, run: Run, history: History) -> View:
    """The view of a run; without an original for a sheet, which has it in itself.

    Raises NotFound when the run's files are gone.
    """
    folder = previews.folder / run.id
    if not list(folder.glob(f"{STEM}.*")):
        drawn = open_image(history.file(run.id, run.results[0]), max_pixels=MAX_KEPT_PIXELS)
        source = None if is_sheet(run) else _open_source(run, history, drawn)
        write_pair(folder, source, drawn.rgb, drawn.alpha, drawn.icc)
    return read_pair(folder, run.inputs[0].sha256 + ("" if not is_sheet(run) else " sheet"))


def is_sheet(run: Run) -> bool:
    """Whether a run shows all styles side by side."""
    return run.results[0].startswith("sheet.")


def write_pair(
    folder: Path, source: np.ndarray | None, rgb: np.ndarray, alpha: np.ndarray | None, icc: bytes | None
) -> None:
    """The original, if any, and the drawing, with its alpha where it has one."""
    folder.mkdir(parents=True, exist_ok=True)
    if source is not None:
        small = resize_to_fit(source, LONGEST)
        write_file(folder / SOURCE_FILE, encode_image(small, None, format="jpeg", icc=icc))
    if alpha is None:
        small = resize_to_fit(rgb, LONGEST)
        write_file(folder / f"{STEM}.jpg", encode_image(small, None, format="jpeg", icc=icc))
    else:
        write_file(
            folder / f"{STEM}.png", encode_image(*shrink_cutout(rgb, alpha, LONGEST), format="png", icc=icc)
        )


def read_pair(folder: Path, subject: str) -> View:
    """The view of what `write_pair` wrote."""
    drawing = next(folder.glob(f"{STEM}.*"))
    before = folder / SOURCE_FILE
    picture = open_image(drawing, max_pixels=MAX_KEPT_PIXELS)
    height, width = picture.rgb.shape[:2]
    return View(before if before.exists() else None, None, drawing, width, height, subject)


def _open_source(run: Run, history: History, drawn: Picture) -> np.ndarray | None:
    try:
        source = open_image(history.file(run.id, run.inputs[0].file), max_pixels=MAX_KEPT_PIXELS)
    except NotFound:
        return None
    return resize_to_fit(seen(source), max(drawn.rgb.shape[:2]))
