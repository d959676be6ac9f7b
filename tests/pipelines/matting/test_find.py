"""Which nets are asked for a picture, and what becomes of their answers."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.matting.cut_out import cut_out
from pipelines.matting.find import NOBODY_NOTE, PEOPLE, THINGS, choose, find_matte, models_of
from pipelines.matting.options import AUTO, MattingOptions
from pipelines.matting.save import cut_out_to_run
from pipelines.studio import Studio
from tests.conftest import draw_disc, encode
from tests.fakes import fake_loaders
from weights.catalogue import Catalogue
from weights.store import ModelStore

BLUE = (0, 0, 255)


def with_face(side: int) -> np.ndarray:
    """A disc on green with the blue corner that the stand-in takes for a face of that side."""
    rgb = draw_disc(100, 100)
    rgb[:side, :side] = BLUE
    return rgb


@pytest.mark.parametrize(
    ("heights", "asked"),
    [([], (THINGS,)), ([50], (PEOPLE,)), ([20], (PEOPLE, THINGS)), ([5, 40, 10], (PEOPLE,))],
)
def test_the_largest_face_decides(heights: list[int], asked: tuple[str, ...]) -> None:
    boxes = np.array([[0, 0, 9, height] for height in heights], np.float32).reshape(-1, 4)
    assert choose(boxes, 100) == asked


@pytest.mark.parametrize(("side", "asked"), [(0, [THINGS]), (10, [PEOPLE, THINGS]), (50, [PEOPLE])])
def test_a_run_names_the_nets_that_had_a_say(studio: Studio, side: int, asked: list[str]) -> None:
    picture = studio.open(encode(with_face(side)))
    run, result = cut_out_to_run(picture, MattingOptions(), studio.store, studio.history)
    assert run.model["id"] == "+".join(asked)
    assert run.settings["model"] == AUTO
    assert (NOBODY_NOTE in result.notes) == (side == 0)


def test_both_keep_what_either_keeps(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    class Half:
        def __init__(self, left: bool) -> None:
            self.left = left

        def alpha(self, rgb: np.ndarray) -> np.ndarray:
            alpha = np.zeros(rgb.shape[:2], np.float32)
            alpha[:, : 40 if self.left else None] = 0.5 if self.left else 0.25
            return alpha

    loaders = {**fake_loaders(), "onnx-matte": lambda request: Half(request.spec.id == PEOPLE)}
    store = ModelStore(Catalogue(), studio.settings.weights, studio.device, loaders=loaders)
    matte = find_matte(with_face(10), AUTO, store)
    assert matte.alpha[0, 0] == 0.5
    assert matte.alpha[0, 99] == 0.25
    # then refinement knows the coarser of the two maps
    assert matte.map_side == 320


def test_another_model_is_asked_alone(studio: Studio) -> None:
    result = cut_out(studio.open(encode(with_face(50))), MattingOptions(model=THINGS), studio.store)
    assert [net.spec.id for net in result.nets] == [THINGS]
    assert studio.store.loaded() == [THINGS]


def test_the_models_of_auto_come_with_the_app() -> None:
    assert all(Catalogue()[each].source in ("builtin", "wheel") for each in models_of(AUTO))
    assert models_of("modnet") == ("modnet",)
