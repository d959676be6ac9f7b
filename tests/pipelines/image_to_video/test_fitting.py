"""Pictures of other shapes in a film: cut, between bars, before themselves."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.image_to_video.fitting import FITS, place


@pytest.mark.parametrize(
    ("picture", "size", "corner"), [((400, 100), (160, 40), (0, 25)), ((50, 100), (45, 90), (57, 0))]
)
def test_a_picture_that_fits_is_whole_and_in_the_middle(
    picture: tuple[int, int], size: tuple[int, int], corner: tuple[int, int]
) -> None:
    found = place(picture, (160, 90), inside=True)
    assert (found.size, found.corner) == (size, corner)


def test_a_picture_that_fills_takes_the_film() -> None:
    assert place((400, 100), (160, 90), inside=False).whole
    assert place((1600, 905), (160, 90), inside=True).whole


def test_bars_have_the_colour_and_the_picture_its_place() -> None:
    picture = np.full((50, 200, 3), 200, np.uint8)
    where = place((200, 50), (80, 60), inside=True)
    behind = FITS["fit"].backdrop(picture, (80, 60), (10, 20, 30))
    frame = where.put(behind, np.full((20, 80, 3), 200, np.uint8))
    assert frame.shape == (60, 80, 3)
    assert (frame[:20] == (10, 20, 30)).all()
    assert (frame[20:40] == 200).all()
    assert (frame[40:] == (10, 20, 30)).all()


def test_blur_fill_shows_the_pictures_own_colours_dimmer_and_without_detail() -> None:
    picture = np.zeros((60, 240, 3), np.uint8)
    picture[:, ::8] = (240, 120, 0)
    mean = picture.reshape(-1, 3).mean(axis=0)
    behind = FITS["blur-fill"].backdrop(picture, (120, 120), (0, 0, 0))
    assert behind.shape == (120, 120, 3)
    np.testing.assert_allclose(behind.reshape(-1, 3).mean(axis=0), 0.75 * mean, atol=3)
    assert behind.astype(float).std(axis=(0, 1)).max() < 0.1 * picture.std(axis=(0, 1)).max()


def test_see_through_bars_and_pictures_stay_so() -> None:
    picture = np.full((50, 200, 4), (9, 9, 9, 128), np.uint8)
    where = place((200, 50), (80, 60), inside=True)
    drawn = np.full((20, 80, 4), (200, 100, 0, 128), np.uint8)
    clear = where.put(FITS["fit"].backdrop(picture, (80, 60), (0, 0, 0)), drawn)
    assert not clear[:20, :, 3].any()
    np.testing.assert_array_equal(clear[20:40], drawn)
    solid = where.put(np.full((60, 80, 4), (0, 0, 0, 255), np.uint8), drawn)
    assert (solid[..., 3] == 255).all()
    np.testing.assert_allclose(solid[30, 40, :3], (100, 50, 0), atol=1)
