"""Painters' nets with random weights: their layers, and files such as they were published in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from pipelines.device import Device
from weights.catalogue import Catalogue
from weights.nets.onnx_session import OnnxSession
from weights.nets.painter_graph import Layer
from weights.onnx_file import write_tensor
from weights.store import ModelStore
from weights.wire import chunk, write_fields

Parts = tuple[list[Layer], list[Layer], list[Layer]]
CPU = ["CPUExecutionProvider"]
PHOTO = Path(__file__).resolve().parents[3] / "ui" / "pictures" / "astronaut.jpg"


def load_model(model_id: str, folder: Path) -> Any:
    """A model that comes with the app, loaded as the app does."""
    with ModelStore(Catalogue(), folder, Device("cpu", "CPU")).use(model_id) as loaded:
        return loaded.model


def open_graph(graph: bytes) -> OnnxSession:
    return OnnxSession(Path("painter.onnx"), CPU, graph)


def draw_layers(normalised: bool = True, seed: int = 7) -> Parts:
    """Contract 3 -> 4 -> 6 -> 8 channels, one residual block, expand 8 -> 4 -> 4 -> 3."""
    random = np.random.default_rng(seed)

    def layer(given: int, made: int, size: int, even: bool = True) -> Layer:
        spread = 1.4 / np.sqrt(given * size * size)
        kernel = random.normal(0, spread, (made, given, size, size)).astype(np.float32)
        gain = random.uniform(0.5, 1.5, made).astype(np.float32) if even else None
        return Layer(kernel, random.normal(0, 0.3, made).astype(np.float32), gain)

    contract = [layer(3, 4, 9, normalised), layer(4, 6, 3, normalised), layer(6, 8, 3, normalised)]
    return contract, [layer(8, 8, 3), layer(8, 8, 3)], [layer(8, 4, 3), layer(4, 4, 3), layer(4, 3, 9)]


def open_photo(width: int, height: int) -> np.ndarray:
    """An example of the page, RGB uint8 HWC."""
    with Image.open(PHOTO) as image:
        return np.asarray(image.convert("RGB").resize((width, height)))


def write_constants(constants: dict[str, np.ndarray]) -> bytes:
    """An ONNX file that holds these float32 arrays and does nothing."""
    return write_fields(
        [chunk(7, write_fields([chunk(5, write_tensor(name, each)) for name, each in constants.items()]))]
    )
