"""Paint in the manner of any picture: one net says what its style is, in 100 numbers, another paints in it.

Ghiasi, Lee, Kudlur, Dumoulin and Shlens 2017. The painter was published in whole numbers for pictures of 384x384;
its weights are taken out and stand, as floats, in a graph for any size.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from weights.errors import ModelDamaged
from weights.nets.onnx_session import OnnxSession, Open
from weights.nets.onnx_weights import read_weights
from weights.nets.painter_graph import Layer, write_painter
from weights.nets.painting import Painting

SIDE = 256
"""Side of the square, in px, that the describing net takes."""
LENGTH = 100
PAINTER = "transformer"
CONTRACT = tuple(f"{PAINTER}/contract/conv{number}" for number in (1, 2, 3))
RESIDUAL = tuple(f"{PAINTER}/residual/residual{block}/conv{half}" for block in range(1, 6) for half in (1, 2))
EXPAND = tuple(f"{PAINTER}/expand/conv{number}/conv" for number in (1, 2, 3))
SHIFT, GAIN = "StyleNorm/Conv", "StyleNorm/Conv_1"


class AnyStyle:
    """`describe` a picture once, `fix` a painter of what it said. Descriptions mix: so do styles."""

    def __init__(self, painter: Path, open_session: Open, open_describer: Callable[[], OnnxSession]) -> None:
        """The describing net, a picture's work, is opened when it is asked for and let go of again.

        Raises ModelDamaged for files that are not these nets.
        """
        self._open, self._open_describer = open_session, open_describer
        try:
            self._weights = read_weights(painter.read_bytes())
            self._write(np.zeros(LENGTH, np.float32))
        except (ValueError, KeyError, IndexError) as error:
            raise ModelDamaged(f"{painter.name} is no net of styles.", "Run ./run.sh setup.") from error

    def describe(self, rgb: np.ndarray) -> np.ndarray:
        """The style of a picture, RGB uint8 HWC: float32 [100]. Its middle counts, as a square.

        Raises OutOfMemory.
        """
        height, width = rgb.shape[:2]
        side = min(height, width)
        top, left = (height - side) // 2, (width - side) // 2
        square = rgb[top : top + side, left : left + side]
        how = cv2.INTER_AREA if side > SIDE else cv2.INTER_CUBIC
        small = cv2.resize(square, (SIDE, SIDE), interpolation=how).astype(np.float32) / 255
        session = self._open_describer()
        said: np.ndarray = session.run({session.input_name: small[None]})[0]
        return said.reshape(LENGTH).astype(np.float32)

    def fix(self, style: np.ndarray) -> Painting:
        """A painter of what `describe` said, or of a mean of several. Raises OutOfMemory."""
        return Painting(self._open(self._write(style)))

    def _write(self, style: np.ndarray) -> bytes:
        contract = [Layer(self._of(name, "weights"), self._of(name, "Conv2D_bias")) for name in CONTRACT]
        residual, expand = ([self._layer(name, style) for name in part] for part in (RESIDUAL, EXPAND))
        return write_painter(contract, residual, expand)

    def _layer(self, name: str, style: np.ndarray) -> Layer:
        shift, gain = (
            self._of(f"style_params/{name}/{part}", "weights").reshape(-1, LENGTH) @ style
            + self._of(f"style_params/{name}/{part}", "Conv2D_bias")
            for part in (SHIFT, GAIN)
        )
        return Layer(self._of(name, "weights"), shift, gain)

    def _of(self, name: str, part: str) -> np.ndarray:
        return self._weights[f"{name}/{part}"]
