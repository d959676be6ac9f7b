"""What an ONNX file says of itself - its notes and what it takes - without opening it for work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from weights.nets.onnx_edit import GRAPH, INITIALIZER, INPUT, NAME, NAME_OF_TENSOR
from weights.wire import pick_bytes, read_fields

NOTES, KEY, VALUE = 14, 1, 2


@dataclass(frozen=True)
class Facts:
    """`notes` are the file's own, `inputs` the names of what must be handed over."""

    notes: Mapping[str, str]
    inputs: frozenset[str]


def read_facts(model: bytes) -> Facts:
    """The facts of a file's bytes; none at all where they are no ONNX model."""
    try:
        return _read(model)
    except ValueError:
        return Facts({}, frozenset())


def _read(model: bytes) -> Facts:
    fields = list(read_fields(model))
    notes = {_text(note, KEY): _text(note, VALUE) for note in pick_bytes(fields, NOTES)}
    graph = [field for part in pick_bytes(fields, GRAPH) for field in read_fields(part)]
    weights = {_text(each, NAME_OF_TENSOR) for each in pick_bytes(graph, INITIALIZER)}
    return Facts(notes, frozenset(_text(each, NAME) for each in pick_bytes(graph, INPUT)) - weights)


def _text(message: memoryview, number: int) -> str:
    return next((bytes(each).decode() for each in pick_bytes(read_fields(message), number)), "")
