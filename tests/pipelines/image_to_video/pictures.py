"""Pictures and stores for the tests of moving shots."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from pipelines.device import Device
from tests.fakes import fake_loaders
from weights.catalogue import Catalogue
from weights.store import ModelStore


def fake_store(folder: Path) -> ModelStore:
    """Its matting nets find what is redder than green."""
    return ModelStore(Catalogue(), folder / "weights", Device("cpu", "cpu"), loaders=fake_loaders())


def draw_ramp(width: int, height: int) -> np.ndarray:
    """Red grows to the right, blue downwards; green above both, so that no subject is found."""
    x, y = np.meshgrid(np.linspace(20, 220, width), np.linspace(20, 220, height))
    return np.dstack([x, np.full_like(x, 230), y]).round().astype(np.uint8)


def draw_scene(width: int = 160, height: int = 120, left: float = 0.4, right: float = 0.6) -> np.ndarray:
    """A red figure on its feet before a green striped wall, uint8 HxWx3."""
    rgb = np.full((height, width, 3), (30, 160, 60), np.uint8)
    rgb[:, ::8] = (40, 190, 80)
    rgb[round(0.3 * height) : round(0.9 * height), round(left * width) : round(right * width)] = (210, 30, 40)
    return rgb
