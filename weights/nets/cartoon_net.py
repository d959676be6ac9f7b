"""The cartoon net that comes with the app: seven styles, and everything between them, by one small net.

Its training is in training/distill_cartoon.py, its limits in weights/builtin/cartoon.md.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from threading import Lock

import cv2
import numpy as np

from weights.errors import ModelDamaged
from weights.nets.onnx_edit import fix_input
from weights.nets.onnx_facts import read_facts
from weights.nets.onnx_session import OnnxSession, Open

PICTURE, STYLES, DRAWING = "picture", "styles", "drawing"
KEPT = 4
"""Mixes that stay ready. Making one ready takes about as long as drawing a picture with it."""


class CartoonNet:
    """`targets` names what the net can draw, `<style>-background` and `<style>-head`.

    The styles' shares are made a constant of the graph: that is a quarter quicker than to hand them over.
    """

    def __init__(self, path: Path, open_session: Open) -> None:
        """`open_session` opens a graph. Raises ModelDamaged for a file that does not say what it draws."""
        self._graph, self._open = path.read_bytes(), open_session
        facts = read_facts(self._graph)
        multiple = facts.notes.get("multiple", "")
        self.targets = tuple(facts.notes.get("targets", "").split(","))
        if not multiple.isdigit() or facts.inputs != {PICTURE, STYLES}:
            hint = "Restore weights/builtin/ from a fresh copy of Inkframe."
            raise ModelDamaged(f"{path.name} is no cartoon net.", hint)
        self._multiple = int(multiple)
        self._ready: OrderedDict[bytes, OnnxSession] = OrderedDict()
        self._lock = Lock()

    def draw(self, rgb: np.ndarray, shares: Mapping[str, float], part: str) -> np.ndarray:
        """RGB uint8 HWC of any size -> its drawing, the same size.

        `shares`: styles and how much of each, adding up to 1; `part`: "background", or "head" for a face that
        stands upright in the nets' square. Raises OutOfMemory.
        """
        height, width = rgb.shape[:2]
        below, right = -height % self._multiple, -width % self._multiple
        padded = np.pad(rgb, ((0, below), (0, right), (0, 0)), mode="edge") if below or right else rgb
        session = self._make_ready(self._weigh(shares, part))
        planes = session.run({PICTURE: cv2.dnn.blobFromImage(padded, 1 / 255)}, [DRAWING])[0][0]
        return cv2.convertScaleAbs(cv2.merge(list(planes)), alpha=255)[:height, :width]

    def _weigh(self, shares: Mapping[str, float], part: str) -> np.ndarray:
        weights = np.zeros((1, len(self.targets)), np.float32)
        for style, share in shares.items():
            weights[0, self.targets.index(f"{style}-{part}")] = share
        return weights

    def _make_ready(self, weights: np.ndarray) -> OnnxSession:
        """The net of one mix, the newest KEPT of which stay."""
        key = weights.tobytes()
        with self._lock:
            session = self._ready.pop(key, None) or self._open(fix_input(self._graph, STYLES, weights))
            self._ready[key] = session
            if len(self._ready) > KEPT:
                self._ready.popitem(last=False)
        return session
