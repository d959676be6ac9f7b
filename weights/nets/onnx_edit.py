"""Change what an ONNX file takes, without the onnx package: pictures of any size, or one input for good."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from weights.onnx_file import write_tensor
from weights.wire import BYTES, Field, chunk, read_fields, write_fields

GRAPH = 7
INITIALIZER, INPUT, OUTPUT = 5, 11, 12
NAME_OF_TENSOR = 8
NAME, TYPE = 1, 2
TENSOR_TYPE, SHAPE = 1, 2
DIMENSION, DIMENSION_NAME = 1, 2
FREE = (0, 2, 3)
"""Batch, height and width of N x C x H x W."""


def free_shape(model: bytes) -> bytes:
    """The same model, made of convolutions, with free N, H and W at each input and output, whatever it was
    exported for; weights stop being inputs.

    Raises ValueError where the bytes are no ONNX model.
    """
    return write_fields(_map(read_fields(model), GRAPH, _free_graph))


def fix_input(model: bytes, name: str, value: np.ndarray) -> bytes:
    """The same model with float32 `value` in the place of an input: the runtime folds all that hangs on it alone.

    Raises ValueError where the bytes are no ONNX model.
    """

    def fix(graph: memoryview) -> bytes:
        kept = [field for field in read_fields(graph) if field.number != INPUT or _text(field, NAME) != name]
        return write_fields([*kept, chunk(INITIALIZER, write_tensor(name, value))])

    return write_fields(_map(read_fields(model), GRAPH, fix))


def _free_graph(graph: memoryview) -> bytes:
    fields = list(read_fields(graph))
    weights = {_text(field, NAME_OF_TENSOR) for field in fields if field.number == INITIALIZER}
    kept = [field for field in fields if field.number != INPUT or _text(field, NAME) not in weights]
    for number in (INPUT, OUTPUT):
        kept = _map(kept, number, _free_value)
    return write_fields(kept)


def _free_value(value: memoryview) -> bytes:
    name = _text(chunk(0, bytes(value)), NAME)

    def free(shape: memoryview) -> bytes:
        dimensions = list(read_fields(shape))
        if len(dimensions) <= max(FREE):
            raise ValueError(f"{name!r} is no N x C x H x W")
        for axis in FREE:
            symbol = write_fields([chunk(DIMENSION_NAME, f"{name}_{axis}".encode())])
            dimensions[axis] = chunk(DIMENSION, symbol)
        return write_fields(dimensions)

    def in_tensor(tensor: memoryview) -> bytes:
        return write_fields(_map(read_fields(tensor), SHAPE, free))

    def in_type(kind: memoryview) -> bytes:
        return write_fields(_map(read_fields(kind), TENSOR_TYPE, in_tensor))

    return write_fields(_map(read_fields(value), TYPE, in_type))


def _map(fields: object, number: int, change: Callable[[memoryview], bytes]) -> list[Field]:
    return [
        chunk(number, change(field.value)) if field.number == number and field.kind == BYTES else field
        for field in fields  # type: ignore[attr-defined]
    ]


def _text(message: Field, number: int) -> str:
    if isinstance(message.value, int):
        raise ValueError("a number stands where a message belongs")
    for field in read_fields(message.value):
        if field.number == number and not isinstance(field.value, int):
            return bytes(field.value).decode()
    return ""
