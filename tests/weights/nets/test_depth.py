from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from weights.nets.depth import DepthNet
from weights.nets.onnx_session import OnnxSession
from weights.spec import IMAGENET_MEAN, IMAGENET_STD, ModelFile, ModelSpec, Preprocess

CPU = ("CPUExecutionProvider",)


def spec() -> ModelSpec:
    return ModelSpec(
        id="tiny-depth",
        task="depth",
        title="tiny",
        hint="",
        source="builtin",
        repo="",
        files=(ModelFile("tiny.onnx"),),
        loader="depth",
        licence="MIT",
        commercial=True,
        preprocess=Preprocess(56, "area", IMAGENET_MEAN, IMAGENET_STD, multiple=14),
    )


def write_graph(path: Path, side: int | str) -> Path:
    """A graph of Depth Anything's outer form, [1, 3, h, w] -> [1, h, w], that answers with the red channel."""
    onnx = pytest.importorskip("onnx")
    helper, kinds = onnx.helper, onnx.TensorProto
    nodes = [helper.make_node("Gather", ["pixel_values", "red"], ["predicted_depth"], axis=1)]
    graph = helper.make_graph(
        nodes,
        "depth",
        [
            helper.make_tensor_value_info(
                "pixel_values", kinds.FLOAT, [1, 3, side, side if side == 56 else "w"]
            )
        ],
        [helper.make_tensor_value_info("predicted_depth", kinds.FLOAT, [1, None, None])],
        [helper.make_tensor("red", kinds.INT64, [], [0])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    path.write_bytes(model.SerializeToString())
    return path


@pytest.mark.parametrize("side", [56, "h"])
def test_near_is_one_and_far_is_zero(side: int | str, tmp_path: Path) -> None:
    net = DepthNet(OnnxSession(write_graph(tmp_path / "tiny.onnx", side), CPU), spec())
    rgb = np.zeros((90, 160, 3), np.uint8)
    rgb[..., 0] = np.linspace(40, 180, 160).round()[None]
    nearness = net.nearness(rgb)
    assert nearness.shape == (90, 160)
    assert nearness.dtype == np.float32
    assert nearness[45, 0] < 0.03
    assert nearness[45, 80] == pytest.approx(0.5, abs=0.05)
    assert nearness[45, -1] > 0.97


def test_a_flat_answer_is_half_way(tmp_path: Path) -> None:
    net = DepthNet(OnnxSession(write_graph(tmp_path / "tiny.onnx", "h"), CPU), spec())
    assert (net.nearness(np.full((20, 30, 3), 50, np.uint8)) == 0.5).all()
