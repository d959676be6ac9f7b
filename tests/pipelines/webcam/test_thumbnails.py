"""Looks in small."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.studio import Studio
from pipelines.webcam.own_styles import OwnStyles
from pipelines.webcam.thumbnails import draw_thumbnail
from tests.conftest import draw_disc, encode


@pytest.mark.parametrize(("name", "grey"), [("painting-07", 70), ("painting-25", 250)])
def test_a_painting_is_drawn_on_the_sample(studio: Studio, name: str, grey: int) -> None:
    drawn = draw_thumbnail(studio, name, draw_disc(80, 120), 96)
    assert drawn.shape == (96, 96, 3)
    assert np.unique(drawn).tolist() == [grey]


def test_no_look_is_the_middle_of_the_sample(studio: Studio) -> None:
    drawn = draw_thumbnail(studio, "none", draw_disc(80, 120), 80)
    np.testing.assert_allclose(drawn[40, 40], (200, 30, 30), atol=2)
    np.testing.assert_allclose(drawn[2, 2], (30, 160, 60), atol=2)


def test_an_own_style_shows_its_picture(studio: Studio) -> None:
    wide = np.full((60, 120, 3), 250, np.uint8)
    wide[:, 40:80] = 20
    OwnStyles(studio).add(studio.open(encode(wide)), "wall")
    drawn = draw_thumbnail(studio, "wall", draw_disc(80, 120), 60)
    assert drawn.shape == (60, 60, 3)
    assert drawn[30, 30].max() < 40, "its middle, not squeezed"
    assert drawn[30, 2].min() > 220
