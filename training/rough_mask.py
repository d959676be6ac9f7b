"""Rough answers about a portrait from nets that exist: where the person is, what stands out, where faces are."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from weights.catalogue import Catalogue
from weights.files import locate
from weights.nets.matte import MatteNet
from weights.nets.onnx_session import OnnxSession

Floats = NDArray[np.float32]
Picture = NDArray[np.uint8]
SIDE = 256
"""Side of selfie segmentation's input and output."""
PLAIN = 2
"""The first views are without a border: sharper, and right at the picture's own border."""
PAD = 0.15
"""Border of the second view, as a share of the picture's sides."""


class PersonMask:
    """MediaPipe's selfie segmentation, asked four times: mirrored or not, with a border or without."""

    def __init__(self, path: Path) -> None:
        self._session = OnnxSession(path, ["CPUExecutionProvider"])

    def views(self, rgb: Picture) -> Floats:
        """RGB uint8 HWC -> 4 x H x W in 0..1, one mask a view; their spread says how sure it is."""
        height, width = rgb.shape[:2]
        dy, dx = round(height * PAD), round(width * PAD)
        padded = cv2.copyMakeBorder(rgb, dy, dy, dx, dx, cv2.BORDER_REPLICATE)
        masks = []
        for picture in (rgb, padded):
            for flip in (False, True):
                seen = self.once(picture[:, ::-1] if flip else picture)
                masks.append(seen[:, ::-1] if flip else seen)
        masks[2:] = [mask[dy : dy + height, dx : dx + width] for mask in masks[2:]]
        return np.stack(masks)

    def once(self, rgb: Picture) -> Floats:
        """RGB uint8 HWC -> mask HW in 0..1 of the same size."""
        small = cv2.resize(np.ascontiguousarray(rgb), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
        batch = small.astype(np.float32)[None] / 255
        mask = self._session.run({self._session.input_name: batch})[0].reshape(SIDE, SIDE)
        full: Floats = cv2.resize(mask, (rgb.shape[1], rgb.shape[0]), interpolation=cv2.INTER_CUBIC)
        return np.clip(full, 0, 1)


class FaceBoxes:
    """YuNet through OpenCV."""

    def __init__(self, path: Path, least: float = 0.6) -> None:
        self._net = cv2.FaceDetectorYN.create(str(path), "", (SIDE, SIDE), least)

    def find(self, rgb: Picture) -> Floats:
        """RGB uint8 HWC -> N x 4 float32: left, top, width, height in px."""
        self._net.setInputSize((rgb.shape[1], rgb.shape[0]))
        _, faces = self._net.detect(np.ascontiguousarray(rgb[..., ::-1]))
        return np.zeros((0, 4), np.float32) if faces is None else faces[:, :4].astype(np.float32)


def open_salient() -> MatteNet:
    """u2netp from its wheel: the second opinion. Raises ModelMissing where the wheel is not installed."""
    spec = Catalogue()["u2netp"]
    path = locate(spec, Path())[0]
    return MatteNet(OnnxSession(path, ["CPUExecutionProvider"]), spec)


def open_own(path: Path) -> MatteNet:
    """An exported portrait net, asked as the catalogue's row says."""
    return MatteNet(OnnxSession(path, ["CPUExecutionProvider"]), Catalogue()["portrait"])
