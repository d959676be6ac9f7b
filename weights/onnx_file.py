"""Write ONNX files without the onnx package: operations, constants, and the model around them.

Field numbers are those of onnx/onnx.proto.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from weights.wire import FIXED32, VARINT, Field, chunk, write_fields

IR_VERSION, OPSET = 8, 17
FLOAT32, UINT8 = 1, 2
"""Types of tensors, by onnx's numbers."""
AS_FLOAT, AS_INT, AS_TEXT, AS_INTS = 1, 2, 3, 7
Attribute = int | float | str | Sequence[int]


@dataclass(frozen=True)
class Value:
    """An input or output: its name, its type, and its shape, in which a text names a free dimension."""

    name: str
    type: int
    shape: Sequence[int | str]


class OnnxFile:
    """Grows operation by operation; `write` ends it."""

    def __init__(self) -> None:
        self._nodes: list[bytes] = []
        self._constants: list[bytes] = []

    def constant(self, value: np.ndarray) -> str:
        """Keep a float32 array in the file, and return the name that it goes by."""
        name = f"constant_{len(self._constants)}"
        self._constants.append(write_tensor(name, value))
        return name

    def scalar(self, value: float) -> str:
        """Keep one float32 number."""
        return self.constant(np.array(value, np.float32))

    def add(self, op: str, *inputs: str, name: str = "", **attributes: Attribute) -> str:
        """Add an operation with one output, and return the output's name; an input "" is left out."""
        output = name or f"{op}_{len(self._nodes)}"
        fields = [chunk(1, each.encode()) for each in inputs]
        fields += [chunk(2, output.encode()), chunk(3, output.encode()), chunk(4, op.encode())]
        fields += [chunk(5, _attribute(key, value)) for key, value in attributes.items()]
        self._nodes.append(write_fields(fields))
        return output

    def write(self, inputs: Iterable[Value], outputs: Iterable[Value], name: str) -> bytes:
        """The finished model."""
        graph = [chunk(1, node) for node in self._nodes]
        graph += [chunk(2, name.encode())]
        graph += [chunk(5, constant) for constant in self._constants]
        graph += [chunk(11, _value(each)) for each in inputs]
        graph += [chunk(12, _value(each)) for each in outputs]
        model = [Field(1, VARINT, IR_VERSION), chunk(7, write_fields(graph))]
        return write_fields([*model, chunk(8, write_fields([Field(2, VARINT, OPSET)]))])


def write_tensor(name: str, value: np.ndarray) -> bytes:
    """A float32 array as onnx's TensorProto."""
    dims = [Field(1, VARINT, size) for size in value.shape]
    raw = value.astype("<f4", copy=False).tobytes()
    return write_fields([*dims, Field(2, VARINT, FLOAT32), chunk(8, name.encode()), chunk(9, raw)])


def _attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, int):
        kind, fields = AS_INT, [Field(3, VARINT, value)]
    elif isinstance(value, float):
        kind, fields = AS_FLOAT, [Field(2, FIXED32, memoryview(struct.pack("<f", value)))]
    elif isinstance(value, str):
        kind, fields = AS_TEXT, [chunk(4, value.encode())]
    else:
        kind, fields = AS_INTS, [Field(8, VARINT, each) for each in value]
    return write_fields([chunk(1, name.encode()), *fields, Field(20, VARINT, kind)])


def _value(value: Value) -> bytes:
    shape = write_fields([chunk(1, _dimension(size)) for size in value.shape])
    tensor = write_fields([Field(1, VARINT, value.type), chunk(2, shape)])
    return write_fields([chunk(1, value.name.encode()), chunk(2, write_fields([chunk(1, tensor)]))])


def _dimension(size: int | str) -> bytes:
    field = Field(1, VARINT, size) if isinstance(size, int) else chunk(2, size.encode())
    return write_fields([field])
