"""What a viewer sees: nothing of what lies hidden, and the right colours on any screen."""

from __future__ import annotations

import numpy as np

from pipelines.image.colour import from_srgb, in_srgb
from pipelines.image.seen import seen, seen_in_srgb
from tests.pipelines.image.samples import encode_cv, make_pixels, make_srgb_profile, read, swap_red_and_green


def test_what_is_hidden_is_white_and_what_is_half_seen_is_mixed_with_it() -> None:
    rgba = np.full((9, 30, 4), (0, 200, 100, 255), np.uint8)
    rgba[:, :10, 3], rgba[:, 10:20, 3] = 0, 51
    found = seen(read(encode_cv(".png", rgba)))
    assert found[4, 4].tolist() == [255, 255, 255]
    assert found[4, 14].tolist() == [204, 244, 224]
    assert found[4, 24].tolist() == [0, 200, 100]


def test_colours_go_to_srgb_and_back() -> None:
    rgb, swapped = make_pixels(), swap_red_and_green()
    shown = in_srgb(rgb, swapped)
    np.testing.assert_allclose(shown.astype(int), rgb[..., [1, 0, 2]], atol=3)
    np.testing.assert_allclose(from_srgb(shown, swapped).astype(int), rgb, atol=4)


def test_without_a_profile_and_with_srgbs_nothing_is_touched() -> None:
    rgb = make_pixels()
    for icc in (None, make_srgb_profile(), b"broken"):
        assert in_srgb(rgb, icc) is rgb
        assert from_srgb(rgb, icc) is rgb
    picture = read(encode_cv(".png", rgb))
    assert seen_in_srgb(picture) is picture.rgb
