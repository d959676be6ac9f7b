"""A net that sees a whole picture and answers with a matte: U²-Net, IS-Net, BiRefNet, MODNet, RMBG."""

from __future__ import annotations

import cv2
import numpy as np

from weights.nets.onnx_session import OnnxSession
from weights.spec import ModelSpec, Preprocess

SLIMMEST = 4.0
"""Longer side by shorter at which "area" stops to keep a picture's proportions."""


class MatteNet:
    """Wraps an ONNX graph with one picture in and one map out, as the catalogue's row describes it."""

    def __init__(self, session: OnnxSession, spec: ModelSpec) -> None:
        self._session = session
        self._spec = spec

    def alpha(self, rgb: np.ndarray) -> np.ndarray:
        """Matte of RGB uint8 HWC: float32 HW in 0..1, same size.

        Raises OutOfMemory.
        """
        raw = self.ask(prepare(rgb, self._spec.preprocess))[0]
        return blow_up(raw, rgb.shape, self._spec.output)

    def ask(self, pictures: np.ndarray) -> np.ndarray:
        """The net's own answer to prepared pictures: float32 [n, 3, h, w] -> [n, h, w].

        In one run where the graph takes n pictures, else one by one. Raises OutOfMemory.
        """
        if self._session.batch_size not in (None, len(pictures)):
            return np.concatenate([self._run(each[None]) for each in pictures])
        return self._run(pictures)

    def _run(self, pictures: np.ndarray) -> np.ndarray:
        batch = pictures.astype(self._session.input_dtype, copy=False)
        # BiRefNet's exports give their side outputs first; the last one is the finished map. U²-Net and
        # IS-Net put it first.
        index = -1 if self._spec.output == "sigmoid" else 0
        name = self._session.outputs[index]
        raw = self._session.run({self._session.input_name: batch}, [name])[0]
        return raw.astype(np.float32, copy=False).reshape(len(batch), *raw.shape[-2:])


def blow_up(raw: np.ndarray, shape: tuple[int, ...], output: str) -> np.ndarray:
    """A net's answer [h, w] as the matte of a picture of that shape: float32 HW in 0..1."""
    matte = finish(raw, output)
    return cv2.resize(matte, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)


def prepare(rgb: np.ndarray, how: Preprocess) -> np.ndarray:
    """Resize and normalise RGB uint8 HWC to float32 [1, 3, h, w]."""
    height, width = fitted_size(rgb.shape[0], rgb.shape[1], how)
    shrinks = height * width < rgb.shape[0] * rgb.shape[1]
    small = cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    x = small.astype(np.float32)
    x /= {"unit": 255.0, "peak": max(1.0, float(x.max())), "none": 1.0}[how.scale]
    x = (x - np.array(how.mean, np.float32)) / np.array(how.std, np.float32)
    return np.ascontiguousarray(x.transpose(2, 0, 1)[None], dtype=np.float32)


def fitted_size(height: int, width: int, how: Preprocess) -> tuple[int, int]:
    """(height, width) at which a picture enters the net."""
    if how.fit == "stretch":
        return how.size, how.size
    if how.fit == "area":
        shape = min(max(height / width, 1 / SLIMMEST), SLIMMEST) ** 0.5
        return _round(how.size * shape, how.multiple), _round(how.size / shape, how.multiple)
    scale = how.size / min(height, width) if how.fit == "short-side" else 1.0
    return _round(height * scale, how.multiple), _round(width * scale, how.multiple)


def _round(side: float, multiple: int) -> int:
    return max(multiple, round(side / multiple) * multiple)


def finish(raw: np.ndarray, output: str) -> np.ndarray:
    """Turn a net's output into alpha 0..1; a flat map to be stretched stays as it is, clipped."""
    if output == "sigmoid":
        return 1.0 / (1.0 + np.exp(-np.clip(raw, -30, 30)))
    low, high = float(raw.min()), float(raw.max())
    if output == "stretch" and high - low > 1e-6:
        return (raw - low) / (high - low)
    return np.clip(raw, 0.0, 1.0)
