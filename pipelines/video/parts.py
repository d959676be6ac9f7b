"""The finished parts of a film: short films whose names say which frames they hold."""

from __future__ import annotations

import re
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from pipelines.history.writing import writing
from pipelines.video.write import VideoWriter

PARTS, MADE_WITH = "parts", "made_with"
"""In a job's folder: the parts, and what they were made with."""
LENGTH = 100
"""Frames of a part: what may have to be drawn again when the power fails."""
NAME = re.compile(r"part-(\d{8})-(\d{8})\.mp4")


def begin_parts(folder: Path, made_with: str) -> int:
    """How many frames are drawn already; what was made otherwise is dropped.

    Raises DiskFull, OutputsUnwritable.
    """
    note, parts = folder / MADE_WITH, folder / PARTS
    with writing(folder):
        parts.mkdir(exist_ok=True)
        if not note.exists() or note.read_text("utf-8") != made_with:
            drop_parts(parts)
            note.write_text(made_with, "utf-8")
    return list_parts(parts)[1]


def list_parts(folder: Path) -> tuple[list[Path], int]:
    """The parts that follow each other from the first frame on, and how many frames they hold."""
    found = sorted(
        (int(m[1]), int(m[2]), path) for path in folder.iterdir() if (m := NAME.fullmatch(path.name))
    )
    parts, done = [], 0
    for start, end, path in found:
        if start == done and end > start:
            parts.append(path)
            done = end
    return parts, done


def drop_parts(folder: Path) -> None:
    """Remove all parts, and what was being written."""
    for path in folder.iterdir():
        if NAME.fullmatch(path.name) or path.name.endswith(".partial"):
            path.unlink(missing_ok=True)


class PartsWriter:
    """Writes frames into parts of LENGTH. A context manager: what was drawn stays, whatever ends it."""

    def __init__(self, folder: Path, rate: Fraction, start: int, **making: Any) -> None:
        """`start`: number of the first frame; `making`: further options of VideoWriter."""
        self._folder, self._rate, self._making = folder, rate, making
        self._start = self._at = start
        self._part: VideoWriter | None = None

    def __enter__(self) -> PartsWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._finish()
            return
        with suppress(Exception):  # what ended the work is told, not what it broke
            self._finish()

    def write(self, rgb: np.ndarray) -> None:
        """Add a frame, RGB uint8 HWC. Raises OSError."""
        if self._part is None:
            size = (rgb.shape[1], rgb.shape[0])
            self._part = VideoWriter(self._folder / "part.mp4", size, self._rate, **self._making)
        self._part.write(rgb)
        self._at += 1
        if self._at - self._start >= LENGTH:
            self._finish()

    def _finish(self) -> None:
        if self._part is None:
            return
        part, self._part = self._part, None
        part.close()
        name = f"part-{self._start:08d}-{self._at:08d}.mp4"
        (self._folder / "part.mp4").replace(self._folder / name)
        self._start = self._at
