"""26 painting styles, and everything between them, by one small net.

Conditional instance normalisation (Dumoulin, Shlens and Kudlur 2017): the styles share all kernels and differ
in what each layer's channels are scaled by and moved to. That mixes: half of one and half of another is a style.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from weights.errors import ModelDamaged
from weights.nets.onnx_session import Open
from weights.nets.onnx_weights import read_weights
from weights.nets.painter_graph import Layer, write_painter
from weights.nets.painting import Painting

CONTRACT = ("contract.0", "contract.1", "contract.2")
RESIDUAL = tuple(f"res.{block}.{half}" for block in range(6) for half in range(2))
EXPAND = ("expand.0", "expand.1", "expand.2")


class MultiStyle:
    """The weights of all styles; `fix` makes a painter of one mix."""

    def __init__(self, path: Path, open_session: Open) -> None:
        """Raises ModelDamaged for a file that is not this net."""
        self._open = open_session
        try:
            self._weights = read_weights(path.read_bytes())
            self.count = len(self._weights[f"{CONTRACT[0]}.norm.gamma"])
            self._write({0: 1.0})
        except (ValueError, KeyError, IndexError) as error:
            raise ModelDamaged(f"{path.name} is no net of painting styles.", "Run ./run.sh setup.") from error

    def fix(self, shares: Mapping[int, float]) -> Painting:
        """A painter of styles 0 ... count - 1 and how much of each, adding up to 1. Raises OutOfMemory."""
        return Painting(self._open(self._write(shares)))

    def _write(self, shares: Mapping[int, float]) -> bytes:
        weights = np.zeros(self.count, np.float32)
        for number, share in shares.items():
            weights[number] = share
        parts = ([self._layer(name, weights) for name in part] for part in (CONTRACT, RESIDUAL, EXPAND))
        return write_painter(*parts)

    def _layer(self, name: str, weights: np.ndarray) -> Layer:
        found = self._weights
        return Layer(
            found[f"{name}.w"], weights @ found[f"{name}.norm.beta"], weights @ found[f"{name}.norm.gamma"]
        )
