"""One frame, kept."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from pipelines.credits import Net
from pipelines.errors import BadInput
from pipelines.labels import read_label
from pipelines.studio import Studio
from pipelines.webcam.live_credit import Credit
from pipelines.webcam.options import LiveOptions
from pipelines.webcam.snapshot import RESULT, save_snapshot
from tests.conftest import draw_disc


class Drawn:
    """A drawer with a net."""

    def __init__(self, studio: Studio) -> None:
        self.nets = (Net(next(iter(studio.catalogue.of_task("matting"))), "1.2", "cpu"),)
        self.device = "cpu"


def test_the_frame_is_kept_as_it_was_shown_with_how_it_was_made(studio: Studio) -> None:
    rgb = draw_disc(90, 120)

    run = save_snapshot(studio, rgb, LiveOptions(style="painting-03", strength=0.5), Drawn(studio))

    data = studio.history.file(run.id, RESULT).read_bytes()
    kept = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert (cv2.cvtColor(kept, cv2.COLOR_BGR2RGB) == rgb).all()
    assert run.task == "webcam" and run.thumbnail and run.settings["strength"] == 0.5
    assert (run.settings["width"], run.settings["height"]) == (120, 90)
    assert run.model["version"] == "1.2"
    assert read_label(data)["digital_source_type"].endswith("compositeWithTrainedAlgorithmicMedia")


def test_the_camera_as_it_is_has_no_label(studio: Studio) -> None:
    run = save_snapshot(studio, draw_disc(40, 40), LiveOptions())

    assert read_label(studio.history.file(run.id, RESULT).read_bytes()) == {}
    assert run.model["title"] == "Camera"


def test_a_visible_label_is_drawn_when_wished(studio: Studio) -> None:
    rgb, asked = draw_disc(200, 300), replace(studio, settings=replace(studio.settings, visible_label=True))

    run = save_snapshot(asked, rgb, LiveOptions(style="painting-03"))

    kept = cv2.imread(str(studio.history.file(run.id, RESULT)))[..., ::-1]
    assert (kept != rgb).any()


@pytest.mark.parametrize("rgb", [None, np.zeros((0, 0, 3), np.uint8)])
def test_without_a_frame_there_is_nothing_to_keep(studio: Studio, rgb: np.ndarray | None) -> None:
    with pytest.raises(BadInput, match="no picture"):
        save_snapshot(studio, rgb, LiveOptions())
    assert studio.history.count() == 0


@pytest.mark.parametrize(
    ("styles", "task"),
    [
        (["none"], ""),
        (["identity"], ""),
        (["matting"], "matting"),
        (["none", "matting"], "matting"),
        (["cartoon-anime", "matting"], "cartoon"),
        (["cartoon-anime", "my own"], "style"),
        (["painting-00"], "style"),
    ],
)
def test_the_label_is_that_of_what_was_done_most(styles: list[str], task: str) -> None:
    credit = Credit("cpu")
    for style in styles:
        credit.add(LiveOptions(style=style), None)

    assert credit.label_task == task and credit.styles == styles


def test_strength_zero_is_the_camera() -> None:
    credit = Credit("cpu")
    credit.add(LiveOptions(style="painting-00", strength=0.0), None)

    assert credit.label_task == ""


def test_moving_a_slider_does_not_make_the_credit_longer() -> None:
    credit = Credit("cpu")
    for share in range(1, 100):
        credit.add(LiveOptions(blend=f"painting-00:{share},painting-01:{100 - share}"), None)

    assert credit.styles == ["painting-00 + painting-01"]
