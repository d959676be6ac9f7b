"""What all tests share: pictures made on the spot and a studio whose models are fakes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from pipelines.settings import Settings
from pipelines.studio import Studio, open_studio
from tests.fakes import fake_loaders
from weights.store import ModelStore

HERE = Path(__file__).parent
PLACES = {"e2e": 0, "pipelines/batch": 2, "faults": 2}
"""Folders that take long, by their place in the queue: first what waits for a browser, last what is busy."""
OTHERS = 1
DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes longest at both ends."""

    def place(item: pytest.Item) -> int:
        path = item.path.relative_to(HERE)
        return next((at for folder, at in PLACES.items() if path.is_relative_to(folder)), OTHERS)

    items.sort(key=place)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Of two workers, one begins with what waits, the other one with what is busy, and they meet."""
    from xdist.scheduler import LoadFileScheduling

    class FromBothEnds(LoadFileScheduling):
        """Whole files, from the queue's beginning for the first worker, from its end for the others."""

        def _assign_work_unit(self, node: Any) -> None:
            if node is not self.nodes[0]:
                self.workqueue.move_to_end(next(reversed(self.workqueue)), last=False)
            super()._assign_work_unit(node)

    return FromBothEnds(config, log) if config.option.dist == "loadfile" else None


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a studio that keeps to tmp_path and opens no connection."""
    return Settings(
        outputs=tmp_path / "outputs", weights=tmp_path / "weights", models="none", offline=True, device="cpu"
    )


@pytest.fixture
def studio(settings: Settings) -> Iterator[Studio]:
    """A studio whose matting models answer with a known disc, without a file."""
    made = open_studio(settings, build_store=partial(ModelStore, loaders=fake_loaders()))
    yield made
    made.close()


@pytest.fixture
def photo() -> bytes:
    """A JPEG of 120x80: a red disc on green."""
    return encode(draw_disc(80, 120), "JPEG")


def draw_disc(height: int, width: int, colour: tuple[int, int, int] = (200, 30, 30)) -> np.ndarray:
    """A disc of one colour in the middle of a green picture, uint8 HWC."""
    rgb = np.full((height, width, 3), (30, 160, 60), np.uint8)
    y, x = np.mgrid[:height, :width]
    inside = (y - height / 2) ** 2 + (x - width / 2) ** 2 < (min(height, width) / 3) ** 2
    rgb[inside] = colour
    return rgb


def encode(rgb: np.ndarray, kind: str = "PNG", **options: object) -> bytes:
    """An image file of an array, by Pillow."""
    stream = io.BytesIO()
    Image.fromarray(rgb).save(stream, kind, **options)
    return stream.getvalue()
