"""DCT-Net's convolutions, taken from the frozen graph that ModelScope publishes.

Men et al., "DCT-Net: Domain-Calibrated Translation for Portrait Stylization", SIGGRAPH 2022.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np

from weights.errors import ModelDamaged
from weights.frozen_graph import Graph, Node, read_graph, upstream

OUTPUT = "output_image"
SLOPE = 0.2
"""Of every leaky ReLU."""
BIASES = ("BiasAdd", "Add", "AddV2")
FETCH_AGAIN = "Delete it on the Models page and download it again."


@dataclass(frozen=True)
class Layer:
    """A convolution: `size` x `size`, channels in and out, stride, padded so that only the stride shrinks."""

    size: int
    channels: int
    filters: int
    stride: int = 1

    def __str__(self) -> str:
        return _describe((self.size, self.size, self.channels, self.filters), self.stride, "SAME", True)


RESIDUAL = Layer(3, 128, 128)
LAYERS: tuple[Layer, ...] = (
    Layer(7, 3, 32),
    Layer(3, 32, 32, stride=2),
    Layer(3, 32, 64),
    Layer(3, 64, 64, stride=2),
    Layer(3, 64, 128),
    *(RESIDUAL,) * 8,
    Layer(3, 128, 64),
    Layer(3, 64, 64),
    Layer(3, 64, 32),
    Layer(3, 32, 32),
    Layer(7, 32, 3),
)
"""In the order in which a picture passes them."""


@dataclass(frozen=True)
class Weights:
    """One convolution's numbers: float32 kernel [height, width, in, out], bias [out]. BGR at both ends."""

    kernel: np.ndarray
    bias: np.ndarray


def read_weights(name: str, data: bytes) -> list[Weights]:
    """The weights of LAYERS from a frozen graph; `name` is the file's name for messages.

    The convolutions are found by following the graph, whatever they are called. Raises ModelDamaged,
    naming the first difference, for another net or a broken file.
    """
    try:
        graph = read_graph(data)
        nodes = upstream(graph, OUTPUT)
        convolutions = [node for node in nodes if node.op == "Conv2D"]
        if len(convolutions) > len(LAYERS):
            count = f"{len(convolutions)} convolutions instead of {len(LAYERS)}"
            raise ModelDamaged(f"{name} is not a DCT-Net graph: it has {count}.", FETCH_AGAIN)
        found = [_read_convolution(graph, nodes, node) for node in convolutions]
    except ValueError as error:
        raise ModelDamaged(f"{name} holds no graph of DCT-Net: {error}.", FETCH_AGAIN) from error
    weights = [numbers for _, numbers in found]
    difference = _first_difference([words for words, _ in found]) or _odd_node(nodes) or _no_number(weights)
    if difference:
        raise ModelDamaged(f"{name} is not a DCT-Net graph: {difference}.", FETCH_AGAIN)
    return weights


def _read_convolution(graph: Graph, nodes: Sequence[Node], node: Node) -> tuple[str, Weights]:
    """A convolution in words, and its numbers; without biases those are empty."""
    if len(node.inputs) != 2:
        raise ValueError(f"{node.name} has {len(node.inputs)} inputs")
    kernel = _constant(graph, node.inputs[1])
    if kernel is None:
        raise ValueError(f"{node.name} has no constant kernel")
    added = [each.inputs[1:] for each in nodes if each.op in BIASES and each.inputs[:1] == (node.name,)]
    bias = _constant(graph, added[0][0]) if added and added[0] else None
    has_biases = bias is not None and bias.shape == kernel.shape[3:]
    strides = set(node.ints("strides")[1:3])
    stride = strides.pop() if len(strides) == 1 else 0
    words = _describe(kernel.shape, stride, node.text("padding"), has_biases)
    return words, Weights(kernel, bias if bias is not None else np.empty(0, np.float32))


def _constant(graph: Graph, name: str) -> np.ndarray | None:
    node = graph[name]
    while node.op == "Identity" and node.inputs:
        node = graph[node.inputs[0]]
    return node.constant() if node.op == "Const" else None


def _describe(shape: tuple[int, ...], stride: int, padding: str, has_biases: bool) -> str:
    size, channels = "x".join(map(str, shape[:2])), " to ".join(map(str, shape[2:]))
    rest = "" if has_biases else ", without biases"
    return f"{size}, {channels} channels, stride {stride}, {padding}{rest}"


def _first_difference(found: Sequence[str]) -> str:
    for place, (words, layer) in enumerate(zip_longest(found, LAYERS), 1):
        if layer is None:
            return f"it has {len(found)} convolutions instead of {len(LAYERS)}"
        if words is None:
            return f"convolution {place} of {len(LAYERS)} ({layer}) is missing"
        if words != str(layer):
            return f"convolution {place} of {len(LAYERS)} is {words} instead of {layer}"
    return ""


def _odd_node(nodes: Sequence[Node]) -> str:
    """The first activation or resizing that works in another way than DCT-Net's."""
    for node in nodes:
        slope = node.number("alpha", SLOPE) if node.op == "LeakyRelu" else SLOPE
        resized = node.op.startswith("Resize") and (
            node.op != "ResizeBilinear" or node.flag("align_corners") or node.flag("half_pixel_centers")
        )
        if abs(slope - SLOPE) > 1e-6 or resized:
            return f"{node.name} works in another way"
    return ""


def _no_number(weights: Sequence[Weights]) -> str:
    for place, each in enumerate(weights, 1):
        if not (np.isfinite(each.kernel).all() and np.isfinite(each.bias).all()):
            return f"convolution {place} holds values that are not numbers"
    return ""
