"""Small drawings before one is kept, and a kept one as another type of file."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.cartoon.convert import convert_run
from pipelines.cartoon.options import CartoonOptions
from pipelines.cartoon.preview import SLOW_SIDE, draw_sitting, look_for_faces, sit
from pipelines.cartoon.save import cartoonize_to_run
from pipelines.image import open_image
from pipelines.studio import Studio
from tests.cartoon_studio import draw_sitter
from tests.conftest import draw_disc, encode
from tests.fakes import shade

ANIME = CartoonOptions(style="anime")


def test_faces_are_told_in_px_of_the_picture(studio: Studio) -> None:
    picture = studio.open(encode(draw_sitter(600, 1000, side=200)))
    (face,) = look_for_faces(picture, 250, studio.store)
    assert np.allclose(face.box, (0, 0, 200, 200), atol=4)
    assert 40 < face.points[:, 0].mean() < 160


def test_a_sitting_keeps_the_faces_of_the_whole_picture(studio: Studio) -> None:
    sitting = sit(studio.open(encode(draw_sitter(600, 1000, side=200))), 1000, 500, studio.store)
    assert sitting.rgb.shape == (300, 500, 3)
    assert sitting.shrunk == 0.5
    assert np.allclose(sitting.faces[0].box, (0, 0, 100, 100), atol=2)
    smaller = sitting.shrink(250)
    assert smaller.rgb.shape == (150, 250, 3)
    assert np.allclose(smaller.faces[0].points * 2, sitting.faces[0].points)
    assert sitting.shrink(4000) is sitting


def test_a_small_drawing_is_like_the_whole_one(studio: Studio) -> None:
    picture = studio.open(encode(draw_sitter(600, 1000, side=240)))
    made = draw_sitting(sit(picture, 2048, 500, studio.store), ANIME, studio.store)
    assert made.rgb.shape == (300, 500, 3)
    assert made.rgb[60, 60, 0] == shade("anime") + 10
    assert made.rgb[290, 490, 0] == shade("anime")
    off = draw_sitting(
        sit(picture, 2048, 500, studio.store), CartoonOptions(style="anime", faces="off"), studio.store
    )
    assert (off.rgb == shade("anime")).all()


def test_a_published_net_on_a_cpu_draws_it_smaller(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    # given a published net that is taken for present
    from weights import store

    monkeypatch.setattr(store, "locate", lambda spec, *_, **__: [studio.settings.outputs / "net"])
    studio.settings.outputs.mkdir(exist_ok=True)
    (studio.settings.outputs / "net").write_bytes(b"net")
    picture = studio.open(encode(draw_sitter(900, 1500, side=400)))
    made = draw_sitting(sit(picture, 2048, 1024, studio.store), ANIME, studio.store)
    assert made.nets[0].spec.source == "modelscope"
    assert max(made.rgb.shape) == SLOW_SIDE
    assert made.rgb[60, 60, 0] == shade("anime") + 10


def test_a_run_is_kept_as_a_further_type_once(studio: Studio) -> None:
    picture = studio.open(encode(draw_disc(80, 120)))
    run, _ = cartoonize_to_run(picture, ANIME, studio.store, studio.history)
    path = convert_run(run, "jpeg", studio.history)
    assert path.name == "cartoon.jpg"
    opened = open_image(path, max_pixels=1 << 20)
    assert opened.format == "JPEG"
    assert np.abs(opened.rgb.astype(int) - shade("anime")).max() <= 2
    again = studio.history.get(run.id)
    assert again.results == ("cartoon.png", "cartoon.jpg")
    stamp = path.stat().st_mtime_ns
    assert convert_run(again, "jpeg", studio.history).stat().st_mtime_ns == stamp
    assert convert_run(again, "png", studio.history).name == "cartoon.png"
