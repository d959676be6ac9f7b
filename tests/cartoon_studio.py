"""A studio in which the net that comes with the app draws plain greys.

`python -m tests.cartoon_studio --port PORT` serves its page.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

import numpy as np

from pipelines.cartoon.painters import BUILTIN
from pipelines.settings import Settings
from pipelines.studio import Studio, open_studio
from tests.conftest import draw_disc
from tests.fakes import FAKE_CARTOON, fake_loaders
from weights.catalogue import Catalogue
from weights.spec import ModelSpec
from weights.store import ModelStore

TITLE = "Grey net"
BLUE = (0, 0, 250)


def open_cartoon_studio(settings: Settings) -> Studio:
    """The real catalogue, with a stand-in for the net whose file is part of the app."""
    return open_studio(settings, build_store=_build_store)


def _build_store(catalogue: Catalogue, *given: Any, **options: Any) -> ModelStore:
    files = catalogue["portrait"].files  # any file that is certainly there
    own = ModelSpec(
        id=BUILTIN,
        task="cartoon",
        title=TITLE,
        hint="",
        source="builtin",
        repo="",
        files=files,
        loader=FAKE_CARTOON,
        licence="Apache-2.0",
        commercial=True,
    )
    rows = [row for row in catalogue if row.id != BUILTIN]
    return ModelStore(Catalogue([*rows, own]), *given, loaders=fake_loaders(), **options)


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
