"""Weights read out of ONNX files that are written here."""

from __future__ import annotations

import numpy as np
import pytest

from tests.weights.nets.painters import write_constants
from weights.nets.onnx_weights import read_weights
from weights.wire import VARINT, Field, chunk, write_fields


def tensor(name: str, values: np.ndarray, kind: int) -> Field:
    dims = [Field(1, VARINT, size) for size in values.shape]
    return chunk(
        5, write_fields([*dims, Field(2, VARINT, kind), chunk(8, name.encode()), chunk(9, values.tobytes())])
    )


def test_arrays_come_back_with_their_shapes() -> None:
    constants = {
        "kernel": np.arange(24, dtype=np.float32).reshape(2, 3, 4),
        "one": np.array(1.5, np.float32),
    }
    found = read_weights(write_constants(constants))
    assert set(found) == set(constants)
    for name, values in constants.items():
        np.testing.assert_array_equal(found[name], values)


def test_whole_numbers_become_what_they_stand_for() -> None:
    """q = 2 rows, each with a scale and zero point of its own."""
    q = np.array([[[1, 2]], [[-3, 4]]], np.int8)
    node = write_fields(
        [*(chunk(1, name.encode()) for name in ("q", "scale", "zero")), chunk(4, b"DequantizeLinear")]
    )
    graph = [
        chunk(1, node),
        tensor("q", q, 3),
        tensor("scale", np.array([0.5, 2], np.float32), 1),
        tensor("zero", np.array([1, -1], np.int8), 3),
    ]
    found = read_weights(write_fields([chunk(7, write_fields(graph))]))
    np.testing.assert_allclose(found["q"], [[[0, 0.5]], [[-4, 10]]])
    assert found["q"].dtype == np.float32


def test_bytes_that_are_no_model_are_told() -> None:
    with pytest.raises(ValueError):
        read_weights(b"\x3a\x7fcut off")
