"""A studio in which the net that comes with the app draws plain greys.

`python -m tests.cartoon_studio --port PORT` serves its page.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial

import numpy as np

from pipelines.cartoon.painters import BUILTIN
from pipelines.settings import Settings
from pipelines.studio import Studio, open_studio
from tests.conftest import draw_disc
from tests.fakes import fake_loaders
from weights.catalogue import Catalogue
from weights.store import ModelStore

TITLE = Catalogue()[BUILTIN].title
BLUE = (0, 0, 250)


def open_cartoon_studio(settings: Settings) -> Studio:
    """A studio with the whole catalogue and stand-ins for all of its nets."""
    return open_studio(settings, build_store=partial(ModelStore, loaders=fake_loaders()))


def draw_sitter(height: int = 300, width: int = 400, side: int = 120) -> np.ndarray:
    """A picture in which FakeFaces finds one face, `side` px wide in the top left corner."""
    rgb = draw_disc(height, width)
    rgb[:side, :side] = BLUE
    return rgb


def main() -> None:
    """Serve the page, offline and on the CPU, with the folders of the environment."""
    import uvicorn

    from app import create_app

    settings = replace(Settings.read(), models="none", offline=True, device="cpu")
    app = create_app(settings, open_cartoon_studio(settings))
    uvicorn.run(app, port=int(sys.argv[-1]), log_level="warning", timeout_graceful_shutdown=3)


if __name__ == "__main__":
    main()
