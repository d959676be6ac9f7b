"""The style net that is trained here: paintings, and everything between them, quick enough for a camera.

Its training is in training/train_style.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np

from weights.errors import ModelDamaged
from weights.nets.onnx_edit import fix_input
from weights.nets.onnx_facts import read_facts
from weights.nets.onnx_session import OnnxSession, Open

PICTURE, SHARES, PAINTED = "picture", "shares", "painted"
DAMAGED = "Restore it from where it came, or train it again."


class AdainPainting:
    """A net that paints in one mix of styles for good. Safe to use from several threads."""

    def __init__(self, session: OnnxSession, multiple: int) -> None:
        self._session = session
        self.multiple = multiple
        """Sides that are so many px times a whole number are painted without a remainder."""

    def draw(self, rgb: np.ndarray) -> np.ndarray:
        """RGB uint8 HWC of any size -> its painting, the same size. Raises OutOfMemory."""
        height, width = rgb.shape[:2]
        below, right = -height % self.multiple, -width % self.multiple
        if below or right:
            rgb = cv2.copyMakeBorder(rgb, 0, below, 0, right, cv2.BORDER_REFLECT)
        painted: np.ndarray = self._session.run({PICTURE: rgb[None]}, [PAINTED])[0][0]
        return np.ascontiguousarray(painted[:height, :width])


class AdainStyle:
    """`names` are what the net can paint like; `fix` makes a painter of one mix."""

    def __init__(self, path: Path, open_session: Open) -> None:
        """`open_session` opens a graph. Raises ModelDamaged for a file that does not say what it paints."""
        self._graph, self._open = path.read_bytes(), open_session
        facts = read_facts(self._graph)
        self.names = tuple(filter(None, facts.notes.get("styles", "").split(",")))
        multiple = facts.notes.get("multiple", "")
        if not self.names or not multiple.isdigit() or facts.inputs != {PICTURE, SHARES}:
            raise ModelDamaged(f"{path.name} is no net of painting styles.", DAMAGED)
        self.count = len(self.names)
        self._multiple = int(multiple)

    def fix(self, shares: Mapping[int, float]) -> AdainPainting:
        """A painter of styles 0 ... count - 1 and how much of each, adding up to 1. Raises OutOfMemory."""
        weights = np.zeros((1, self.count), np.float32)
        for number, share in shares.items():
            weights[0, number] = share
        return AdainPainting(self._open(fix_input(self._graph, SHARES, weights)), self._multiple)
