"""Make a training's photos ready: upright and of a size that costs no time to read again at every step."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import BadInput, NotAnImage, TooLarge
from pipelines.history.keeping import link_or_copy
from pipelines.history.writing import writing
from pipelines.image import encode_image, resize_to_fit
from pipelines.jobs.work import Work
from pipelines.webcam.my_style_files import AS_THEY_CAME, PHOTOS, SAMPLES, SHOWN

if TYPE_CHECKING:
    from pipelines.studio import Studio

LONGEST = 1024
"""Px of a photo's longer side; pieces of 384 px are cut from it."""
ON_SHEET = 3


def prepare_photos(studio: Studio, work: Work) -> None:
    """Turn what came into JPEG files; what can't be read is left out. Goes on where it was stopped.

    Raises Stopped, DiskFull, OutputsUnwritable.
    """
    given = sorted((work.folder / AS_THEY_CAME).glob("*"))
    for path in given:
        work.check()
        work.tell(current="Reading the photos")
        with writing(studio.settings.outputs):
            _prepare_one(studio, path, work.folder / PHOTOS / f"{path.stem}.jpg")
            path.unlink()
    ready = sorted((work.folder / PHOTOS).glob("*"))[:ON_SHEET]
    with writing(studio.settings.outputs):
        _show(ready or SAMPLES, work.folder / SHOWN)


def _prepare_one(studio: Studio, path: Path, ready: Path) -> None:
    try:
        rgb = resize_to_fit(studio.open(path).rgb, LONGEST)
    except (BadInput, NotAnImage, TooLarge):
        return
    growing = ready.with_name(f".{ready.name}.partial")
    growing.write_bytes(encode_image(rgb, None, format="jpeg"))
    os.replace(growing, ready)


def _show(photos: Iterable[Path], folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for number, path in enumerate(photos):
        place = folder / f"{number}{path.suffix}"
        if not place.exists():
            link_or_copy(path, place)
