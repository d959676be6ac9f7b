"""Have Pillow write PNGs as a worker's command line says: `python WORKER.py LEVEL`; without, at its own level, 6."""

import sys
from typing import Any

from PIL import Image


def keep_to_level() -> None:
    """For this process, whoever calls Pillow."""
    if len(sys.argv) == 1:
        return
    level, save = int(sys.argv[1]), Image.Image.save

    def save_at_level(image: Image.Image, *given: Any, **options: Any) -> None:
        save(image, *given, **{"compress_level": level, **options})

    Image.Image.save = save_at_level  # type: ignore[method-assign, assignment]
