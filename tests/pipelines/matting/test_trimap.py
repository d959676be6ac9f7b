import numpy as np
import pytest

from pipelines.matting.noise import measure_noise
from pipelines.matting.trimap import find_band, grain_of, sharpen, tell_edges


def step(softness: float) -> np.ndarray:
    """100 x 200: subject on the left, a soft edge `softness` px wide around column 100."""
    row = np.clip((100 - np.arange(200)) / softness + 0.5, 0, 1)
    return np.tile(row, (100, 1)).astype(np.float32)


@pytest.mark.parametrize(("side", "grain"), [(320, 10), (1024, 3.125), (4000, 1), (0, 1)])
def test_grain_is_the_size_of_the_nets_pixels(side: int, grain: float) -> None:
    assert grain_of((2400, 3200), side) == grain


def test_the_band_holds_the_soft_pixels_and_a_reach_on_both_sides() -> None:
    band = find_band(step(10), 2.0)
    columns = np.flatnonzero(band[50])
    assert columns[0] == pytest.approx(100 - 5 - 4, abs=1)
    assert columns[-1] == pytest.approx(100 + 5 + 4, abs=1)


def test_a_hard_mask_has_a_band_along_its_outline() -> None:
    band = find_band((step(1) > 0.5).astype(np.float32), 2.0)
    assert 6 <= band[50].sum() <= 12


def test_a_flat_mask_has_no_band() -> None:
    assert not find_band(np.ones((20, 20), np.float32), 2.0).any()


def test_narrow_bands_are_edges_and_the_depth_of_wide_ones_is_not() -> None:
    narrow, wide = find_band(step(6), 1.0), find_band(step(90), 1.0)
    assert tell_edges(narrow, 1.0)[narrow].min() == 1
    depth = tell_edges(wide, 1.0)[50]
    assert depth[100] == 0
    assert depth[np.flatnonzero(wide[50])[0]] == 1


def test_without_any_sure_pixel_nothing_is_an_edge() -> None:
    assert tell_edges(np.ones((60, 60), np.bool_), 1.0).max() == 0


def test_sharpen_keeps_the_middle_and_the_ends() -> None:
    np.testing.assert_allclose(
        sharpen(np.array([0, 0.25, 0.5, 0.6, 1], np.float32), 2.0), [0, 0, 0.5, 0.7, 1], atol=1e-6
    )


@pytest.mark.parametrize("sigma", [2, 8, 20])
def test_noise_is_measured_through_edges(sigma: float) -> None:
    clean = 60 + 120 * step(3)
    noisy = clean + np.random.default_rng(1).normal(0, sigma, clean.shape)
    rgb = np.repeat(np.clip(noisy, 0, 255).astype(np.uint8)[..., None], 3, axis=2)
    assert measure_noise(rgb) * 255 == pytest.approx(sigma, rel=0.3)
