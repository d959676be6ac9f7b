"""DCT-Net's styles as the hub has them, with made-up weights."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipelines.cartoon.painters import PUBLISHED
from tests.stand_in_hub import StandInHub
from tests.weights.graphs import draw_dctnet
from weights.catalogue import Catalogue
from weights.hub.downloads import Downloads


def draw_repos(styles: Sequence[str]) -> dict[str, dict[str, bytes]]:
    """Repositories for a StandInHub: the same pair of nets under each style."""
    pair = {"cartoon_bg.pb": draw_dctnet(1).write(), "cartoon_h.pb": draw_dctnet(2).write()}
    return {Catalogue()[PUBLISHED + style].repo: pair for style in styles}


def fetch_styles(cache: Path, *styles: str) -> None:
    """Put styles into a models folder, as a download does."""
    with StandInHub(draw_repos(styles)) as hub:
        downloads = Downloads(Catalogue(), cache, endpoint=hub.url)
        for style in styles:
            downloads.start(PUBLISHED + style)
            assert downloads.wait(PUBLISHED + style, 60)
        downloads.close()
