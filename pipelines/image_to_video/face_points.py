"""Where the largest face of a frame has its eyes, nose and mouth."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.cartoon.faces import find_faces
from pipelines.errors import ModelDamaged, ModelMissing
from weights.store import ModelStore

LONGEST = 640
"""Px at which faces are looked for: one that matters to a film is large."""


def find_face(pixels: NDArray[np.uint8], store: ModelStore) -> NDArray[np.float64] | None:
    """Five places (x, y) in px of RGB or RGBA uint8 HWC; None where there is no face, or no net to find it."""
    scale = min(1.0, LONGEST / max(pixels.shape[:2]))
    rgb = np.ascontiguousarray(pixels[..., :3])
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else rgb
    try:
        faces = find_faces(small, store)
    except (ModelMissing, ModelDamaged):
        return None
    largest = max(faces, key=lambda face: face.box[2], default=None)
    return None if largest is None else largest.points / scale
