"""Pictures of the user's own that may stand behind a person."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from pipelines.image import Picture
from pipelines.studio import Studio
from pipelines.webcam.kept_pictures import KeptPictures

FOLDER = Path(".live") / "backgrounds"
LONGEST = 1920


class OwnBackgrounds:
    """Named pictures, of the same verbs as `OwnStyles`."""

    def __init__(self, studio: Studio) -> None:
        self._kept = KeptPictures(studio.settings.outputs / FOLDER, LONGEST)

    def add(self, picture: Picture, name: str) -> str:
        """Keep a picture; returns the name by which the option `background` asks for it.

        Raises InvalidOption for a name that does not fit or is taken, DiskFull, OutputsUnwritable.
        """
        return self._kept.add(name, self._kept.shrink(picture))

    def remove(self, name: str) -> None:
        """Raises NotFound. A loop that shows it goes on with it."""
        self._kept.remove(name)

    def rename(self, name: str, new: str) -> str:
        """Raises InvalidOption for a name that does not fit or is taken, NotFound, DiskFull, OutputsUnwritable."""
        return self._kept.rename(name, new)

    def list(self) -> tuple[str, ...]:
        """The names, in their order."""
        return self._kept.list()

    def picture(self, name: str) -> np.ndarray:
        """RGB uint8 HWC, at most 1920 px a side. Raises NotFound."""
        return self._kept.read(name).rgb
