"""What all tests share: pictures made on the spot and a studio whose models are fakes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pipelines.settings import Settings
from pipelines.studio import Studio, open_studio
from tests.fakes import fake_loaders
from weights.store import ModelStore

HERE = Path(__file__).parent
LONGEST = ("faults/test_soak.py", "e2e", "faults")
"""What runs first, so that what runs alone at the end is short."""
DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        path = item.path.relative_to(HERE)
        return next(
            (number for number, each in enumerate(LONGEST) if path.is_relative_to(each)), len(LONGEST)
        )

    items.sort(key=place)


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
