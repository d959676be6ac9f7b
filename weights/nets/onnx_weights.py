"""Read the weights out of an ONNX file, without the onnx package; whole numbers become what they stand for."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from weights.nets.onnx_edit import GRAPH, INITIALIZER
from weights.wire import pick_bytes, read_fields, read_varints

NODE = 1
NODE_INPUT, NODE_OPERATION = 1, 4
DIMS, KIND, TENSOR_NAME, RAW = 1, 2, 8, 9
KINDS = {1: "<f4", 2: "u1", 3: "i1", 6: "<i4", 7: "<i8"}
"""Types of tensors, by onnx's numbers, that are read; others are left out."""
DEQUANTIZE = "DequantizeLinear"


def read_weights(model: bytes) -> dict[str, np.ndarray]:
    """The constants of a graph by their names. Those that the graph turns from whole numbers into float32 first
    come as these float32: (q - zero point) * scale, both by the first axis where they are many.

    Raises ValueError where the bytes are no ONNX model.
    """
    graph = [field for part in _bytes_of(model, GRAPH) for field in read_fields(part)]
    weights = dict(_read_tensor(part) for part in pick_bytes(graph, INITIALIZER))
    meant = dict(weights)
    for node in pick_bytes(graph, NODE):
        inputs, operation = _texts(node, NODE_INPUT), _texts(node, NODE_OPERATION)
        if operation == [DEQUANTIZE] and inputs[0] in weights:
            meant[inputs[0]] = _dequantize(*(weights[name] for name in inputs))
    return meant


def _dequantize(whole: np.ndarray, scale: np.ndarray, zero: np.ndarray) -> np.ndarray:
    shape = (-1,) + (1,) * (whole.ndim - 1) if scale.size > 1 else ()
    moved = whole.astype(np.float32) - zero.astype(np.float32).reshape(shape)
    return (moved * scale.reshape(shape)).astype(np.float32)


def _read_tensor(tensor: memoryview) -> tuple[str, np.ndarray]:
    dims: list[int] = []
    kind, name, raw = 0, "", memoryview(b"")
    for field in read_fields(tensor):
        if field.number == DIMS:
            dims += [field.value] if isinstance(field.value, int) else read_varints(field.value)
        elif field.number == KIND and isinstance(field.value, int):
            kind = field.value
        elif field.number == TENSOR_NAME and not isinstance(field.value, int):
            name = bytes(field.value).decode()
        elif field.number == RAW and not isinstance(field.value, int):
            raw = field.value
    if kind not in KINDS or not raw:
        return name, np.empty(0, np.float32)
    return name, np.frombuffer(raw, KINDS[kind]).reshape(dims)


def _texts(message: memoryview, number: int) -> list[str]:
    return [bytes(each).decode() for each in _bytes_of(message, number)]


def _bytes_of(message: bytes | memoryview, number: int) -> Iterator[memoryview]:
    return pick_bytes(read_fields(message), number)
