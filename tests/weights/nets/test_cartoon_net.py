"""The cartoon net that comes with the app, on pictures made here."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipelines.cartoon.options import STYLES
from tests.conftest import draw_disc
from tests.weights.nets.painters import load_model
from weights.catalogue import Catalogue
from weights.errors import ModelDamaged
from weights.files import BUILTIN
from weights.loaders import LoadRequest, load_cartoon_net
from weights.nets.cartoon_net import CartoonNet

LARGEST = 4_000_000
"""Bytes that the net may weigh."""


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> CartoonNet:
    found: CartoonNet = load_model("cartoon", tmp_path_factory.mktemp("weights"))
    return found


def test_it_draws_every_style_of_whole_pictures_and_of_heads(net: CartoonNet) -> None:
    assert net.targets == tuple(f"{style}-{part}" for part in ("background", "head") for style in STYLES)
    assert (BUILTIN / "cartoon.onnx").stat().st_size <= LARGEST


@pytest.mark.parametrize("shape", [(1, 1), (7, 9), (64, 33), (120, 160)])
def test_a_picture_of_any_size_comes_back_in_its_size(net: CartoonNet, shape: tuple[int, int]) -> None:
    drawn = net.draw(draw_disc(*shape), {"3d": 1.0}, "background")
    assert drawn.shape == (*shape, 3)
    assert drawn.dtype == np.uint8


def test_a_sketch_has_no_colours_and_the_other_styles_have(net: CartoonNet) -> None:
    photo = draw_disc(128, 160)
    depth = {}
    for style in STYLES:
        drawn = net.draw(photo, {style: 1.0}, "background")
        depth[style] = float(cv2.cvtColor(drawn, cv2.COLOR_RGB2HSV)[..., 1].mean())
    assert depth["sketch"] < 0.35 * min(value for style, value in depth.items() if style != "sketch")


def test_a_mix_lies_between_its_styles(net: CartoonNet) -> None:
    photo = draw_disc(128, 160)
    light, dark, mixed = (
        net.draw(photo, shares, "background").astype(float)
        for shares in ({"anime": 1.0}, {"artstyle": 1.0}, {"anime": 0.5, "artstyle": 0.5})
    )
    apart = np.abs(light - dark).mean()
    assert np.abs(mixed - light).mean() < apart
    assert np.abs(mixed - dark).mean() < apart
    assert np.abs(mixed - (light + dark) / 2).mean() < 0.5 * apart


def test_another_net_in_its_place_is_told() -> None:
    spec = Catalogue()["cartoon"]
    request = LoadRequest(spec, [BUILTIN / "portrait.onnx"], ["CPUExecutionProvider"], BUILTIN)
    with pytest.raises(ModelDamaged, match="no cartoon net"):
        load_cartoon_net(request)
