"""The user's own styles that have a net of their own, trained on this machine: found by the style's name."""

from __future__ import annotations

import hashlib
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import NotFound
from pipelines.history.writing import writing
from pipelines.webcam.names import clean_name

if TYPE_CHECKING:
    from pipelines.studio import Studio
    from weights.nets.adain_style import AdainPainting

SUFFIX, NAME = ".onnx", ".name"


class TrainedStyles:
    """One net a style. Files are called by a digest, since names may have any letter."""

    def __init__(self, studio: Studio) -> None:
        self._folder = studio.settings.outputs / ".live" / "trained"
        self._providers = studio.device.providers

    def add(self, name: str, net: Path) -> str:
        """Keep a copy of an exported net; one of the same name gives way. Returns the name as it is listed.

        Raises InvalidOption, DiskFull, OutputsUnwritable.
        """
        name = clean_name(name)
        place = self._place(name)
        with writing(self._folder.parent.parent):
            self._folder.mkdir(parents=True, exist_ok=True)
            partial_file = place.with_suffix(".partial")
            partial_file.write_bytes(net.read_bytes())
            os.replace(partial_file, place)
            place.with_suffix(NAME).write_text(name, "utf-8")
        return name

    def list(self) -> tuple[str, ...]:
        """The names, in their order."""
        names = (path.read_text("utf-8") for path in self._folder.glob(f"*{NAME}"))
        return tuple(sorted(name for name in names if self._place(name).is_file()))

    def has(self, name: str) -> bool:
        """Whether there is a net of that name, in these capitals."""
        try:
            return (
                self._place(name).with_suffix(NAME).read_text("utf-8") == name and self._place(name).is_file()
            )
        except OSError:
            return False

    def rename(self, name: str, new: str) -> str:
        """Call a style something else; one of that name gives way.

        Raises InvalidOption, NotFound, OutputsUnwritable.
        """
        new, before = clean_name(new), self._find(name)
        after = self._place(new)
        with writing(self._folder.parent.parent):
            after.with_suffix(NAME).write_text(new, "utf-8")
            if after != before:
                os.replace(before, after)
                before.with_suffix(NAME).unlink(missing_ok=True)
        return new

    def remove(self, name: str) -> None:
        """Raises NotFound, OutputsUnwritable. A loop that runs in this style goes on with it."""
        place = self._find(name)
        with writing(self._folder.parent.parent):
            place.with_suffix(NAME).unlink(missing_ok=True)
            place.unlink()

    def open(self, name: str) -> AdainPainting:
        """What draws it. Raises NotFound, ModelDamaged, OutOfMemory."""
        from weights.nets.adain_style import AdainStyle
        from weights.nets.onnx_session import OnnxSession

        place = self._find(name)
        return AdainStyle(place, partial(OnnxSession, place, self._providers)).fix({0: 1.0})

    def _find(self, name: str) -> Path:
        place = self._place(name)
        if not place.is_file():
            raise NotFound(f"There is no trained style called {name!r}.", "Choose one of the list.")
        return place

    def _place(self, name: str) -> Path:
        return self._folder / (hashlib.sha256(name.casefold().encode()).hexdigest()[:24] + SUFFIX)
