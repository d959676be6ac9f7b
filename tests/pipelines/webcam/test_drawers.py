"""What a drawer makes of a frame, with nets that paint plain greys."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from threading import Event, Thread

import cv2
import numpy as np
import pytest

from pipelines.errors import InvalidOption, ModelMissing, NotFound
from pipelines.studio import Studio
from pipelines.webcam.drawers import open_drawer
from pipelines.webcam.options import LiveOptions
from pipelines.webcam.own_backgrounds import OwnBackgrounds
from pipelines.webcam.own_styles import OwnStyles
from tests.conftest import draw_disc, encode
from tests.fakes import shade

RED, GREEN = (200, 30, 30), (30, 160, 60)


def draw(studio: Studio, **options: object) -> np.ndarray:
    return open_drawer(studio, LiveOptions.parse(options)).draw(draw_disc(48, 64))


def test_no_look_gives_the_frame_back_itself(studio: Studio) -> None:
    frame = draw_disc(48, 64)
    assert open_drawer(studio, LiveOptions(keep_colours=True)).draw(frame) is frame
    assert open_drawer(studio, LiveOptions(style="painting-03", strength=0)).draw(frame) is frame


@pytest.mark.parametrize(
    ("options", "grey"),
    [
        ({"style": "painting-03"}, 30),
        ({"blend": "painting-02:0.5,painting-12:0.5"}, 70),
        ({"style": "cartoon-3d"}, shade("3d")),
        ({"blend": "cartoon-3d:1,cartoon-anime:1"}, (shade("3d") + shade("anime")) / 2),
    ],
)
def test_looks_and_their_mixes_are_drawn(studio: Studio, options: dict[str, str], grey: int) -> None:
    drawn = draw(studio, **options)
    assert drawn.shape == (48, 64, 3)
    assert np.unique(drawn).tolist() == [grey]


def test_strength_fades_to_the_frame(studio: Studio) -> None:
    drawn = draw(studio, style="painting-10", strength=0.5)
    np.testing.assert_allclose(drawn[24, 32], (100 + np.array(RED)) / 2, atol=1)
    np.testing.assert_allclose(drawn[0, 0], (100 + np.array(GREEN)) / 2, atol=1)


def test_kept_colours_have_the_lightness_of_the_painting(studio: Studio) -> None:
    drawn = draw(studio, style="painting-12", keep_colours=True)
    assert drawn[24, 32, 0] > drawn[24, 32, 1] + 30, "the disc is still red"
    assert drawn[0, 0, 1] > drawn[0, 0, 0] + 30, "what is around it is still green"


def test_strength_and_colours_are_changed_without_opening_anything(studio: Studio) -> None:
    drawer = open_drawer(studio, LiveOptions(style="painting-10", strength=0))
    frame = draw_disc(48, 64)
    with studio.store.use("paintings"):
        assert np.unique(drawer.adjust(LiveOptions(strength=1)).draw(frame)).tolist() == [100]
        coloured = drawer.adjust(LiveOptions(strength=1, keep_colours=True)).draw(frame)
    assert coloured[24, 32, 0] > coloured[24, 32, 1] + 30
    assert drawer.draw(frame) is frame, "the one before is as it was"


def test_a_new_background_has_its_own_colours(studio: Studio) -> None:
    drawn = draw(studio, style="matting", background="#0000ff", keep_colours=True)
    assert drawn[0, 0].tolist() == [0, 0, 255]


def test_own_styles_are_drawn_and_mixed(studio: Studio) -> None:
    own = OwnStyles(studio)
    for name, grey in (("dark", 40), ("light", 200)):
        own.add(studio.open(encode(np.full((64, 64, 3), grey, np.uint8))), name)
    assert np.unique(draw(studio, style="dark")).tolist() == [40]
    assert np.unique(draw(studio, blend="dark:0.5,light:0.5")).tolist() == [120]


def test_a_style_that_was_removed_while_it_runs_goes_on(studio: Studio) -> None:
    own = OwnStyles(studio)
    own.add(studio.open(encode(np.full((64, 64, 3), 40, np.uint8))), "dark")
    drawer = open_drawer(studio, LiveOptions(style="dark"))
    own.remove("dark")
    assert drawer.draw(draw_disc(48, 64))[0, 0, 0] == 40
    with pytest.raises(InvalidOption, match="no style called"):
        open_drawer(studio, LiveOptions(style="dark"))


def test_a_colour_stands_behind_the_person(studio: Studio) -> None:
    drawn = draw(studio, style="matting", background="#0000ff")
    assert drawn[24, 32].tolist() == list(RED)
    assert drawn[0, 0].tolist() == [0, 0, 255]


def test_a_kept_picture_stands_behind_the_person_at_every_size(studio: Studio) -> None:
    OwnBackgrounds(studio).add(studio.open(encode(np.full((90, 60, 3), (10, 20, 200), np.uint8))), "wall")
    drawer = open_drawer(studio, LiveOptions(style="matting", background="wall"))
    for height, width in ((48, 64), (96, 128), (96, 54)):
        drawn = drawer.draw(draw_disc(height, width))
        assert drawn.shape == (height, width, 3)
        np.testing.assert_allclose(drawn[0, 0].astype(int), (10, 20, 200), atol=4)
        assert drawn[height // 2, width // 2].tolist() == list(RED)


def test_the_old_background_is_taken_out_of_the_edge(studio: Studio) -> None:
    """A soft edge's pixels are half green: left as they are, they would have 48 levels of it on average."""
    drawer = open_drawer(studio, LiveOptions(style="matting", background="#0000ff"))
    drawn = drawer.draw(cv2.GaussianBlur(draw_disc(480, 640), (0, 0), 2))
    edge = (drawn[..., 2] > 40) & (drawn[..., 2] < 250)
    assert edge.sum() > 1000
    assert drawn[edge][:, 1].mean() < 38


def test_a_blurred_background_has_nothing_of_the_person(studio: Studio) -> None:
    drawn = draw(studio, style="matting")
    assert drawn[24, 32].tolist() == list(RED)
    np.testing.assert_allclose(drawn[0, 0].astype(int), GREEN, atol=3)


@pytest.mark.parametrize("background", ["", "wall", "#12", "../../etc/passwd"])
def test_a_background_that_is_not_there_is_told(studio: Studio, background: str) -> None:
    with pytest.raises(NotFound):
        open_drawer(studio, LiveOptions(style="matting", background=background))


@pytest.mark.parametrize(
    "blend", ["painting-01:1,cartoon-3d:1", "none:1,painting-01:1", "none:1,matting:1", "matting,painting-01"]
)
def test_looks_of_two_kinds_do_not_mix(studio: Studio, blend: str) -> None:
    with pytest.raises(InvalidOption, match="don't mix"):
        open_drawer(studio, LiveOptions(blend=blend))


@pytest.mark.parametrize("style", ["painting-01", "cartoon-3d", "matting"])
def test_it_draws_while_another_drawer_is_opened(studio: Studio, style: str) -> None:
    drawer, drawn = open_drawer(studio, LiveOptions(style=style)), Event()

    def draw_one() -> None:
        drawer.draw(draw_disc(48, 64))
        drawn.set()

    with ExitStack() as opening:
        for model in ("paintings", "any-painting", "cartoon", "portrait"):
            opening.enter_context(studio.store.use(model))
        Thread(target=draw_one, daemon=True).start()
        assert drawn.wait(5), "it waited for the models"


def test_a_drawer_says_who_draws(studio: Studio) -> None:
    assert [net.spec.id for net in open_drawer(studio, LiveOptions(style="cartoon-3d")).nets] == ["cartoon"]
    assert open_drawer(studio, LiveOptions(style="painting-01")).device == "cpu"
    assert open_drawer(studio, LiveOptions()).nets == ()


def test_a_model_that_is_missing_is_told(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    def miss(*_: object, **__: object) -> list[Path]:
        raise ModelMissing("It is not here.", "Run ./run.sh setup.")

    monkeypatch.setattr("weights.store.locate", miss)
    with pytest.raises(ModelMissing):
        open_drawer(studio, LiveOptions(style="painting-01"))
