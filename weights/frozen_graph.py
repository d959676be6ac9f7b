"""Read TensorFlow's frozen graphs (GraphDef) without TensorFlow: nodes, their wiring, constants.

Field numbers are those of tensorflow/core/framework/{graph,node_def,attr_value,tensor}.proto.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from math import prod

import numpy as np

from weights.wire import FIXED32, Field, read_fields, read_varints

NODE = 1
NAME, OP, INPUT, ATTRIBUTE = 1, 2, 3, 5
KEY, VALUE = 1, 2
AS_LIST, AS_TEXT, AS_FLOAT, AS_BOOL, AS_TENSOR = 1, 2, 4, 5, 8
LIST_OF_INTS = 3
TENSOR_TYPE, TENSOR_SHAPE, TENSOR_CONTENT, TENSOR_FLOATS = 1, 2, 4, 5
DIMENSION, DIMENSION_SIZE = 2, 1
FLOAT32 = 1
LARGEST = 1 << 20
"""Values in one constant; more is a damaged file, not a net that this app runs."""
MOST_DIMENSIONS = 8


@dataclass(frozen=True)
class Node:
    """One operation. `inputs` name nodes, without output numbers and control inputs."""

    name: str
    op: str
    inputs: tuple[str, ...]
    attributes: Mapping[str, memoryview]

    def text(self, key: str) -> str:
        """A text attribute, such as padding; empty where it is not set."""
        return next((_text(field) for field in self._all(key, AS_TEXT)), "")

    def ints(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers, such as strides; empty where it is not set."""
        lists = [field for listed in self._all(key, AS_LIST) for field in read_fields(_bytes(listed))]
        found = [field.value for field in lists if field.number == LIST_OF_INTS]
        return tuple(
            number
            for value in found
            for number in ([value] if isinstance(value, int) else read_varints(value))
        )

    def number(self, key: str, default: float) -> float:
        """A float attribute, such as alpha."""
        found = [_bytes(field) for field in self._all(key, AS_FLOAT) if field.kind == FIXED32]
        return float(np.frombuffer(found[0], "<f4")[0]) if found else default

    def flag(self, key: str) -> bool:
        """A yes or no, such as align_corners; no where it is not set."""
        return any(field.value != 0 for field in self._all(key, AS_BOOL))

    def constant(self) -> np.ndarray:
        """The float32 array that a Const node holds; read-only. Raises ValueError where it holds none."""
        for field in self._all("value", AS_TENSOR):
            return _read_tensor(self.name, _bytes(field))
        raise ValueError(f"{self.name} holds no constant")

    def _all(self, key: str, number: int) -> list[Field]:
        return [field for field in read_fields(self.attributes.get(key, b"")) if field.number == number]


Graph = Mapping[str, Node]


def read_graph(data: bytes) -> Graph:
    """Nodes by name, in the file's order. Raises ValueError where the bytes are no GraphDef."""
    nodes = [_read_node(_bytes(field)) for field in read_fields(data) if field.number == NODE]
    if not nodes or any(not node.name or not node.op for node in nodes):
        raise ValueError("it holds no operations")
    return {node.name: node for node in nodes}


def upstream(graph: Graph, name: str) -> list[Node]:
    """Nodes that `name` depends on, itself last, each one after its own inputs.

    Raises ValueError when a node is missing or the graph runs in a circle.
    """
    needed: dict[str, tuple[str, ...]] = {}
    waiting = [name]
    while waiting:
        each = waiting.pop()
        if each in needed:
            continue
        if each not in graph:
            raise ValueError(f"it has no {each}")
        needed[each] = graph[each].inputs
        waiting.extend(graph[each].inputs)
    try:
        return [graph[each] for each in TopologicalSorter(needed).static_order()]
    except CycleError as error:
        raise ValueError("it runs in a circle") from error


def _read_node(message: memoryview) -> Node:
    name = op = ""
    inputs: list[str] = []
    attributes: dict[str, memoryview] = {}
    for field in read_fields(message):
        if field.number == NAME:
            name = _text(field)
        elif field.number == OP:
            op = _text(field)
        elif field.number == INPUT:
            inputs.append(_text(field))
        elif field.number == ATTRIBUTE:
            entry = {part.number: part for part in read_fields(_bytes(field))}
            if KEY in entry and VALUE in entry:
                attributes[_text(entry[KEY])] = _bytes(entry[VALUE])
    real = tuple(each.split(":")[0] for each in inputs if not each.startswith("^"))
    return Node(name, op, real, attributes)


def _read_tensor(name: str, message: memoryview) -> np.ndarray:
    """TensorFlow writes raw bytes, or a list of floats whose last one stands for all that follow."""
    kind: int | memoryview = 0
    shape: tuple[int, ...] = ()
    raw, listed = b"", bytearray()
    for field in read_fields(message):
        if field.number == TENSOR_TYPE:
            kind = field.value
        elif field.number == TENSOR_SHAPE:
            shape = _read_shape(_bytes(field))
        elif field.number == TENSOR_CONTENT:
            raw = bytes(_bytes(field))
        elif field.number == TENSOR_FLOATS:
            listed += _bytes(field)
    size = prod(shape)
    if kind != FLOAT32 or min(shape, default=0) < 0 or size > LARGEST:
        raise ValueError(f"{name} holds no float32 numbers")
    values = np.frombuffer(raw or bytes(listed) or bytes(4 if size else 0), "<f4")
    if not raw and len(values) < size:
        values = np.pad(values, (0, size - len(values)), mode="edge")
    if len(values) != size:
        raise ValueError(f"{name} holds {len(values)} numbers instead of {size}")
    return values.reshape(shape)


def _read_shape(message: memoryview) -> tuple[int, ...]:
    sizes = []
    for dimension in read_fields(message):
        if dimension.number == DIMENSION:
            parts = {part.number: part.value for part in read_fields(_bytes(dimension))}
            size = parts.get(DIMENSION_SIZE, 0)
            sizes.append(size if isinstance(size, int) else -1)
            if len(sizes) > MOST_DIMENSIONS:
                raise ValueError(f"a constant has more than {MOST_DIMENSIONS} dimensions")
    return tuple(sizes)


def _bytes(field: Field) -> memoryview:
    if isinstance(field.value, int):
        raise ValueError(f"field {field.number} is a number where bytes belong")
    return field.value


def _text(field: Field) -> str:
    return bytes(_bytes(field)).decode()
