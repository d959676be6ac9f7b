"""Protocol Buffers' wire format against onnx's own reader."""

from __future__ import annotations

import onnx
import pytest
from onnx import TensorProto, helper

from weights.wire import BYTES, VARINT, Field, chunk, read_fields, read_varints, write_fields


def example() -> onnx.ModelProto:
    graph = helper.make_graph(
        [helper.make_node("Relu", ["x"], ["y"])],
        "relu",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [10, 3, 32, 32])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [10, 3, 32, 32])],
    )
    return helper.make_model(graph, producer_name="a test")


def test_a_model_is_read_and_written_as_it_was() -> None:
    data = example().SerializeToString()
    fields = list(read_fields(data))
    assert (2, BYTES, b"a test") in [
        (field.number, field.kind, bytes(field.value)) for field in fields if field.kind
    ]
    assert write_fields(fields) == data


@pytest.mark.parametrize("value", [0, 1, 127, 128, 300, 2**63 - 1, 2**64 - 1])
def test_numbers_of_any_length(value: int) -> None:
    (field,) = read_fields(write_fields([Field(5, VARINT, value)]))
    assert field == (5, VARINT, value)


@pytest.mark.parametrize(
    "data",
    [
        b"\x80",  # a key that goes on behind the end
        b"\x08" + b"\xff" * 11,  # a number without an end
        b"\x12\x05abc",  # five bytes announced, three there
        b"\x0d\x00",  # four bytes announced, one there
        b"\x0b",  # a group, which nobody writes any more
        b"\x02\x00",  # field number 0
    ],
)
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"cut off|too long|unknown kind"):
        list(read_fields(data))


def test_a_chunk_is_a_field_of_bytes() -> None:
    assert write_fields([chunk(1, b"hi")]) == b"\x0a\x02hi"


def test_packed_numbers_are_read_one_by_one() -> None:
    assert read_varints(b"\x01\xac\x02\x00") == [1, 300, 0]
    assert read_varints(b"") == []
    with pytest.raises(ValueError, match="cut off"):
        read_varints(b"\x01\xac")
