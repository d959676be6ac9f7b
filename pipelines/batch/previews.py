"""Small pictures of a batch's results, before and after, for the page: the first ones and the last ones."""

from __future__ import annotations

import re
import threading
import time
from contextlib import suppress
from pathlib import Path

import numpy as np

from pipelines.errors import InkframeError
from pipelines.image import Picture, encode_image, open_image, resize_to_fit

SIDE = 400
FIRST, LAST = 24, 24
PAUSE = 2.5
"""Seconds between two previews after the first ones: made for each picture they would slow a batch down."""
NAME = re.compile(r"(\d+)-(\d+)-after\.webp")


class Previews:
    """The previews in one folder: `<order>-<number of the row>-before.webp` and `-after.webp`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._made = max((order for order, _, _ in list_previews(folder)), default=-1) + 1
        self._next = 0.0

    def add(self, number: int, before: bytes, after: bytes, max_pixels: int) -> None:
        """Make the preview of a row from the files of its picture and its result, unless one was made just
        now. What can't be shown is left out."""
        with self._lock:
            now = time.monotonic()
            if now < self._next:
                return
            order, self._made = self._made, self._made + 1
            self._next = now + (PAUSE if self._made >= FIRST else 0)
        with suppress(InkframeError, OSError, ValueError):
            self._folder.mkdir(parents=True, exist_ok=True)
            for name, data in (("before", before), ("after", after)):
                picture = open_image(data, max_pixels=max_pixels)
                path = self._folder / f"{order:06d}-{number:06d}-{name}.webp"
                partial = path.with_suffix(".part")
                try:
                    partial.write_bytes(shrink(picture))
                    partial.replace(path)
                finally:
                    partial.unlink(missing_ok=True)
            self._drop(order - LAST)

    def _drop(self, order: int) -> None:
        if order >= FIRST:
            for path in self._folder.glob(f"{order:06d}-*"):
                path.unlink(missing_ok=True)


def shrink(picture: Picture) -> bytes:
    """A picture as a small WebP, its transparency kept."""
    rgb = resize_to_fit(picture.rgb, SIDE)
    alpha = None if picture.alpha is None else np.ascontiguousarray(resize_to_fit(picture.alpha, SIDE))
    return encode_image(np.ascontiguousarray(rgb), alpha, format="webp")


def list_previews(folder: Path) -> list[tuple[int, int, Path]]:
    """(order, number of the row, the "after" file) of each whole preview, in the order they were made."""
    found = []
    with suppress(OSError):
        for path in folder.iterdir():
            match = NAME.fullmatch(path.name)
            if match and before_of(path).exists():
                found.append((int(match[1]), int(match[2]), path))
    return sorted(found)


def before_of(after: Path) -> Path:
    """The "before" file of a preview."""
    return after.with_name(after.name.replace("-after.", "-before."))
