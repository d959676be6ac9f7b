"""Small pictures for the page: what the stage shows instead of files of many megapixels.

They are made of a run's own files, kept below the upload folder, and can be made again at any time.
"""

from __future__ import annotations

import hashlib
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from pipelines.history import History, Run
from pipelines.image import Picture, encode_image, open_image, resize_to_fit
from pipelines.image.seen import seen
from pipelines.matting.compose import subject_box
from pipelines.matting.cut_out import CutOut
from pipelines.matting.save import CUTOUT, MAX_KEPT_PIXELS, Look, lay_on_background

LONGEST = 1600
SOURCE_FILE, CUTOUT_FILE = "source.jpg", "cutout.png"
KEPT = 300
"""Runs whose previews stay; older ones are made again when they are opened."""


@dataclass(frozen=True)
class View:
    """What the stage shows: the original, the subject with its alpha, and - on a background, or redrawn - the
    result; at least one of the two last.

    All have the same `width` and `height`. Zoom and split stay while the `subject` does.
    """

    before: Path | None
    cutout: Path | None
    result: Path | None
    width: int
    height: int
    subject: str = ""


class Previews:
    """The previews' folder, one sub-folder a run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, run: Run, made: CutOut) -> None:
        """Make a fresh run's previews from the arrays that are at hand anyway."""
        self._write_base(run.id, seen(made.picture), made.rgb, made.alpha, made.picture.icc)
        self.forget_oldest()

    def show(self, run: Run, history: History, look: Look) -> View:
        """The view of a run with a background and crop. Raises NotFound when its files are gone."""
        folder = self.folder / run.id
        if not (folder / CUTOUT_FILE).exists():
            source = open_image(history.file(run.id, run.inputs[0].file), max_pixels=MAX_KEPT_PIXELS)
            cutout = open_image(history.file(run.id, CUTOUT), max_pixels=MAX_KEPT_PIXELS)
            self._write_base(run.id, seen(source), cutout.rgb, opacity(cutout), source.icc)
        return _style(folder, look)

    def drop(self, run_id: str) -> None:
        """Remove the previews of a deleted run."""
        shutil.rmtree(self.folder / run_id, ignore_errors=True)

    def _write_base(
        self, run_id: str, source: np.ndarray, rgb: np.ndarray, alpha: np.ndarray, icc: bytes | None
    ) -> None:
        folder = self.folder / run_id
        folder.mkdir(parents=True, exist_ok=True)
        small = shrink_cutout(rgb, alpha, LONGEST)
        write_file(
            folder / SOURCE_FILE, encode_image(resize_to_fit(source, LONGEST), None, format="jpeg", icc=icc)
        )
        write_file(folder / CUTOUT_FILE, encode_image(*small, format="png", icc=icc))

    def forget_oldest(self) -> None:
        """Keep the previews of the latest runs only."""
        folders = sorted(self.folder.iterdir(), key=made_at)
        for folder in folders[:-KEPT]:
            shutil.rmtree(folder, ignore_errors=True)


def made_at(path: Path) -> float:
    """When a folder was made; 0 for one that another visitor's request has just removed."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def shrink_cutout(rgb: np.ndarray, alpha: np.ndarray, longest: int) -> tuple[np.ndarray, np.ndarray]:
    """Scale a cut-out down without the black of its wiped parts creeping into the edges.

    Colours are averaged weighted by their alpha: scaled premultiplied, then divided again.
    """
    if max(alpha.shape) <= longest:
        return rgb, alpha
    weighted = cv2.multiply(rgb, cv2.merge([alpha, alpha, alpha]), scale=1 / 255)
    small, small_alpha = resize_to_fit(weighted, longest), resize_to_fit(alpha, longest)
    divided = small.astype(np.float32) * (255.0 / np.maximum(small_alpha, 1))[..., None]
    return np.clip(np.rint(divided), 0, 255).astype(np.uint8), small_alpha


def opacity(picture: Picture) -> np.ndarray:
    """A picture's alpha, 255 everywhere for one without."""
    return np.full(picture.rgb.shape[:2], 255, np.uint8) if picture.alpha is None else picture.alpha


def _style(folder: Path, look: Look) -> View:
    source = open_image(folder / SOURCE_FILE, max_pixels=MAX_KEPT_PIXELS)
    cutout = open_image(folder / CUTOUT_FILE, max_pixels=MAX_KEPT_PIXELS)
    alpha = opacity(cutout)
    box = subject_box(alpha, look.margin) if look.crop else (slice(None), slice(None))
    height, width = alpha[box].shape
    before, subject, result = folder / SOURCE_FILE, folder / CUTOUT_FILE, None
    key = _key(look)
    if look.crop:
        before, subject = folder / f"{key}-source.jpg", folder / f"{key}-cutout.png"
        _make(before, source.rgb[box], None, "jpeg", source.icc)
        _make(subject, cutout.rgb[box], alpha[box], "png", source.icc)
    if look.background != "transparent":
        result = folder / f"{key}.jpg"
        rgb, _ = lay_on_background(cutout.rgb, alpha, source, look)
        _make(result, rgb[box], None, "jpeg", source.icc)
    return View(before, subject, result, width, height, folder.name)


def _key(look: Look) -> str:
    behind = hashlib.sha256(look.picture.tobytes()).hexdigest() if look.picture is not None else ""
    words = f"{look.background} {behind} {look.blur} {look.crop} {look.margin}"
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def _make(path: Path, rgb: np.ndarray, alpha: np.ndarray | None, kind: str, icc: bytes | None) -> None:
    if not path.exists():
        kept = None if alpha is None else np.ascontiguousarray(alpha)
        write_file(path, encode_image(np.ascontiguousarray(rgb), kept, format=kind, icc=icc))


def write_file(path: Path, data: bytes) -> None:
    """Put a file in its place in one step."""
    partial = path.with_name(f".{uuid.uuid4().hex}")  # two sessions may open one run at once
    partial.write_bytes(data)
    partial.replace(path)
