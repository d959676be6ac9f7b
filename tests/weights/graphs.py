"""Frozen graphs written on the spot: any GraphDef, and DCT-Net's with random weights."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from weights.wire import FIXED32, VARINT, Field, chunk, write_fields

FLOAT32 = 1
Attribute = bytes | float | bool | str | Sequence[int]


def tensor_of(values: np.ndarray, kind: int = FLOAT32) -> bytes:
    """An attribute that holds an array as raw bytes."""
    content = [Field(1, VARINT, kind), chunk(2, shape_of(values.shape)), chunk(4, values.tobytes())]
    return write_fields([chunk(8, write_fields(content))])


def shape_of(sizes: Sequence[int]) -> bytes:
    return write_fields([chunk(2, write_fields([Field(1, VARINT, size)])) for size in sizes])


def attribute_of(value: Attribute) -> bytes:
    """An AttrValue: bytes are one already."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, bool):
        return write_fields([Field(5, VARINT, int(value))])
    if isinstance(value, float):
        return write_fields([Field(4, FIXED32, memoryview(struct.pack("<f", value)))])
    if isinstance(value, str):
        return write_fields([chunk(2, value.encode())])
    return write_fields([chunk(1, write_fields([chunk(3, bytes(value))]))])


def node_of(name: str, op: str, inputs: Sequence[str] = (), **attributes: Attribute) -> bytes:
    fields = [chunk(1, name.encode()), chunk(2, op.encode())]
    fields += [chunk(3, each.encode()) for each in inputs]
    fields += [
        chunk(5, write_fields([chunk(1, key.encode()), chunk(2, attribute_of(value))]))
        for key, value in attributes.items()
    ]
    return write_fields(fields)


def graph_of(nodes: Sequence[bytes]) -> bytes:
    return write_fields([chunk(1, node) for node in nodes])


@dataclass(frozen=True)
class Step:
    """A convolution of a graph in the making: its published name, and all that can be wrong with it."""

    name: str
    kernel: np.ndarray
    bias: np.ndarray | None
    stride: int = 1
    padding: str = "SAME"
    slope: float | None = 0.2
    scale: int = 1
    """2 enlarges the picture before the convolution."""


@dataclass
class Drawn:
    """DCT-Net as its authors build it; change `steps` and write a graph of another net."""

    steps: list[Step]
    legacy: bool = True

    def change(self, place: int, **changes: object) -> Drawn:
        steps = list(self.steps)
        steps[place] = replace(steps[place], **changes)  # type: ignore[arg-type]
        return replace(self, steps=steps)

    def write(self) -> bytes:
        nodes = [node_of("input_image", "Placeholder")]
        last = "input_image:0"
        for step in self.steps:
            last = _add(nodes, step, last, self.legacy)
        return graph_of([*nodes, node_of("output_image", "Cast", [last, "^input_image"])])


def _add(nodes: list[bytes], step: Step, last: str, legacy: bool) -> str:
    path = f"generator/{step.name}"
    if step.scale == 2:
        nodes.append(node_of(f"{path}/up", "ResizeBilinear", [last], half_pixel_centers=not legacy))
        last = f"{path}/up"
    nodes += [
        node_of(f"{path}/weights", "Const", value=tensor_of(step.kernel)),
        node_of(f"{path}/weights/read", "Identity", [f"{path}/weights"]),
        node_of(
            f"{path}/Conv2D",
            "Conv2D",
            [last, f"{path}/weights/read"],
            strides=[1, step.stride, step.stride, 1],
            padding=step.padding,
        ),
    ]
    last = f"{path}/Conv2D"
    if step.bias is not None:
        nodes.append(node_of(f"{path}/biases", "Const", value=tensor_of(step.bias)))
        nodes.append(node_of(f"{path}/BiasAdd", "BiasAdd", [last, f"{path}/biases"]))
        last = f"{path}/BiasAdd"
    if step.slope is not None:
        nodes.append(node_of(f"{path}/LeakyRelu", "LeakyRelu", [last], alpha=step.slope))
        last = f"{path}/LeakyRelu"
    return last


def draw_dctnet(seed: int = 7) -> Drawn:
    """The 18 convolutions under their published names, with random weights that neither fade nor saturate."""
    random = np.random.default_rng(seed)

    def step(name: str, size: int, channels: int, filters: int, gain: float = 1.3, **more: object) -> Step:
        spread = gain / np.sqrt(size * size * channels)
        kernel = random.normal(0, spread, (size, size, channels, filters)).astype(np.float32)
        return Step(name, kernel, random.normal(0, 0.1, filters).astype(np.float32), **more)  # type: ignore[arg-type]

    blocks = [
        each
        for block in range(4)
        for each in (
            step(f"block_{block}/conv1", 3, 128, 128),
            step(f"block_{block}/conv2", 3, 128, 128, 0.5, slope=None),
        )
    ]
    return Drawn(
        [
            step("Conv", 7, 3, 32),
            step("Conv_1", 3, 32, 32, stride=2),
            step("Conv_2", 3, 32, 64),
            step("Conv_3", 3, 64, 64, stride=2),
            step("Conv_4", 3, 64, 128),
            *blocks,
            step("Conv_5", 3, 128, 64),
            step("Conv_6", 3, 64, 64, 0.9, scale=2),
            step("Conv_7", 3, 64, 32),
            step("Conv_8", 3, 32, 32, 0.9, scale=2),
            step("Conv_9", 7, 32, 3, 0.5, slope=None),
        ]
    )
