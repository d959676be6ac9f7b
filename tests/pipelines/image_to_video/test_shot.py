from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipelines.errors import BadInput
from pipelines.image_to_video.motion import MOTIONS
from pipelines.image_to_video.motion_options import MotionOptions
from pipelines.image_to_video.shot import open_shot
from tests.pipelines.image_to_video.pictures import draw_ramp, draw_scene, fake_store

SIZE = (64, 36)


@pytest.mark.parametrize("motion", MOTIONS)
@pytest.mark.parametrize("loop", [False, True])
def test_no_motion_shows_what_is_not_in_the_picture(motion: str, loop: bool, tmp_path: Path) -> None:
    # given a picture that is nowhere black, on which a border would be
    options = MotionOptions(motion=motion, amount=1.0, loop=loop)
    shot = open_shot(draw_ramp(300, 200), SIZE, options, fake_store(tmp_path))
    for at in (0, 0.21, 0.5, 0.77, 1):
        frame = shot.draw(at)
        # then each pixel has a colour of the picture
        assert frame.shape == (36, 64, 3)
        assert frame.min() >= 19
        assert np.abs(frame[..., 1].astype(int) - 230).max() <= 1


@pytest.mark.parametrize("motion", [name for name, motion in MOTIONS.items() if len(motion.keys) > 1])
def test_every_motion_moves(motion: str, tmp_path: Path) -> None:
    shot = open_shot(
        draw_ramp(300, 200), SIZE, MotionOptions(motion=motion, amount=1.0), fake_store(tmp_path)
    )
    first = shot.draw(0).astype(int)
    assert max(np.abs(shot.draw(at) - first).max() for at in (0.3, 0.5, 1)) >= 3


@pytest.mark.parametrize("motion", MOTIONS)
def test_a_loop_ends_where_it_starts(motion: str, tmp_path: Path) -> None:
    options = MotionOptions(motion=motion, loop=True)
    shot = open_shot(draw_scene(), SIZE, options, fake_store(tmp_path))
    assert np.abs(shot.draw(0).astype(int) - shot.draw(1)).max() <= 1


@pytest.mark.parametrize(
    ("motion", "brighter"),
    [("pan-right", (1, 0)), ("pan-left", (-1, 0)), ("pan-down", (0, 1)), ("pan-up", (0, -1))],
)
def test_pans_go_where_they_say(motion: str, brighter: tuple[int, int], tmp_path: Path) -> None:
    shot = open_shot(draw_ramp(300, 200), SIZE, MotionOptions(motion=motion), fake_store(tmp_path))
    change = shot.draw(1).mean(axis=(0, 1)) - shot.draw(0).mean(axis=(0, 1))
    assert change[[0, 2]] * brighter == pytest.approx(np.abs(change[[0, 2]]), abs=0.5)
    assert np.abs(change[[0, 2]]).max() > 10


def test_zooms_aim_at_the_focus(tmp_path: Path) -> None:
    options = MotionOptions(motion="zoom-in", amount=1.0, focus_x=1.0, focus_y=1.0)
    shot = open_shot(draw_ramp(320, 180), SIZE, options, fake_store(tmp_path))
    assert shot.draw(1)[-1, -1] == pytest.approx(draw_ramp(320, 180)[-1, -1], abs=3)


def test_fades_come_from_black_and_go_back(tmp_path: Path) -> None:
    options = MotionOptions(motion="still", fade_in=0.2, fade_out=0.4)
    shot = open_shot(draw_ramp(64, 36), SIZE, options, fake_store(tmp_path))
    light = [shot.draw(at)[..., 1].mean() / 230 for at in (0, 0.1, 0.2, 0.6, 0.8, 1)]
    assert light == pytest.approx([0, 0.5, 1, 1, 0.5, 0], abs=0.01)


def test_a_see_through_picture_gives_see_through_frames(tmp_path: Path) -> None:
    # given a red disc on nothing, whose hidden pixels are green
    rgba = np.zeros((90, 160, 4), np.uint8)
    rgba[..., 1] = 255
    rgba[30:60, 60:100] = (200, 0, 0, 255)
    shot = open_shot(rgba, SIZE, MotionOptions(motion="zoom-in", amount=1.0), fake_store(tmp_path))
    frame = shot.draw(0.7)
    assert frame.shape == (36, 64, 4)
    assert frame[18, 32].tolist() == [200, 0, 0, 255]
    assert frame[0, 0, 3] == 0
    seen = frame[frame[..., 3] > 32]
    assert seen[:, 1].max() <= 8  # no green fringe


@pytest.mark.parametrize("sides", [(1, 1), (1, 9), (9, 1), (31, 17), (2000, 50), (50, 2000)])
@pytest.mark.parametrize("motion", ["zoom-in", "pan-left", "rotate", "orbit", "parallax", "follow-subject"])
def test_odd_pictures_are_filmed(sides: tuple[int, int], motion: str, tmp_path: Path) -> None:
    picture = np.full((sides[1], sides[0], 3), 99, np.uint8)
    frame = open_shot(picture, (33, 21), MotionOptions(motion=motion), fake_store(tmp_path)).draw(0.5)
    assert frame.shape == (21, 33, 3)
    assert (frame == 99).all()


def test_a_panorama_stays_small(tmp_path: Path) -> None:
    picture = np.full((500, 20000, 3), 120, np.uint8)
    shot = open_shot(picture, (320, 180), MotionOptions(motion="pan-left", amount=1.0), fake_store(tmp_path))
    assert (shot.draw(0.3) == 120).all()
    assert shot.stage.picture[0] < 2000


@pytest.mark.parametrize(
    "picture",
    [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3), np.float32), np.zeros((0, 4, 3), np.uint8)],
)
def test_what_is_no_picture_is_refused(picture: np.ndarray, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        open_shot(picture, SIZE, MotionOptions(), fake_store(tmp_path))


def test_a_film_without_pixels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        open_shot(draw_ramp(8, 8), (0, 9), MotionOptions(), fake_store(tmp_path))
