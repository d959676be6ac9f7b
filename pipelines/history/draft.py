"""A run in the making: a folder under a temporary name that becomes the run's own when it is whole."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.history.run import RUN_FILE, Run, RunInput, write_json
from pipelines.history.writing import writing
from pipelines.image import resize_to_fit
from pipelines.image.encode import encode_image
from weights.disk import size_of

THUMBNAIL_FILE = "thumb.webp"
THUMBNAIL_SIDE = 256
LONGEST_NAME = 200
"""Bytes; file systems take 255, and a name has a prefix while it is written."""
PLAIN_NAME = re.compile(r"[^./\\\0][^/\\\0]*")


class Draft:
    """`id` is the id that the run will have, `folder` where its files are until it is `saved`."""

    def __init__(
        self, run_id: str, task: str, created: str, folder: Path, publish: Callable[[Run, Path], None]
    ) -> None:
        self.id = run_id
        self.task = task
        self.created = created
        self.folder = folder
        self.saved = False
        self._publish = publish

    def add(self, name: str, data: bytes) -> Path:
        """Write a file of the run. Raises DiskFull, OutputsUnwritable; ValueError for a name with a path."""
        check_name(name)
        path = self.folder / name
        with writing(self.folder.parent):
            path.write_bytes(data)
        return path

    def save(
        self,
        *,
        inputs: Sequence[RunInput],
        settings: Mapping[str, Any],
        model: Mapping[str, Any],
        device: str,
        timings: Mapping[str, float],
        results: Sequence[str],
        notes: Sequence[str] = (),
        thumbnail: NDArray[np.uint8] | None = None,
    ) -> Run:
        """Make it a run: write the thumbnail (from HW3 RGB or HW4 RGBA of any size) and run.json, rename.

        Raises DiskFull and OutputsUnwritable; then nothing of it stays.
        """
        if thumbnail is not None:
            self.add(THUMBNAIL_FILE, encode_thumbnail(thumbnail))
        run = Run(
            id=self.id,
            task=self.task,
            created=self.created,
            inputs=tuple(inputs),
            settings=dict(settings),
            model=dict(model),
            device=device,
            timings=dict(timings),
            results=tuple(results),
            thumbnail="" if thumbnail is None else THUMBNAIL_FILE,
            notes=tuple(notes),
            size=measure_folder(self.folder),
        )
        self.add(RUN_FILE, write_json(run).encode())
        self._publish(run, self.folder)
        self.saved = True
        return run


def encode_thumbnail(pixels: NDArray[np.uint8]) -> bytes:
    """Shrink HW3 or HW4 to at most 256 pixels a side, as WebP."""
    small = resize_to_fit(pixels, THUMBNAIL_SIDE)
    alpha = np.ascontiguousarray(small[..., 3]) if small.shape[2] == 4 else None
    return encode_image(np.ascontiguousarray(small[..., :3]), alpha, format="webp")


def measure_folder(folder: Path) -> int:
    """Bytes of the files in a folder and its sub-folders, run.json left out: it holds the figure."""
    own = folder / RUN_FILE
    return size_of(folder) - (own.stat().st_size if own.exists() else 0)


def check_name(name: str) -> None:
    """Raise ValueError unless `name` is a file name and nothing more: no path, not hidden, not too long."""
    if not PLAIN_NAME.fullmatch(name) or len(os.fsencode(name)) > LONGEST_NAME:
        raise ValueError(f"not a plain file name: {name!r}")
