"""ONNX files written without the onnx package, judged by onnx's checker and run by ONNX Runtime."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime

from weights.onnx_file import FLOAT32, UINT8, OnnxFile, Value


def small() -> bytes:
    """y = leaky(x + 3) enlarged twofold, for any number of rows."""
    file = OnnxFile()
    sums = file.add("Add", "x", file.scalar(3.0))
    leaky = file.add("LeakyRelu", sums, alpha=0.5)
    wide = file.add("Reshape", leaky, file.add("Cast", file.constant(np.array([1, 1, -1, 2])), to=7))
    scales = file.constant(np.array([1, 1, 2, 2]))
    file.add("Resize", wide, "", scales, mode="nearest", name="y")
    return file.write([Value("x", FLOAT32, ("rows", 2))], [Value("y", FLOAT32, (1, 1, "more", 4))], "small")


def test_a_file_keeps_to_onnx_rules_and_tells_its_shapes() -> None:
    model = onnx.load_from_string(small())
    onnx.checker.check_model(model, full_check=True)
    dims = model.graph.input[0].type.tensor_type.shape.dim
    assert [dim.dim_param or dim.dim_value for dim in dims] == ["rows", 2]


def test_it_computes_what_it_says() -> None:
    session = onnxruntime.InferenceSession(small(), providers=["CPUExecutionProvider"])
    x = np.array([[-5, 0], [1, -4], [2, 7]], np.float32)
    sums = x + 3
    expected = np.where(sums < 0, sums / 2, sums).repeat(2, 0).repeat(2, 1)
    assert np.array_equal(session.run(None, {"x": x})[0][0, 0], expected)


def test_bytes_and_lists_of_numbers_go_through() -> None:
    file = OnnxFile()
    file.add("Transpose", "x", name="y", perm=[1, 0])
    data = file.write([Value("x", UINT8, ("h", "w"))], [Value("y", UINT8, ("w", "h"))], "turn")
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    x = np.arange(6, dtype=np.uint8).reshape(2, 3)
    assert np.array_equal(session.run(None, {"x": x})[0], x.T)
