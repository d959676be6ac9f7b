"""A net that tells near from far in one picture: Depth Anything V2.

Yang et al., "Depth Anything V2", NeurIPS 2024: relative inverse depth, larger is nearer.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from weights.nets.matte import prepare
from weights.nets.onnx_session import OnnxSession
from weights.spec import ModelSpec, Preprocess

ENDS = (1, 99)
"""Percentiles that become far and near: a few stray pixels must not flatten the rest."""


class DepthNet:
    """Wraps an ONNX graph with one picture in, [1, 3, h, w], and one map out, [1, h, w] or [1, 1, h, w]."""

    def __init__(self, session: OnnxSession, spec: ModelSpec) -> None:
        self._session = session
        self._preprocess = _fixed(session) or spec.preprocess

    def nearness(self, rgb: np.ndarray) -> np.ndarray:
        """Of RGB uint8 HWC: float32 HW from 0 far to 1 near; 0.5 everywhere where the net sees no depth.

        Raises OutOfMemory.
        """
        batch = prepare(rgb, self._preprocess).astype(self._session.input_dtype, copy=False)
        raw = self._session.run({self._session.input_name: batch}, self._session.outputs[:1])[0]
        raw = raw.astype(np.float32, copy=False).reshape(raw.shape[-2:])
        far, near = np.percentile(raw, ENDS)
        if near - far < 1e-6:
            return np.full(rgb.shape[:2], 0.5, np.float32)
        scaled = np.clip((raw - far) / (near - far), 0, 1).astype(np.float32)
        return cv2.resize(scaled, (rgb.shape[1], rgb.shape[0]), interpolation=cv2.INTER_LINEAR)


def _fixed(session: OnnxSession) -> Preprocess | None:
    """How a picture enters a graph that takes one size only, None for one that takes any."""
    shape = session.inputs[session.input_name].shape
    if not isinstance(shape[-1], int):
        return None
    return replace(Preprocess(), size=shape[-1], fit="stretch")
