"""Paintings as a drawer of clips: strokes as wide as on a picture of a usual size, however large the film is."""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np

from pipelines.credits import Net
from pipelines.image_to_video.flow_fields import Rgb
from weights.store import ModelStore

SIDE = 1024
"""Longer side in px up to which frames are painted as they are; above it a stroke would be a hair."""


class PaintingDrawer:
    """Draws a clip's frames in turn; see `style_over_time.Drawer`."""

    def __init__(self, store: ModelStore, net: str, styles: Mapping[str, int]) -> None:
        """`net`: its id in the catalogue; `styles`: each one's number in it. Raises ModelMissing, ModelDamaged."""
        with store.use(net) as loaded:
            self._painters = {style: loaded.model.fix({number: 1.0}) for style, number in styles.items()}
            self.nets = (Net(store.spec(net), loaded.version, loaded.device),)

    def draw(self, rgb: Rgb, shares: Mapping[str, float]) -> Rgb:
        """Raises OutOfMemory."""
        height, width = rgb.shape[:2]
        scale = min(1.0, SIDE / max(height, width))
        small = rgb if scale == 1 else cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        drawn = np.zeros(small.shape, np.float32)
        for style, share in shares.items():
            drawn += share * self._painters[style].draw(small)
        whole = np.rint(drawn).astype(np.uint8)
        return whole if scale == 1 else cv2.resize(whole, (width, height), interpolation=cv2.INTER_CUBIC)
