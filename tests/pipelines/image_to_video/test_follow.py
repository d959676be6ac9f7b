from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipelines.image_to_video.follow import NO_SUBJECT
from pipelines.image_to_video.motion_options import MotionOptions
from pipelines.image_to_video.shot import open_shot
from pipelines.image_to_video.subject import box_of
from tests.pipelines.image_to_video.pictures import draw_ramp, draw_scene, fake_store

OPTIONS = MotionOptions(motion="follow-subject", amount=1.0)


def reds(frame: np.ndarray) -> np.ndarray:
    """Rows and columns of the red figure."""
    return np.argwhere(frame[..., 0].astype(int) > frame[..., 1].astype(int) + 60)


@pytest.mark.parametrize(("left", "right"), [(0.05, 0.2), (0.4, 0.6), (0.8, 0.97)])
def test_all_of_the_subject_stays_in_the_frame(left: float, right: float, tmp_path: Path) -> None:
    shot = open_shot(draw_scene(320, 180, left, right), (160, 90), OPTIONS, fake_store(tmp_path))
    heights = []
    for at in np.linspace(0, 1, 9):
        found = reds(shot.draw(float(at)))
        low, high = found.min(axis=0), found.max(axis=0)
        assert low.min() > 0
        assert (high < (89, 159)).all()
        heights.append(high[0] - low[0])
    assert heights[-1] > 1.15 * heights[0]
    assert not shot.notes


def test_the_camera_goes_along_a_subject_that_is_too_high(tmp_path: Path) -> None:
    # given a figure that reaches from a tenth to nine tenths of an upright picture
    picture = np.full((600, 200, 3), (30, 160, 60), np.uint8)
    picture[60:540, 80:120] = (210, 30, 40)
    shot = open_shot(picture, (160, 90), OPTIONS, fake_store(tmp_path))
    # then the shot starts at its feet and ends at its head
    assert reds(shot.draw(0))[:, 0].min() == 0
    assert reds(shot.draw(1))[:, 0].max() == 89
    assert reds(shot.draw(0))[:, 0].max() < 85
    assert reds(shot.draw(1))[:, 0].min() > 4


def test_without_a_subject_a_note_says_so(tmp_path: Path) -> None:
    assert open_shot(draw_ramp(160, 90), (64, 36), OPTIONS, fake_store(tmp_path)).notes == [NO_SUBJECT]


def test_specks_are_no_subject() -> None:
    alpha = np.zeros((100, 100), np.uint8)
    alpha[3, 3] = 255
    assert box_of(alpha) is None
    assert box_of(np.full((100, 100), 255, np.uint8)) is None
    alpha[20:60, 30:50] = 255
    assert box_of(alpha) == pytest.approx(box_of(alpha))
    found = box_of(alpha)
    assert found is not None
    assert (found.left, found.top, found.right, found.bottom) == (0.3, 0.2, 0.5, 0.6)
