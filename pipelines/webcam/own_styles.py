"""Pictures of the user's own as styles."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from pipelines.errors import InvalidOption
from pipelines.image import Picture
from pipelines.studio import Studio
from pipelines.webcam.in_training import check_rests
from pipelines.webcam.kept_pictures import KeptPictures
from pipelines.webcam.names import clean_name
from pipelines.webcam.trained_styles import TrainedStyles

if TYPE_CHECKING:
    from weights.nets.adain_style import AdainPainting

FOLDER = Path(".live") / "styles"
ANY_STYLE = "any-painting"
LONGEST = 512
STYLE, VERSION = "style", "version"
SAME = 4.0
"""Mean difference in levels below which two pictures are one: they are kept as JPEG."""


class OwnStyles:
    """Named pictures whose style is known as the 100 numbers that the painting net takes, and styles that were
    trained here: a net of a name takes the place of the picture of that name."""

    def __init__(self, studio: Studio) -> None:
        self._studio, self._store = studio, studio.store
        self._kept = KeptPictures(studio.settings.outputs / FOLDER, LONGEST)
        self._trained = TrainedStyles(studio)

    def add(self, picture: Picture, name: str) -> str:
        """Keep a picture as a style; returns the name under which it is listed.

        Raises InvalidOption for a name that does not fit or is taken, ModelMissing, ModelDamaged, DiskFull,
        OutputsUnwritable.
        """
        name = clean_name(name)
        self._check_free(name)
        rgb = self._kept.shrink(picture)
        return self._kept.add(name, rgb, **self._describe(rgb))

    def keep(self, picture: Picture, name: str) -> bool:
        """Like `add`, but the same picture may be there under that name already; returns whether it is new."""
        name = clean_name(name)
        if self._is_of(name, picture):
            return False
        self.add(picture, name)
        return True

    def rename(self, name: str, new: str) -> str:
        """Call a style something else; returns its name as it is kept. A loop that runs in it goes on with it.

        Raises InvalidOption for a name that does not fit or is another style's, NotFound, WrongState while it is
        being trained, DiskFull, OutputsUnwritable.
        """
        new = clean_name(new)
        check_rests(self._studio, name)
        if new.casefold() != name.casefold():
            self._check_free(new)
        if name not in self._kept.list():
            return self._trained.rename(name, new)
        if self.has_net(name):
            self._trained.rename(name, new)
        return self._kept.rename(name, new)

    def remove(self, name: str) -> None:
        """Picture and net. A loop that runs in this style goes on with it.

        Raises NotFound, WrongState while it is being trained, OutputsUnwritable.
        """
        check_rests(self._studio, name)
        trained = self.has_net(name)
        if trained:
            self._trained.remove(name)
        if not trained or name in self._kept.list():
            self._kept.remove(name)

    def list(self) -> tuple[str, ...]:
        """The names, in their order."""
        by_name = {name.casefold(): name for name in (*self._kept.list(), *self._trained.list())}
        return tuple(by_name[key] for key in sorted(by_name))

    def has_net(self, name: str) -> bool:
        """Whether a net was trained for this style."""
        return self._trained.has(name)

    def trained(self, name: str) -> AdainPainting | None:
        """The net that was trained for this style; None where there is none. Raises ModelDamaged, OutOfMemory."""
        return self._trained.open(name) if self.has_net(name) else None

    def picture(self, name: str) -> np.ndarray:
        """What was given, RGB uint8 HWC, at most 512 px a side. Raises NotFound, also where only a net is kept."""
        return self._kept.read(name).rgb

    def style(self, name: str) -> np.ndarray:
        """Its picture's style, float32 [100]: found out again only where the net has changed since.

        Raises NotFound, also where only a net is kept; ModelMissing, ModelDamaged.
        """
        kept = self._kept.read(name)
        with self._store.use(ANY_STYLE) as loaded:
            version = loaded.version
        if str(kept.facts.get(VERSION)) != version:
            facts = self._describe(kept.rgb)
            self._kept.update(name, **facts)
            return facts[STYLE]
        return kept.facts[STYLE]

    def _check_free(self, name: str) -> None:
        if name.casefold() in (known.casefold() for known in self.list()):
            raise InvalidOption(f"There is a style called {name!r} already.", "Choose another name.")

    def _is_of(self, name: str, picture: Picture) -> bool:
        if name not in self._kept.list():
            return False
        kept, given = self._kept.read(name).rgb, self._kept.shrink(picture)
        return kept.shape == given.shape and float(cv2.absdiff(kept, given).mean()) < SAME

    def _describe(self, rgb: np.ndarray) -> dict[str, np.ndarray]:
        with self._store.use(ANY_STYLE) as loaded:
            return {STYLE: loaded.model.describe(rgb), VERSION: np.array(loaded.version)}
