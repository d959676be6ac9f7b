"""What our own nets say of themselves, beside what ONNX Runtime reads of the same files."""

from __future__ import annotations

import pytest
from onnxruntime import InferenceSession

from weights.files import BUILTIN
from weights.nets.onnx_facts import Facts, read_facts


@pytest.mark.parametrize("name", ["cartoon.onnx", "style.onnx", "portrait.onnx"])
def test_it_reads_what_the_runtime_reads(name: str) -> None:
    session = InferenceSession(str(BUILTIN / name), providers=["CPUExecutionProvider"])
    found = read_facts((BUILTIN / name).read_bytes())
    assert found.notes == session.get_modelmeta().custom_metadata_map
    assert found.inputs == {item.name for item in session.get_inputs()}


@pytest.mark.parametrize("data", [b"", b"no model", b"\x3a\x7fcut off", b"\x72\x03\x0a\x01\xff"])
def test_what_is_no_model_says_nothing(data: bytes) -> None:
    assert read_facts(data) == Facts({}, frozenset())
