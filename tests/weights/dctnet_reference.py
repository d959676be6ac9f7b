"""DCT-Net in float64 and plain numpy: slow, and written from its description alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Pair = tuple[np.ndarray, np.ndarray]
"""A kernel [height, width, in, out] and its biases."""


def draw(rgb: np.ndarray, pairs: Sequence[Pair]) -> np.ndarray:
    """RGB uint8 HWC, sides multiples of 4, through the 18 convolutions and the guided filter: uint8 HWC."""
    x = rgb[..., ::-1].astype(np.float64) / 127.5 - 1
    y = smooth(x, unet(x, pairs))
    y = (np.clip(y, -0.999999, 0.999999) + 1) * 127.5
    return y.astype(np.uint8)[..., ::-1]


def unet(x: np.ndarray, pairs: Sequence[Pair]) -> np.ndarray:
    whole = leak(convolve(x, *pairs[0]))
    half = leak(convolve(halve(whole, *pairs[1]), *pairs[2]))
    y = leak(convolve(halve(half, *pairs[3]), *pairs[4]))
    for block in range(4):
        first, second = pairs[5 + 2 * block : 7 + 2 * block]
        y = y + convolve(leak(convolve(y, *first)), *second)
    y = leak(convolve(y, *pairs[13]))
    y = leak(convolve(double(y) + half, *pairs[14]))
    y = leak(convolve(y, *pairs[15]))
    y = leak(convolve(double(y) + whole, *pairs[16]))
    return convolve(y, *pairs[17])


def convolve(x: np.ndarray, kernel: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Stride 1, same size."""
    size = kernel.shape[0]
    return _slide(np.pad(x, ((size // 2,) * 2, (size // 2,) * 2, (0, 0))), kernel, bias)


def halve(x: np.ndarray, kernel: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Stride 2 with TensorFlow's SAME padding of even sides, then the leaky ReLU."""
    size = kernel.shape[0]
    return leak(_slide(np.pad(x, ((0, size - 1), (0, size - 1), (0, 0))), kernel, bias)[::2, ::2])


def _slide(x: np.ndarray, kernel: np.ndarray, bias: np.ndarray) -> np.ndarray:
    size = kernel.shape[0]
    height, width = x.shape[0] - size + 1, x.shape[1] - size + 1
    y = np.zeros((height, width, kernel.shape[3]))
    for i, j in np.ndindex(size, size):
        y += x[i : i + height, j : j + width] @ kernel[i, j].astype(np.float64)
    return y + bias


def leak(x: np.ndarray) -> np.ndarray:
    return np.where(x < 0, 0.2 * x, x)


def double(x: np.ndarray) -> np.ndarray:
    """Each pixel, and between two of them their mean; the last one stands twice."""
    for axis in (0, 1):
        following = np.concatenate([x.take(range(1, x.shape[axis]), axis), x.take([-1], axis)], axis)
        pairs = np.stack([x, (x + following) / 2], axis + 1)
        x = pairs.reshape(*x.shape[:axis], 2 * x.shape[axis], *x.shape[axis + 1 :])
    return x


def smooth(guide: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Guided filter, radius 1, eps 0.01."""
    mean_guide, mean = box(guide), box(x)
    gain = (box(guide * x) - mean_guide * mean) / (box(guide * guide) - mean_guide**2 + 1e-2)
    return box(gain) * guide + box(mean - gain * mean_guide)


def box(x: np.ndarray) -> np.ndarray:
    """Mean of the 3x3 pixels that lie inside the picture."""
    kernel = np.ones((3, 3, 1, 1))

    def total(plane: np.ndarray) -> np.ndarray:
        return convolve(plane[..., None], kernel, np.zeros(1))[..., 0]

    count = total(np.ones(x.shape[:2]))
    return np.stack([total(x[..., channel]) / count for channel in range(x.shape[2])], -1)
