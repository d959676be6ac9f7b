import cv2
import numpy as np
import pytest

from benchmarks.metrics import METRICS, measure_matte

BLANK = np.zeros((20, 20))


def square(low: int, high: int) -> np.ndarray:
    matte = np.zeros((20, 20))
    matte[low:high, low:high] = 1
    return matte


def test_a_perfect_matte_has_no_error() -> None:
    measured = measure_matte(square(5, 15), square(5, 15))
    assert measured == {
        "sad": 0, "mad": 0, "mse": 0, "gradient": 0, "connectivity": 0, "iou": 1, "dice": 1,
    }  # fmt: skip


def test_differences_of_a_hand_worked_matte() -> None:
    # given: two of four pixels off, by 0.5 and by 1
    measured = measure_matte(np.array([[0.5, 1.0], [0.0, 1.0]]), np.array([[1.0, 1.0], [0.0, 0.0]]))
    # then
    assert measured["sad"] == pytest.approx(1.5 / 1000)
    assert measured["mad"] == pytest.approx(1.5 / 4)
    assert measured["mse"] == pytest.approx(1.25 / 4)


def test_overlap_of_two_squares() -> None:
    # given: 10 x 10 against 6 x 6 inside it
    measured = measure_matte(square(5, 15), square(7, 13))
    assert measured["iou"] == pytest.approx(36 / 100)
    assert measured["dice"] == pytest.approx(72 / 136)


def test_two_empty_mattes_agree() -> None:
    measured = measure_matte(BLANK, BLANK)
    assert measured["iou"] == measured["dice"] == 1


def test_gradient_of_a_ramp_is_its_slope_times_the_filters_gain() -> None:
    # given: a ramp of 0.02 a pixel against nothing; sigma 1.4 gives the 9-tap filter of the paper
    ramp = np.tile(np.arange(40) * 0.02, (40, 1))
    x = np.arange(-4, 5)
    bell = np.exp(-(x**2) / (2 * 1.4**2)) / (1.4 * np.sqrt(2 * np.pi))
    filter_2d = np.outer(bell, -x * bell / 1.4**2)
    filter_2d /= np.sqrt((filter_2d**2).sum())
    expected = np.zeros_like(ramp)
    padded = np.pad(ramp, 4, mode="edge")
    for row in range(40):
        for column in range(40):
            expected[row, column] = (padded[row : row + 9, column : column + 9] * filter_2d).sum()
    # then
    measured = METRICS["gradient"](ramp, np.zeros_like(ramp))
    assert measured == pytest.approx((expected**2).sum() / 1000)


def test_gradient_ignores_a_constant_shift() -> None:
    blurred = cv2.GaussianBlur(square(5, 15), (0, 0), 2)
    assert METRICS["gradient"](0.5 * blurred + 0.2, 0.5 * blurred) == pytest.approx(0, abs=1e-12)


def test_a_loose_speck_is_not_connected() -> None:
    # given: one opaque pixel away from the square
    speck = square(5, 15)
    speck[1, 1] = 1
    assert METRICS["connectivity"](speck, square(5, 15)) == pytest.approx(1 / 1000)


def test_a_faint_tail_that_joins_is_connected() -> None:
    # given: a tail of 0.5 on both, and of 0.1 more on one: below the threshold of 0.15
    truth, found = square(5, 15), square(5, 15)
    truth[10, 15:18], found[10, 15:18] = 0.5, 0.6
    assert METRICS["connectivity"](found, truth) == 0
    # and: 0.3 more is not forgiven
    found[10, 15:18] = 0.8
    assert METRICS["connectivity"](found, truth) == pytest.approx(3 * 0.3 / 1000)


def test_different_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="size"):
        measure_matte(np.zeros((2, 2)), np.zeros((2, 3)))
