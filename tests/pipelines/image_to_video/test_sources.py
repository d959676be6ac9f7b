"""Pictures looked at before a film begins, and opened for it in the right colours."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pipelines.errors import BadInput, NotAnImage, TooLarge
from pipelines.image_to_video.sources import (
    Given,
    check_count,
    find_first,
    gather,
    look,
    look_at_all,
    open_pixels,
)
from pipelines.studio import Studio
from tests.conftest import encode
from tests.pipelines.image.samples import swap_red_and_green
from tests.pipelines.image_to_video.stand_in import write_broken, write_pictures


def keep(folder: Path, data: bytes, name: str = "a.png") -> Given:
    (folder / name).write_bytes(data)
    return Given(folder / name, name)


def test_a_bad_picture_in_the_middle_is_left_out_and_named(studio: Studio, tmp_path: Path) -> None:
    first, last = write_pictures(tmp_path, 2)
    heard: list[int] = []
    sources, remarks = look_at_all(studio, [first, write_broken(tmp_path), last], heard.append)
    assert [source.name for source in sources] == ["0.png", "1.png"]
    assert heard == [0, 1, 2]
    assert gather(remarks) == ["broken.jpg: left out. The picture is cut off or damaged."]


def test_when_none_can_be_opened_the_first_ones_error_is_told(studio: Studio, tmp_path: Path) -> None:
    text = keep(tmp_path, b"hello", "a.txt")
    with pytest.raises(NotAnImage):
        look_at_all(studio, [text, write_broken(tmp_path)])
    with pytest.raises(BadInput):
        find_first(studio, [write_broken(tmp_path), text])


def test_counts_have_bounds() -> None:
    with pytest.raises(BadInput):
        check_count([])
    with pytest.raises(TooLarge):
        check_count([Given(Path("a"), "a")] * 501)
    check_count([Given(Path("a"), "a")] * 500)


def test_one_pixel_is_no_picture(studio: Studio, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as failed:
        find_first(studio, [keep(tmp_path, encode(np.zeros((1, 1, 3), np.uint8)))])
    assert failed.value.hint


def test_see_through_pictures_stand_on_a_colour_or_stay_so(studio: Studio, tmp_path: Path) -> None:
    rgba = np.full((300, 40, 4), (200, 100, 0, 128), np.uint8)
    source, _ = look(studio, keep(tmp_path, encode(rgba)))
    assert source.alpha
    np.testing.assert_array_equal(open_pixels(studio, source, None), rgba)
    on_white = open_pixels(studio, source, (255, 255, 255))
    assert on_white.shape == (300, 40, 3)
    np.testing.assert_allclose(on_white[299, 39], (227, 177, 127), atol=1)


def test_other_colour_spaces_become_srgb(studio: Studio, tmp_path: Path) -> None:
    swapped = swap_red_and_green()
    out = io.BytesIO()
    Image.fromarray(np.full((20, 20, 3), (220, 30, 40), np.uint8)).save(out, "PNG", icc_profile=swapped)
    source, _ = look(studio, keep(tmp_path, out.getvalue()))
    np.testing.assert_allclose(open_pixels(studio, source, (0, 0, 0))[9, 9], (30, 220, 40), atol=3)


def test_remarks_are_said_once() -> None:
    said = gather([("a.png", "left out."), ("b.png", "is grey."), ("c.png", "left out.")])
    assert said == ["a.png and 1 more: left out.", "b.png: is grey."]
