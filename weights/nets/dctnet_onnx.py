"""DCT-Net as an ONNX graph: a UNet, then a guided filter that lays its drawing onto the picture's edges.

He et al., "Guided Image Filtering", TPAMI 2013, with the picture as its own guide, radius 1, eps 0.01.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from weights.nets.dctnet_layers import LAYERS, SLOPE, Layer, Weights
from weights.onnx_file import FLOAT32, UINT8, OnnxFile, Value

INPUT, OUTPUT = "picture", "drawing"
SHAPE = ("n", "height", "width", 3)
BLOCKS = 4
BOX = 3
EPS = 1e-2
EDGE = 0.999999
HALF = 127.5


def write_dctnet(weights: Sequence[Weights]) -> bytes:
    """The ONNX file of the weights of LAYERS: RGB uint8 [n, height, width, 3] in and out, sides multiples of 4.

    It takes tens of milliseconds, so nobody needs to keep the result.
    """
    file = OnnxFile()
    picture = _enter(file)
    drawing = _filter(file, picture, _unet(file, picture, _turn_to_rgb(weights)))
    _leave(file, drawing)
    inputs, outputs = ([Value(name, UINT8, SHAPE)] for name in (INPUT, OUTPUT))
    return file.write(inputs, outputs, "dctnet")


def _enter(file: OnnxFile) -> str:
    """uint8 NHWC becomes float32 NCHW in -1..1."""
    planes = file.add("Cast", file.add("Transpose", INPUT, perm=[0, 3, 1, 2]), to=FLOAT32)
    return file.add("Sub", file.add("Div", planes, file.scalar(HALF)), file.scalar(1.0))


def _leave(file: OnnxFile, drawing: str) -> None:
    """Back to uint8, cut off and not rounded, as the published graph does it."""
    clipped = file.add("Clip", drawing, file.scalar(-EDGE), file.scalar(EDGE))
    scaled = file.add("Mul", file.add("Add", clipped, file.scalar(1.0)), file.scalar(HALF))
    file.add("Transpose", file.add("Cast", scaled, to=UINT8), name=OUTPUT, perm=[0, 2, 3, 1])


def _turn_to_rgb(weights: Sequence[Weights]) -> Iterator[tuple[Layer, Weights]]:
    """The net was trained on BGR: its first kernel's inputs and its last one's outputs change places."""
    first, *inner, last = weights
    turned = [
        Weights(first.kernel[:, :, ::-1], first.bias),
        *inner,
        Weights(last.kernel[..., ::-1], last.bias[::-1]),
    ]
    return zip(LAYERS, turned, strict=True)


def _unet(file: OnnxFile, picture: str, layers: Iterator[tuple[Layer, Weights]]) -> str:
    def plain(x: str) -> str:
        return _convolve(file, x, *next(layers))

    def leaky(x: str) -> str:
        return file.add("LeakyRelu", plain(x), alpha=SLOPE)

    whole = leaky(picture)
    half = leaky(leaky(whole))
    x = leaky(leaky(half))
    for _ in range(BLOCKS):
        x = file.add("Add", plain(leaky(x)), x)
    x = leaky(x)
    x = leaky(leaky(file.add("Add", _double(file, x), half)))
    x = leaky(file.add("Add", _double(file, x), whole))
    return _convolve_blocks(file, x, *next(layers))


def _convolve(file: OnnxFile, x: str, layer: Layer, weights: Weights) -> str:
    side = layer.size // 2
    # TensorFlow pads an even side under stride 2 at its end alone
    pads = [side] * 4 if layer.stride == 1 else [0, 0, side, side]
    kernel, bias = file.constant(weights.kernel.transpose(3, 2, 0, 1)), file.constant(weights.bias)
    return file.add("Conv", x, kernel, bias, strides=[layer.stride] * 2, pads=pads)


def _convolve_blocks(file: OnnxFile, x: str, layer: Layer, weights: Weights) -> str:
    """The same convolution for four pixels at once, as 12 channels of a picture of half the size.

    ONNX Runtime computes channels by 16: three of them cost as much as twelve.
    """
    size, channels, filters = layer.size, layer.channels, layer.filters
    kernel = np.zeros((filters, 2, 2, channels, size + 1, size + 1), np.float32)
    for row, column in np.ndindex(2, 2):
        kernel[:, row, column, :, row : row + size, column : column + size] = weights.kernel.transpose(
            3, 2, 0, 1
        )
    constants = (kernel.reshape(-1, *kernel.shape[3:]), np.repeat(weights.bias, 4))
    blocks = file.add("Conv", x, *map(file.constant, constants), strides=[2, 2], pads=[size // 2] * 4)
    return file.add("DepthToSpace", blocks, blocksize=2, mode="CRD")


def _double(file: OnnxFile, x: str) -> str:
    """TensorFlow 1's bilinear resizing: every second pixel is a pixel of the small picture itself."""
    scales = file.constant(np.array([1, 1, 2, 2], np.float32))
    return file.add("Resize", x, "", scales, mode="linear", coordinate_transformation_mode="asymmetric")


def _filter(file: OnnxFile, guide: str, drawing: str) -> str:
    def mean(x: str) -> str:
        # pixels beyond the border are not counted
        return file.add("AveragePool", x, kernel_shape=[BOX, BOX], pads=[BOX // 2] * 4, count_include_pad=0)

    def spread(both: str, one: str, other: str) -> str:
        return file.add("Sub", both, file.add("Mul", one, other))

    mean_guide, mean_drawing = mean(guide), mean(drawing)
    variance = spread(mean(file.add("Mul", guide, guide)), mean_guide, mean_guide)
    covariance = spread(mean(file.add("Mul", guide, drawing)), mean_guide, mean_drawing)
    gain = file.add("Div", covariance, file.add("Add", variance, file.scalar(EPS)))
    offset = spread(mean_drawing, gain, mean_guide)
    return file.add("Add", file.add("Mul", mean(gain), guide), mean(offset))
