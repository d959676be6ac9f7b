"""Pictures of the user's own as styles."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pipelines.errors import InvalidOption
from pipelines.image import Picture
from pipelines.studio import Studio
from pipelines.webcam.kept_pictures import KeptPictures
from pipelines.webcam.names import clean_name
from pipelines.webcam.trained_styles import TrainedStyles

if TYPE_CHECKING:
    from weights.nets.adain_style import AdainPainting

FOLDER = Path(".live") / "styles"
ANY_STYLE = "any-painting"
LONGEST = 512
STYLE, VERSION = "style", "version"


class OwnStyles:
    """Named pictures whose style is known as the 100 numbers that the painting net takes, and styles that were
    trained here: a net of a name takes the place of the picture of that name."""

    def __init__(self, studio: Studio) -> None:
        self._store = studio.store
        self._kept = KeptPictures(studio.settings.outputs / FOLDER, LONGEST)
        self._trained = TrainedStyles(studio)

    def add(self, picture: Picture, name: str) -> str:
        """Keep a picture as a style; returns the name under which it is listed.

        Raises InvalidOption for a name that does not fit or is taken, ModelMissing, ModelDamaged, DiskFull,
        OutputsUnwritable.
        """
        name = clean_name(name)
        if name.casefold() in (known.casefold() for known in self.list()):
            raise InvalidOption(f"There is a style called {name!r} already.", "Choose another name.")
        rgb = self._kept.shrink(picture)
        return self._kept.add(name, rgb, **self._describe(rgb))

    def remove(self, name: str) -> None:
        """Picture and net. Raises NotFound, OutputsUnwritable. A loop that runs in this style goes on with it."""
        trained = name in self._trained.list()
        if trained:
            self._trained.remove(name)
        if not trained or name in self._kept.list():
            self._kept.remove(name)

    def list(self) -> tuple[str, ...]:
        """The names, in their order."""
        by_name = {name.casefold(): name for name in (*self._kept.list(), *self._trained.list())}
        return tuple(by_name[key] for key in sorted(by_name))

    def trained(self, name: str) -> AdainPainting | None:
        """The net that was trained for this style; None where there is none. Raises ModelDamaged, OutOfMemory."""
        return self._trained.open(name) if name in self._trained.list() else None

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

    def _describe(self, rgb: np.ndarray) -> dict[str, np.ndarray]:
        with self._store.use(ANY_STYLE) as loaded:
            return {STYLE: loaded.model.describe(rgb), VERSION: np.array(loaded.version)}
