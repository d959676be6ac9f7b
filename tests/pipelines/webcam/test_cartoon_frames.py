"""Cartoons of frames whose faces are drawn by their own net."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.studio import Studio
from pipelines.webcam.cartoon_frames import find_in_small
from pipelines.webcam.drawers import open_drawer
from pipelines.webcam.options import LiveOptions
from tests.cartoon_studio import draw_sitter
from tests.fakes import shade


def test_faces_are_drawn_by_their_net_at_every_size(studio: Studio) -> None:
    drawer = open_drawer(studio, LiveOptions(style="cartoon-3d", faces=True))
    for scale in (1, 2, 1):
        side = 120 * scale
        drawn = drawer.draw(draw_sitter(300 * scale, 400 * scale, side))
        assert drawn[-1, -1, 0] == shade("3d")
        assert drawn[side // 2, side // 2, 0] == shade("3d") + 10, "from the first frame of a size on"


def test_without_a_face_the_whole_is_drawn_alike(studio: Studio) -> None:
    drawer = open_drawer(studio, LiveOptions(style="cartoon-3d", faces=True))
    assert np.unique(drawer.draw(np.zeros((60, 80, 3), np.uint8))).tolist() == [shade("3d")]


def test_a_face_found_in_a_small_copy_lies_where_it_is(studio: Studio) -> None:
    (face,) = find_in_small(draw_sitter(600, 800, 240), studio.store)
    assert face.box == pytest.approx((0, 0, 240, 240), abs=8)
    assert face.points.max() < 240


def test_a_face_is_drawn_in_any_mix(studio: Studio) -> None:
    blend = "cartoon-3d,cartoon-anime,cartoon-artstyle"
    drawn = open_drawer(studio, LiveOptions(blend=blend, faces=True)).draw(draw_sitter())
    middle = (shade("3d") + shade("anime") + shade("artstyle")) / 3
    assert drawn[-1, -1, 0] == middle
    assert drawn[60, 60, 0] == middle + 10
