"""Write a painter's net in the form that runs quickest: contract, residual blocks, expand.

The shape that nets of Dumoulin, Shlens and Kudlur 2017 and of Ghiasi et al. 2017 share: a 9x9 convolution and two
of stride 2, residual blocks at a quarter of the size, and twice "enlarge to the double by repeating pixels, then
convolve", ended by a 9x9 convolution. As published, the last three convolve few channels at full size. Here they
stay at the quarter: a block of 4x4 pixels is 16 channels of one, and any of the three is a 3x3 convolution.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from weights.onnx_file import UINT8, OnnxFile, Value

PICTURE, PAINTED = "picture", "painted"
BLOCK = 4
BEFORE, AFTER = 7, 4
"""Pixels that a picture is to be longer by on its left and top, and on its right and bottom: what the first three
convolutions use up. They are padded once, in the picture, and not before each."""
EPSILON = 1e-5
FLOAT32, INT64 = 1, 7


@dataclass(frozen=True)
class Layer:
    """One convolution: `kernel` [out, in, size, size]. With a `gain` [out] its channels are normalised over the
    picture, then scaled by it; `shift` [out] is added."""

    kernel: np.ndarray
    shift: np.ndarray
    gain: np.ndarray | None = None


def write_painter(contract: Sequence[Layer], residual: Sequence[Layer], expand: Sequence[Layer]) -> bytes:
    """The net as an ONNX file: PICTURE uint8 [1, h + BEFORE + AFTER, w + BEFORE + AFTER, 3] -> PAINTED uint8
    [1, h, w, 3]; h and w are multiples of BLOCK."""
    file = OnnxFile()
    planes = file.add("Transpose", PICTURE, perm=[0, 3, 1, 2])
    x = file.add("Mul", file.add("Cast", planes, to=FLOAT32), file.scalar(1 / 255))
    for layer, stride in zip(contract, (1, 2, 2), strict=True):
        x = file.add("Relu", _apply(file, x, layer, stride))
    for first, second in zip(residual[::2], residual[1::2], strict=True):
        inner = file.add("Relu", _apply(file, _pad(file, x, "reflect"), first))
        x = file.add("Add", x, _apply(file, _pad(file, inner, "reflect"), second))
    for layer, (reads, writes) in zip(expand, ((1, 2), (2, 4), (4, 4)), strict=True):
        if layer is not expand[0]:
            x = file.add("Relu", x)
        x = _apply(file, _pad(file, x, "edge"), in_blocks(layer, reads, writes))
    x = file.add("Mul", file.add("Sigmoid", x), file.scalar(255))
    # a cast cuts off: half a level more makes it round
    x = file.add("DepthToSpace", file.add("Add", x, file.scalar(0.5)), blocksize=BLOCK, mode="CRD")
    file.add("Transpose", file.add("Cast", x, to=UINT8), perm=[0, 2, 3, 1], name=PAINTED)
    picture = Value(PICTURE, UINT8, (1, "padded_height", "padded_width", 3))
    return file.write([picture], [Value(PAINTED, UINT8, (1, "height", "width", 3))], "painter")


def in_blocks(layer: Layer, reads: int, writes: int) -> Layer:
    """The same convolution for blocks of writes x writes pixels, as channels of one.

    Its input comes in blocks of reads x reads, and is enlarged to the double by repeating pixels on the way where
    that is half of `writes`. A channel's pixels stand together, row by row, in both.
    """
    out, channels, size = layer.kernel.shape[:3]
    kernel = np.zeros((out, writes, writes, channels, reads, reads, 3, 3), np.float32)
    for row, column, down, right in np.ndindex(writes, writes, size, size):
        y, block_y = _place(row, down - size // 2, reads, writes)
        x, block_x = _place(column, right - size // 2, reads, writes)
        kernel[:, row, column, :, y, x, block_y, block_x] += layer.kernel[:, :, down, right]
    return Layer(kernel.reshape(out * writes**2, channels * reads**2, 3, 3), layer.shift, layer.gain)


def _place(at: int, tap: int, reads: int, writes: int) -> tuple[int, int]:
    """Which pixel of which of the three blocks a tap reads for the pixel `at` of the block that is written."""
    block, pixel = divmod((at + tap) * reads // writes, reads)
    return pixel, block + 1


def _apply(file: OnnxFile, x: str, layer: Layer, stride: int = 1) -> str:
    kernel = file.constant(layer.kernel)
    if layer.gain is None:
        return file.add("Conv", x, kernel, file.constant(layer.shift), strides=[stride] * 2)
    x = file.add("Conv", x, kernel, strides=[stride] * 2)
    # one channel's blocks are normalised together
    flat = file.add("Reshape", x, _whole_numbers(file, [1, len(layer.gain), -1]))
    constants = (file.constant(layer.gain), file.constant(layer.shift))
    even = file.add("InstanceNormalization", flat, *constants, epsilon=EPSILON)
    return file.add("Reshape", even, file.add("Shape", x))


def _pad(file: OnnxFile, x: str, how: str) -> str:
    return file.add("Pad", x, _whole_numbers(file, [0, 0, 1, 1, 0, 0, 1, 1]), mode=how)


def _whole_numbers(file: OnnxFile, numbers: Sequence[int]) -> str:
    return file.add("Cast", file.constant(np.array(numbers, np.float32)), to=INT64)
