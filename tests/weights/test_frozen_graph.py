"""Frozen graphs written here, field by field, and what the reader makes of them."""

from __future__ import annotations

import random
import struct
import time

import numpy as np
import pytest

from tests.weights.graphs import graph_of, node_of, shape_of, tensor_of
from weights.frozen_graph import Node, read_graph, upstream
from weights.wire import VARINT, Field, chunk, write_fields

MATRIX = np.arange(6, dtype=np.float32).reshape(2, 3)


def read(**attributes: object) -> Node:
    """A graph's only node."""
    return read_graph(graph_of([node_of("only", "Const", **attributes)]))["only"]  # type: ignore[arg-type]


def listed(shape: tuple[int, ...], *floats: bytes) -> bytes:
    """A tensor whose numbers stand in a list instead of raw bytes."""
    content = [Field(1, VARINT, 1), chunk(2, shape_of(shape)), *(chunk(5, each) for each in floats)]
    return write_fields([chunk(8, write_fields(content))])


def floats(*values: float) -> bytes:
    return struct.pack(f"<{len(values)}f", *values)


def test_nodes_keep_their_order_names_and_inputs() -> None:
    graph = read_graph(
        graph_of([node_of("x", "Placeholder"), node_of("y", "Relu", ["x:0", "^start", "z:12"])])
    )
    assert [(node.name, node.op, node.inputs) for node in graph.values()] == [
        ("x", "Placeholder", ()),
        ("y", "Relu", ("x", "z")),
    ]


def test_attributes_of_each_kind() -> None:
    node = read(padding="SAME", strides=[1, 2, 2, 1], alpha=0.25, align_corners=True)
    assert node.text("padding") == "SAME"
    assert node.ints("strides") == (1, 2, 2, 1)
    assert node.number("alpha", 0.0) == 0.25
    assert node.flag("align_corners")


def test_attributes_that_are_not_set() -> None:
    node = read()
    assert (node.text("a"), node.ints("a"), node.number("a", 0.5), node.flag("a")) == ("", (), 0.5, False)


def test_numbers_of_a_list_may_stand_alone() -> None:
    alone = write_fields([chunk(1, write_fields([Field(3, VARINT, each) for each in (1, 300)]))])
    assert read(strides=alone).ints("strides") == (1, 300)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (tensor_of(MATRIX), MATRIX),
        (tensor_of(np.float32(2.5)[()].reshape(())), np.float32(2.5)),
        (tensor_of(np.zeros((0, 3), np.float32)), np.zeros((0, 3), np.float32)),
        (listed((2, 3), floats(*range(6))), MATRIX),
        (listed((2, 3), *(floats(each) for each in range(6))), MATRIX),
        (listed((4,), floats(1.5)), np.full(4, 1.5, np.float32)),
        (listed((4,), floats(1.5, 2.5)), np.array([1.5, 2.5, 2.5, 2.5], np.float32)),
        (listed((3,)), np.zeros(3, np.float32)),
    ],
    ids=["raw", "scalar", "empty", "packed", "one by one", "all the same", "the rest the same", "zeros"],
)
def test_constants_in_every_form(value: bytes, expected: np.ndarray) -> None:
    found = read(value=value).constant()
    assert found.dtype == np.float32
    assert np.array_equal(found, expected) and found.shape == np.shape(expected)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (b"", "only holds no constant"),
        (tensor_of(MATRIX.astype("<i4"), kind=3), "only holds no float32"),
        (listed((1024, 1025), floats(1)), "only holds no float32"),
        (tensor_of(MATRIX)[:-4], "cut off"),
        (listed((2,), floats(1, 2, 3)), "3 numbers instead of 2"),
        (listed((1 << 20, 1 << 20), floats(1)), "no float32 numbers"),
        (listed((-1 & 2**64 - 1,), floats(1)), "no float32 numbers"),
        (listed((2**62,) * 9, floats(1)), "more than 8 dimensions"),
    ],
    ids=[
        "none",
        "integers",
        "more than a net has",
        "cut",
        "too many",
        "a terabyte",
        "negative",
        "nine dimensions",
    ],
)
def test_other_constants_are_refused(value: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read(value=value).constant()


def test_a_long_list_of_numbers_takes_no_longer_than_it_is() -> None:
    """Joined one to the next they would be copied anew for each: 115 GB here."""
    value = listed((960_000,), *[floats(*[1.5] * 16)] * 60_000)
    start = time.process_time()
    assert read(value=value).constant().sum() == 1.5 * 960_000
    assert time.process_time() - start < 2


def test_upstream_lists_what_a_node_needs_each_after_its_inputs() -> None:
    nodes = {"out": ["b", "a"], "b": ["a"], "a": ["in"], "in": [], "other": ["in"]}
    graph = read_graph(graph_of([node_of(name, "Add", inputs) for name, inputs in nodes.items()]))
    assert [node.name for node in upstream(graph, "out")] == ["in", "a", "b", "out"]


@pytest.mark.parametrize(("inputs", "words"), [(["gone"], "it has no gone"), (["b"], "circle")])
def test_a_graph_with_loose_ends_or_circles_is_refused(inputs: list[str], words: str) -> None:
    graph = read_graph(graph_of([node_of("a", "Add", inputs), node_of("b", "Add", ["a"])]))
    with pytest.raises(ValueError, match=words):
        upstream(graph, "b")


@pytest.mark.parametrize("data", [b"", b"\x12\x00", graph_of([b""]), graph_of([node_of("x", "")])])
def test_bytes_without_operations_are_no_graph(data: bytes) -> None:
    with pytest.raises(ValueError, match="no operations"):
        read_graph(data)


def test_damaged_bytes_are_a_value_error_and_nothing_else() -> None:
    node = node_of("x", "Conv2D", ["y:0"], padding="SAME", strides=[1, 1], alpha=0.2, value=tensor_of(MATRIX))
    data, dice = graph_of([node, node_of("y", "Const", value=listed((4,), floats(1)))]), random.Random(5)
    refused = 0
    for _ in range(3000):
        spoiled = bytearray(data)
        spoiled[dice.randrange(len(data))] = dice.randrange(256)
        try:
            for each in read_graph(bytes(spoiled)).values():
                each.text("padding"), each.ints("strides"), each.number("alpha", 0), each.flag("padding")
                each.constant()
        except ValueError:
            refused += 1
    assert refused > 500
