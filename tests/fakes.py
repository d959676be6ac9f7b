"""Stand-ins for models."""

from __future__ import annotations

import numpy as np

from weights.loaders import Loader
from weights.nets.center_face import Faces


class FakeMatte:
    """Answers with whatever is redder than green: exact for the pictures that tests draw."""

    def alpha(self, rgb: np.ndarray) -> np.ndarray:
        return (rgb[..., 0].astype(int) > rgb[..., 1]).astype(np.float32)


class FakeFaces:
    """Finds a face where a picture is blue in its top left corner: as wide and high as the blue is."""

    def find(self, rgb: np.ndarray) -> Faces:
        blue = (rgb[..., 2] > 200) & (rgb[..., 0] < 60)
        side = float(blue[:, 0].sum())
        count = 1 if side else 0
        boxes = np.array([[0, 0, side, side]], np.float32)[:count]
        return Faces(boxes, np.zeros((count, 5, 2), np.float32), np.ones(count, np.float32))


def fake_loaders() -> dict[str, Loader]:
    """A loader for each kind of net, none of which reads its file."""
    mattes = {name: lambda request: FakeMatte() for name in ("onnx-matte", "cv-unet")}
    return {**mattes, "center-face": lambda request: FakeFaces()}
