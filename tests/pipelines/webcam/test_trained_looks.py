"""Styles that were trained here among the user's own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipelines.errors import InvalidOption, NotFound
from pipelines.image import Picture
from pipelines.studio import Studio
from pipelines.webcam.drawers import open_drawer
from pipelines.webcam.looks import find_look
from pipelines.webcam.options import LiveOptions
from pipelines.webcam.own_styles import OwnStyles
from pipelines.webcam.trained_styles import TrainedStyles
from tests.conftest import draw_disc, encode
from tests.fakes import FakePainting

BY_NET, BY_PICTURE = 170, 40


@pytest.fixture(autouse=True)
def fake_nets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TrainedStyles, "open", lambda *_: FakePainting(BY_NET))


@pytest.fixture
def picture(studio: Studio) -> Picture:
    return studio.open(encode(np.full((64, 64, 3), BY_PICTURE, np.uint8)))


def train(studio: Studio, tmp_path: Path, name: str) -> None:
    net = tmp_path / "net.onnx"
    net.write_bytes(b"net")
    TrainedStyles(studio).add(name, net)


def grey_of(studio: Studio, **options: str) -> int:
    return int(open_drawer(studio, LiveOptions.parse(options)).draw(draw_disc(48, 64))[0, 0, 0])


def test_a_net_takes_the_place_of_the_picture_of_its_name(
    studio: Studio, tmp_path: Path, picture: Picture
) -> None:
    own = OwnStyles(studio)
    own.add(picture, "wall")
    assert grey_of(studio, style="wall") == BY_PICTURE
    train(studio, tmp_path, "wall")
    assert own.list() == ("wall",)
    assert find_look(studio, "wall").group == "own"
    drawer = open_drawer(studio, LiveOptions(style="wall"))
    assert drawer.draw(draw_disc(48, 64))[0, 0, 0] == BY_NET
    assert ([net.spec.id for net in drawer.nets], drawer.device) == (["my-style"], "cpu")


def test_both_go_when_a_style_is_removed(studio: Studio, tmp_path: Path, picture: Picture) -> None:
    own = OwnStyles(studio)
    own.add(picture, "wall")
    for name in ("wall", "only a net"):
        train(studio, tmp_path, name)
    for name in own.list():
        own.remove(name)
    assert own.list() == TrainedStyles(studio).list() == ()
    with pytest.raises(NotFound):
        own.remove("wall")


def test_a_mix_is_painted_by_the_pictures(studio: Studio, tmp_path: Path, picture: Picture) -> None:
    own = OwnStyles(studio)
    for name in ("wall", "floor"):
        own.add(picture, name)
        train(studio, tmp_path, name)
    assert grey_of(studio, blend="wall,floor") == BY_PICTURE


def test_a_net_without_a_picture_does_not_mix(studio: Studio, tmp_path: Path, picture: Picture) -> None:
    OwnStyles(studio).add(picture, "wall")
    train(studio, tmp_path, "floor")
    with pytest.raises(NotFound, match="floor"):
        open_drawer(studio, LiveOptions(blend="wall,floor"))


def test_a_picture_does_not_take_a_nets_name(studio: Studio, tmp_path: Path, picture: Picture) -> None:
    train(studio, tmp_path, "wall")
    with pytest.raises(InvalidOption, match="already"):
        OwnStyles(studio).add(picture, " Wall")


def test_a_net_goes_by_its_new_name(studio: Studio, tmp_path: Path, picture: Picture) -> None:
    own = OwnStyles(studio)
    own.add(picture, "wall")
    for name in ("wall", "only a net"):
        train(studio, tmp_path, name)
    assert (own.rename("wall", "door"), own.rename("only a net", "net")) == ("door", "net")
    assert own.list() == ("door", "net") and own.has_net("door")
    assert grey_of(studio, style="door") == BY_NET
