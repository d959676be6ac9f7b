"""From a picture to a net's input and back, with tiny ONNX graphs made here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from weights.catalogue import ROWS
from weights.errors import ModelDamaged, OutOfMemory
from weights.nets import onnx_session
from weights.nets.matte import MatteNet, finish, fitted_size, prepare
from weights.nets.onnx_session import OnnxSession
from weights.spec import Preprocess

CPU = ["CPUExecutionProvider"]


def write_mean_net(path: Path, kind: int = TensorProto.FLOAT) -> Path:
    """A graph whose answer is the mean over the colours: [1, 3, h, w] -> [1, 1, h, w]."""
    shape, flat = [1, 3, "h", "w"], [1, 1, "h", "w"]
    graph = helper.make_graph(
        [helper.make_node("ReduceMean", ["x"], ["y"], axes=[1], keepdims=1)],
        "mean",
        [helper.make_tensor_value_info("x", kind, shape)],
        [helper.make_tensor_value_info("y", kind, flat)],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), path)
    return path


@pytest.mark.parametrize("kind", [TensorProto.FLOAT, TensorProto.FLOAT16])
@pytest.mark.parametrize("size", [(1, 1), (33, 57), (500, 301)])
def test_alpha_has_the_pictures_size_and_range(tmp_path: Path, kind: int, size: tuple[int, int]) -> None:
    spec = replace(ROWS[0], preprocess=Preprocess(64, "stretch", (0, 0, 0), (1, 1, 1)), output="alpha")
    net = MatteNet(OnnxSession(write_mean_net(tmp_path / "mean.onnx", kind), CPU), spec)
    alpha = net.alpha(np.full((*size, 3), 128, np.uint8))
    assert alpha.shape == size
    assert alpha.dtype == np.float32
    np.testing.assert_allclose(alpha, 128 / 255, atol=2e-3)


def test_prepare_normalises_channel_by_channel() -> None:
    how = Preprocess(8, "stretch", (0.5, 0.25, 0.0), (0.5, 0.5, 1.0))
    x = prepare(np.full((20, 30, 3), (255, 0, 51), np.uint8), how)
    assert x.shape == (1, 3, 8, 8)
    np.testing.assert_allclose(x[0, :, 0, 0], [1.0, -0.5, 0.2], atol=1e-6)


def test_peak_scaling_survives_black() -> None:
    how = Preprocess(8, "stretch", (0, 0, 0), (1, 1, 1), scale="peak")
    assert np.isfinite(prepare(np.zeros((9, 9, 3), np.uint8), how)).all()
    assert prepare(np.full((9, 9, 3), 100, np.uint8), how).max() == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("size", "fitted"), [((600, 1200), (512, 1024)), ((1200, 600), (1024, 512)), ((10, 5000), (512, 256000))]
)
def test_the_short_side_decides(size: tuple[int, int], fitted: tuple[int, int]) -> None:
    assert fitted_size(*size, Preprocess(512, "short-side", multiple=32)) == fitted


def test_a_flat_map_is_not_stretched() -> None:
    assert finish(np.full((4, 4), 0.25, np.float32), "stretch").tolist() == [[0.25] * 4] * 4
    assert finish(np.float32([[1, 3]]), "stretch").tolist() == [[0.0, 1.0]]
    np.testing.assert_allclose(finish(np.float32([[-99, 0, 99]]), "sigmoid"), [[0, 0.5, 1]], atol=1e-6)


def test_a_file_that_is_no_graph_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "x.onnx").write_bytes(b"not a graph")
    with pytest.raises(ModelDamaged, match=r"x\.onnx"):
        OnnxSession(tmp_path / "x.onnx", CPU)


def test_out_of_memory_has_a_name_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = OnnxSession(write_mean_net(tmp_path / "mean.onnx"), CPU)

    class Full:
        def run(self, *_: object) -> None:
            raise RuntimeError("BFCArena: Failed to allocate memory for requested buffer of size 99")

    monkeypatch.setattr(session, "_session", Full())
    with pytest.raises(OutOfMemory):
        session.run({"x": np.zeros((1, 3, 2, 2), np.float32)})
    assert not onnx_session._is_out_of_memory(RuntimeError("shape mismatch"))


def test_a_large_model_gives_its_memory_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_session, "LARGE", 0)
    session = OnnxSession(write_mean_net(tmp_path / "mean.onnx"), CPU)
    for _ in range(3):
        answer = session.run({"x": np.ones((1, 3, 4, 4), np.float32)})[0]
    assert answer.tolist() == np.ones((1, 1, 4, 4)).tolist()


@pytest.mark.parametrize("count", [1, "n"])
def test_several_pictures_are_asked_at_once_where_the_graph_takes_them(
    tmp_path: Path, count: int | str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_mean_net(tmp_path / "mean.onnx")
    graph = onnx.load(path)
    if count == "n":
        for value in (graph.graph.input[0], graph.graph.output[0]):
            value.type.tensor_type.shape.dim[0].dim_param = "n"
        onnx.save(graph, path)
    session, runs = OnnxSession(path, CPU), []
    run = session.run
    monkeypatch.setattr(session, "run", lambda feeds, names: runs.append(1) or run(feeds, names))
    net = MatteNet(session, replace(ROWS[0], output="alpha"))
    pictures = np.random.default_rng(0).random((3, 3, 8, 8), np.float32)
    np.testing.assert_allclose(net.ask(pictures), pictures.mean(axis=1), atol=1e-6)
    assert len(runs) == (1 if count == "n" else 3)
