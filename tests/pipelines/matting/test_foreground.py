import numpy as np
import pytest

from pipelines.errors import InvalidOption
from pipelines.matting.foreground import estimate_foreground

MODES = ["fast", "fine"]
RED, GREEN = np.array([200, 40, 30]), np.array([30, 180, 40])


def soft_disc(height: int = 120, width: int = 160) -> np.ndarray:
    y, x = np.mgrid[:height, :width]
    away = np.hypot(x - width / 2, y - height / 2)
    return np.clip((height / 3 - away) / 12 + 0.5, 0, 1).astype(np.float32)


def composite(alpha: np.ndarray, front: np.ndarray, back: np.ndarray) -> np.ndarray:
    mixed = alpha[..., None] * front + (1 - alpha[..., None]) * back
    return np.rint(mixed).astype(np.uint8)


def colour_error(rgb: np.ndarray, truth: np.ndarray, alpha: np.ndarray) -> float:
    """Mean error where it shows: in the band, weighted by alpha."""
    weight = alpha * ((alpha > 0.01) & (alpha < 0.99))
    return float((np.abs(rgb - truth.astype(float)).mean(axis=-1) * weight).sum() / weight.sum())


@pytest.mark.parametrize("mode", MODES)
def test_the_old_background_leaves_the_edge(mode: str) -> None:
    # given: red over green
    alpha = soft_disc()
    seen = composite(alpha, RED, GREEN)
    # when
    found = estimate_foreground(seen, alpha, mode, 1.0)
    # then
    assert colour_error(seen, RED, alpha) > 30
    assert colour_error(found, RED, alpha) < 0.25 * colour_error(seen, RED, alpha)


@pytest.mark.parametrize("mode", MODES)
def test_a_subject_of_two_colours_keeps_both(mode: str) -> None:
    # given: a subject that is red on the left, blue on the right
    alpha = soft_disc()
    front = np.where(np.arange(160)[None, :, None] < 80, RED, [40, 60, 220])
    seen = composite(alpha, np.broadcast_to(front, (120, 160, 3)), GREEN)
    found = estimate_foreground(seen, alpha, mode, 1.0)
    # then
    assert colour_error(found, front, alpha) < 0.3 * colour_error(seen, front, alpha)


@pytest.mark.parametrize("mode", MODES)
def test_opaque_and_clear_pixels_keep_their_colours(mode: str) -> None:
    alpha = soft_disc()
    seen = np.random.default_rng(1).integers(0, 256, (120, 160, 3), dtype=np.uint8)
    found = estimate_foreground(seen, alpha, mode, 1.0)
    sure = (alpha == 0) | (alpha == 1)
    np.testing.assert_array_equal(found[sure], seen[sure])
    assert (found[~sure] != seen[~sure]).any()


@pytest.mark.parametrize("mode", MODES)
def test_despill_goes_from_the_source_to_the_estimate(mode: str) -> None:
    alpha = soft_disc()
    seen = composite(alpha, RED, GREEN)
    errors = [colour_error(estimate_foreground(seen, alpha, mode, d), RED, alpha) for d in (0, 0.25, 0.5, 1)]
    np.testing.assert_array_equal(estimate_foreground(seen, alpha, mode, 0), seen)
    assert errors == sorted(errors, reverse=True)
    assert errors[0] > errors[1] > errors[2]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (2, 3), (9, 7), (500, 400)])
@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
def test_any_size_and_flat_mattes(mode: str, shape: tuple[int, int], value: float) -> None:
    seen = np.full((*shape, 3), 90, np.uint8)
    found = estimate_foreground(seen, np.full(shape, value, np.float32), mode, 1.0)
    assert found.shape == seen.shape and found.dtype == np.uint8
    np.testing.assert_allclose(found, 90, atol=2)


def test_the_source_is_not_written_to() -> None:
    alpha = soft_disc()
    seen = composite(alpha, RED, GREEN)
    before = seen.copy()
    estimate_foreground(seen, alpha, "fast", 1.0)
    np.testing.assert_array_equal(seen, before)


def test_an_unknown_mode_is_refused() -> None:
    with pytest.raises(InvalidOption, match="best"):
        estimate_foreground(np.zeros((2, 2, 3), np.uint8), np.zeros((2, 2), np.float32), "best", 1.0)
