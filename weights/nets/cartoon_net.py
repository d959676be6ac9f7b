"""The cartoon net that comes with the app: seven styles, and everything between them, by one small net.

Its training is in training/distill_cartoon.py, its limits in weights/builtin/cartoon.md.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from weights.errors import ModelDamaged
from weights.nets.onnx_session import OnnxSession

PICTURE, STYLES, DRAWING = "picture", "styles", "drawing"


class CartoonNet:
    """`targets` names what the net can draw, `<style>-background` and `<style>-head`."""

    def __init__(self, session: OnnxSession) -> None:
        """Raises ModelDamaged for a graph that does not say what it draws."""
        facts = session.metadata
        self._session = session
        self._multiple = int(facts.get("multiple", 0))
        self.targets = tuple(facts.get("targets", "").split(","))
        if not self._multiple or {PICTURE, STYLES} != set(session.inputs):
            raise ModelDamaged(f"{session.path.name} is no cartoon net.", "Restore weights/builtin/ from a fresh copy of Inkframe.")

    def draw(self, rgb: np.ndarray, shares: Mapping[str, float], part: str) -> np.ndarray:
        """RGB uint8 HWC of any size -> its drawing, the same size.

        `shares`: styles and how much of each, adding up to 1; `part`: "background", or "head" for a face that
        stands upright in the nets' square. Raises OutOfMemory.
        """
        height, width = rgb.shape[:2]
        below, right = -height % self._multiple, -width % self._multiple
        padded = np.pad(rgb, ((0, below), (0, right), (0, 0)), mode="edge") if below or right else rgb
        planes = np.ascontiguousarray(padded.transpose(2, 0, 1), np.float32)[None]
        planes /= 255
        feeds = {PICTURE: planes, STYLES: self._weigh(shares, part)}
        drawing = self._session.run(feeds, [DRAWING])[0][0]
        drawing *= 255
        np.rint(drawing, out=drawing)
        return np.ascontiguousarray(drawing.astype(np.uint8).transpose(1, 2, 0)[:height, :width])

    def _weigh(self, shares: Mapping[str, float], part: str) -> np.ndarray:
        weights = np.zeros((1, len(self.targets)), np.float32)
        for style, share in shares.items():
            weights[0, self.targets.index(f"{style}-{part}")] = share
        return weights
