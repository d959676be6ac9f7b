"""The published nets of every style as teachers, from ModelScope's frozen graphs or from plain arrays.

A folder holds, for each style, either `STYLE/cartoon_bg.pb` and `STYLE/cartoon_h.pb` as ModelScope publishes
them, or `STYLE_background.npz` and `STYLE_head.npz` with kernels w00..w17 (height, width, in, out) and biases
b00..b17 in the order in which a picture passes them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipelines.cartoon.options import STYLES
from training.cartoon_targets import Part
from weights.nets.dctnet import draw
from weights.nets.dctnet_layers import LAYERS, Weights, read_weights
from weights.nets.dctnet_onnx import write_dctnet
from weights.nets.onnx_session import OnnxSession

Picture = NDArray[np.uint8]
Teacher = Callable[[Picture], Picture]
"""RGB uint8 HWC -> its drawing, the same size."""

PUBLISHED: dict[Part, str] = {"background": "cartoon_bg.pb", "head": "cartoon_h.pb"}


def open_teachers(folder: Path, part: Part, threads: int = 1) -> dict[str, Teacher]:
    """Every style's teacher for one part, by style. Raises FileNotFoundError, naming what is missing."""
    return {style: open_teacher(find_file(folder, style, part), threads) for style in STYLES}


def find_file(folder: Path, style: str, part: Part) -> Path:
    """The published graph where it is there, else the arrays."""
    wanted = folder / style / PUBLISHED[part], folder / f"{style}_{part}.npz"
    for path in wanted:
        if path.is_file():
            return path
    raise FileNotFoundError(f"neither {wanted[0]} nor {wanted[1]} is there")


def open_teacher(path: Path, threads: int = 1) -> Teacher:
    """One published net, ready to draw on the CPU."""
    weights = _read_arrays(path) if path.suffix == ".npz" else read_weights(path.name, path.read_bytes())
    session = OnnxSession(path, ["CPUExecutionProvider"], write_dctnet(weights), threads)
    return lambda rgb: np.asarray(draw(session, rgb), np.uint8)


def _read_arrays(path: Path) -> list[Weights]:
    with np.load(path) as stored:
        return [
            Weights(stored[f"w{place:02}"].astype(np.float32), stored[f"b{place:02}"].astype(np.float32))
            for place in range(len(LAYERS))
        ]
