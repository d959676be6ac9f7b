"""Pictures that a user keeps under names of their own: one file each, written whole or not at all."""

from __future__ import annotations

import hashlib
import logging
import os
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import cv2
import numpy as np

from pipelines.errors import InvalidOption, NotFound
from pipelines.history.writing import writing
from pipelines.image import Picture, encode_image, resize_to_fit
from pipelines.image.seen import seen_in_srgb
from pipelines.webcam.names import clean_name

log = logging.getLogger(__name__)

MOST = 200
SUFFIX = ".npz"
PICTURE, NAME = "picture", "name"
UNREADABLE = (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile)


@dataclass(frozen=True)
class Kept:
    """`rgb` uint8 HWC; `facts`: arrays that were found out about it once."""

    name: str
    rgb: np.ndarray
    facts: dict[str, np.ndarray]


class KeptPictures:
    """The pictures of one folder, by name; names that differ in capitals alone are one."""

    def __init__(self, folder: Path, longest: int) -> None:
        """`longest` side in px at which a picture is kept."""
        self._folder, self._longest = folder, longest

    def shrink(self, picture: Picture) -> np.ndarray:
        """sRGB uint8 HWC as it will be kept; what is transparent lies on white."""
        return resize_to_fit(seen_in_srgb(picture), self._longest)

    def add(self, name: str, rgb: np.ndarray, **facts: np.ndarray) -> str:
        """Keep a picture; returns its name as it is kept.

        Raises InvalidOption for a name that does not fit or is there already, DiskFull, OutputsUnwritable.
        """
        name = clean_name(name)
        self._check_free(name)
        if len(self.list()) >= MOST:
            raise InvalidOption(f"{MOST} pictures are kept already.", "Remove one first.")
        picture = np.frombuffer(encode_image(rgb, None, format="jpeg"), np.uint8)
        self._write(name, {PICTURE: picture, **facts})
        return name

    def update(self, name: str, **facts: np.ndarray) -> None:
        """Put other facts in the place of those that are kept. Raises NotFound, DiskFull, OutputsUnwritable."""
        self._write(name, {PICTURE: self._load(name)[PICTURE], **facts})

    def rename(self, name: str, new: str) -> str:
        """Call a picture something else; returns its name as it is kept.

        Raises InvalidOption for a name that does not fit or is another picture's, NotFound, DiskFull,
        OutputsUnwritable.
        """
        new = clean_name(new)
        arrays, before, after = self._load(name), self._path(name), self._path(new)
        if after != before:
            self._check_free(new)
        self._write(new, arrays)
        if after != before:
            with writing(self._folder):
                before.unlink(missing_ok=True)
        return new

    def read(self, name: str) -> Kept:
        """Raises NotFound for a name that is not there, or whose file is damaged."""
        arrays = self._load(name)
        try:
            rgb = cv2.cvtColor(cv2.imdecode(arrays.pop(PICTURE), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
            return Kept(str(arrays.pop(NAME)), rgb, arrays)
        except (*UNREADABLE, cv2.error) as error:
            raise missing(name) from error

    def list(self) -> tuple[str, ...]:
        """The names, in their order."""
        return tuple(sorted(self._names(), key=str.casefold))

    def remove(self, name: str) -> None:
        """Raises NotFound, OutputsUnwritable. What draws with it goes on until it is let go of."""
        path = self._path(name)
        if not path.exists():
            raise missing(name)
        with writing(self._folder):
            path.unlink(missing_ok=True)

    def _names(self) -> Iterator[str]:
        for path in self._folder.glob(f"*{SUFFIX}"):
            try:
                with np.load(path, allow_pickle=False) as file:
                    yield str(file[NAME])
            except UNREADABLE as error:
                log.warning("%s can't be read: %s", path, error)

    def _load(self, name: str) -> dict[str, Any]:
        try:
            with np.load(self._path(name), allow_pickle=False) as file:
                return {key: file[key] for key in file.files}
        except UNREADABLE as error:
            raise missing(name) from error

    def _check_free(self, name: str) -> None:
        if self._path(name).exists():
            raise InvalidOption(f"There is a picture called {name!r} already.", "Choose another name.")

    def _write(self, name: str, arrays: dict[str, Any]) -> None:
        path = self._path(name)
        growing = path.with_suffix(f".{uuid4().hex}.partial")
        with writing(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            try:
                with growing.open("wb") as file:
                    np.savez(file, allow_pickle=False, **{**arrays, NAME: np.array(name)})
                os.replace(growing, path)
            finally:
                with suppress(OSError):
                    growing.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        folded = name.casefold().encode("utf-8", "surrogatepass")  # JSON may hold half a character
        return self._folder / (hashlib.sha256(folded).hexdigest()[:24] + SUFFIX)


def missing(name: str) -> NotFound:
    """What is said of a name that no picture has."""
    return NotFound(f"There is no picture called {name!r}.", "Choose one of the list.")
