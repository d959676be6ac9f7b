import cv2
import numpy as np
import pytest

from pipelines.matting.edges import shape_alpha


def disc(radius: float = 20, size: int = 101, softness: float = 2.0) -> np.ndarray:
    y, x = np.mgrid[:size, :size] - size // 2
    return np.clip((radius - np.hypot(x, y)) / softness + 0.5, 0, 1).astype(np.float32)


def radius_of(alpha: np.ndarray) -> float:
    return float(np.sqrt(alpha.sum() / np.pi))


def test_every_option_off_changes_nothing() -> None:
    assert shape_alpha(disc()) is not None
    np.testing.assert_array_equal(shape_alpha(disc()), disc())


@pytest.mark.parametrize("edge", [-7.5, -2, -0.5, 0.5, 3, 8.5])
def test_edge_moves_the_outline_by_its_pixels(edge: float) -> None:
    moved = shape_alpha(disc(), edge=edge)
    assert radius_of(moved) == pytest.approx(20 + edge, abs=0.6)


def test_edge_keeps_the_outline_soft() -> None:
    moved = shape_alpha(disc(softness=6), edge=-4)
    assert ((moved > 0.1) & (moved < 0.9)).sum() > 0.5 * ((disc(16, softness=6) % 1) > 0).sum()


def test_feather_softens_without_moving() -> None:
    hard = (disc() > 0.5).astype(np.float32)
    soft = shape_alpha(hard, feather=8)
    assert ((soft > 0.05) & (soft < 0.95)).sum() > 500
    assert soft.sum() == pytest.approx(hard.sum(), rel=0.01)


def test_threshold_leaves_only_none_and_all() -> None:
    assert set(np.unique(shape_alpha(disc(), threshold=0.7))) == {0, 1}
    assert radius_of(shape_alpha(disc(softness=8), threshold=0.7)) < 20


def test_a_hole_is_filled_with_its_soft_rim_and_a_bay_stays_open() -> None:
    # given: a soft hole in the middle, and a bay that reaches the border
    alpha = disc(40) * (1 - disc(6, softness=4))
    alpha[48:53, 70:] = 0
    # when
    filled = shape_alpha(alpha, fill_holes=True)
    # then
    assert filled[40:61, 40:61].min() == 1
    assert filled[50, 80:].max() == 0
    outside = disc(46) == 0
    np.testing.assert_array_equal(filled[outside], alpha[outside])


def test_the_largest_piece_keeps_its_fringe_and_the_others_go() -> None:
    # given: a big disc with a faint fringe and a small one in the corner
    alpha = np.maximum(disc(20, softness=12), np.roll(disc(6), (-40, -40), (0, 1)))
    # when
    kept = shape_alpha(alpha, largest=True)
    # then
    assert kept[:20, :20].max() == 0
    near = disc(26, softness=1) > 0
    np.testing.assert_array_equal(kept[near], alpha[near])


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (3, 2), (101, 37)])
@pytest.mark.parametrize("value", [0.0, 0.3, 1.0])
def test_flat_mattes_of_any_size_come_through(shape: tuple[int, int], value: float) -> None:
    flat = np.full(shape, value, np.float32)
    shaped = shape_alpha(flat, edge=3.5, feather=4, fill_holes=True, largest=True)
    np.testing.assert_allclose(shaped, flat, atol=1e-6)
    assert shaped.dtype == np.float32


def test_the_given_matte_is_not_written_to() -> None:
    alpha = disc()
    before = alpha.copy()
    shape_alpha(alpha, edge=2, feather=3, threshold=0.4, fill_holes=True, largest=True)
    np.testing.assert_array_equal(alpha, before)


def test_two_equal_halves_keep_one() -> None:
    alpha = np.zeros((40, 80), np.float32)
    cv2.circle(alpha, (20, 20), 10, 1.0, -1)
    cv2.circle(alpha, (60, 20), 10, 1.0, -1)
    kept = shape_alpha(alpha, largest=True)
    assert kept.sum() == pytest.approx(alpha.sum() / 2)
