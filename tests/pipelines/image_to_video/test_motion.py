from __future__ import annotations

import numpy as np
import pytest

from pipelines.errors import InvalidOption
from pipelines.image_to_video.camera import Pose
from pipelines.image_to_video.easing import EASINGS, there_and_back
from pipelines.image_to_video.motion import MOTIONS, Key, aim, walk
from pipelines.image_to_video.motion_options import MotionOptions

MOMENTS = np.linspace(0, 1, 201)


@pytest.mark.parametrize("name", EASINGS)
def test_easings_go_all_the_way_and_never_back(name: str) -> None:
    way = [EASINGS[name](at) for at in MOMENTS]
    assert (way[0], way[-1]) == pytest.approx((0, 1))
    assert np.diff(way).min() >= 0


def test_gentle_has_no_jolt() -> None:
    speed = np.diff([EASINGS["gentle"](at) for at in MOMENTS]) * 200
    assert speed.max() == pytest.approx(1.25, abs=0.01)
    assert np.abs(np.diff(speed)).max() < 0.05


def test_there_and_back_ends_where_it_starts() -> None:
    assert [there_and_back(at) for at in (0, 0.25, 0.5, 1)] == [0, 0.5, 1, 0]


@pytest.mark.parametrize("name", MOTIONS)
def test_each_way_passes_its_keys(name: str) -> None:
    motion = MOTIONS[name]
    way = walk(motion.keys, 1.0, closed=motion.closed)
    for key in motion.keys:
        assert way(key.at).as_row() == pytest.approx(key.pose.as_row(), abs=1e-9)


@pytest.mark.parametrize("name", [name for name, motion in MOTIONS.items() if motion.closed])
def test_closed_ways_go_round_without_a_stop(name: str) -> None:
    way = walk(MOTIONS[name].keys, 1.0, closed=True)
    rows = np.array([way(at).as_row() for at in (0, 0.0001, 0.9999, 1)])
    assert rows[0] == pytest.approx(rows[3])
    assert rows[1] - rows[0] == pytest.approx(rows[3] - rows[2], abs=1e-5)


def test_half_the_amount_is_half_the_way() -> None:
    keys = (Key(0, Pose()), Key(1, Pose(x=0.4, zoom=4, roll=10)))
    assert walk(keys, 0.5)(1) == Pose(x=0.2, zoom=pytest.approx(2), roll=5)


def test_an_aimed_zoom_keeps_its_point() -> None:
    way = aim(walk((Key(0, Pose()), Key(1, Pose(zoom=3))), 1.0), (0.3, -0.1))
    for at in (0, 0.3, 1):
        pose = way(at)
        # where the point is in the frame: its way from the middle, as large as the zoom makes it
        assert (0.3 - pose.x) * pose.zoom == pytest.approx(0.3)
        assert (-0.1 - pose.y) * pose.zoom == pytest.approx(-0.1)


@pytest.mark.parametrize("wrong", [{"motion": "jump"}, {"amount": 1.5}, {"easing": "bounce"}, {"depth": "x"}])
def test_unknown_wishes_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidOption):
        MotionOptions(**wrong)
