from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from pipelines.errors import InvalidOption
from pipelines.matting.refine import UNSURE_NOTE, refine_alpha

DATA = Path(__file__).parents[3].parent / "shared" / "data" / "matting"
SIZE = (240, 320)


def star(spikes: int = 9, softness: float = 1.5) -> np.ndarray:
    """A spiky subject: alpha float32, edges about `softness` px wide."""
    y, x = np.mgrid[: SIZE[0], : SIZE[1]].astype(np.float32)
    y, x = y - SIZE[0] / 2, x - SIZE[1] / 2
    edge = 70 + 20 * np.cos(spikes * np.arctan2(y, x))
    return np.clip((edge - np.hypot(x, y)) / softness + 0.5, 0, 1).astype(np.float32)


def photograph(alpha: np.ndarray, noise: float = 3.0) -> np.ndarray:
    """The subject, orange with a gradient, over a blue one, with some noise."""
    ramp = np.linspace(0, 40, SIZE[1])[None, :, None]
    front, back = np.array([190, 110, 40]) + ramp, np.array([40, 80, 150]) + ramp
    seen = alpha[..., None] * front + (1 - alpha[..., None]) * back
    seen += np.random.default_rng(2).normal(0, noise, seen.shape)
    return np.clip(seen, 0, 255).astype(np.uint8)


def seen_by_a_net(alpha: np.ndarray, factor: int = 4) -> np.ndarray:
    """What is left of a matte in a map of few pixels, blown up again."""
    small = cv2.resize(alpha, (SIZE[1] // factor, SIZE[0] // factor), interpolation=cv2.INTER_AREA)
    return cv2.resize(cv2.GaussianBlur(small, (0, 0), 0.7), SIZE[::-1], interpolation=cv2.INTER_LINEAR)


def error(alpha: np.ndarray, truth: np.ndarray) -> float:
    return float(np.abs(alpha - truth).mean())


@pytest.mark.parametrize(("mode", "at_most"), [("fast", 0.6), ("fine", 0.25)])
def test_a_coarse_mask_is_drawn_to_the_edges(mode: str, at_most: float) -> None:
    # given: a mask of a quarter of the picture's detail
    truth = star()
    mask = seen_by_a_net(truth)
    # when
    refined = refine_alpha(photograph(truth), mask, mode, net_side=80)
    # then
    assert refined.note == ""
    assert error(refined.alpha, truth) < at_most * error(mask, truth)


@pytest.mark.parametrize("mode", ["fast", "fine"])
def test_noise_is_not_taken_for_edges(mode: str) -> None:
    truth = star()
    mask = seen_by_a_net(truth)
    refined = refine_alpha(photograph(truth, noise=20), mask, mode, net_side=80)
    assert error(refined.alpha, truth) < 1.02 * error(mask, truth)


@pytest.mark.parametrize("mode", ["fast", "fine"])
@pytest.mark.parametrize("held", [0.3, 0.7])
def test_a_wide_unsure_area_is_kept_and_the_note_says_so(mode: str, held: float) -> None:
    # given: the net gave half of the subject a middling alpha
    truth = star()
    mask = seen_by_a_net(truth)
    mask[:, 160:] = np.where(truth[:, 160:] > 0.5, held, mask[:, 160:])
    # when
    refined = refine_alpha(photograph(truth), mask, mode)
    # then: the middle of that area stays within a little of what the net said
    assert refined.note == UNSURE_NOTE
    np.testing.assert_allclose(refined.alpha[110:130, 185:205], held, atol=0.1)


@pytest.mark.parametrize("mode", ["fast", "fine"])
def test_a_subject_in_the_backgrounds_colour_keeps_its_mask(mode: str) -> None:
    # given: a picture that shows no edge at all
    truth = star()
    mask = seen_by_a_net(truth)
    refined = refine_alpha(np.full((*SIZE, 3), 120, np.uint8), mask, mode, net_side=80)
    # then
    assert error(refined.alpha, truth) < 1.1 * error(mask, truth)


def test_a_sharp_mask_is_hardly_touched() -> None:
    truth = star(softness=3)
    rgb = photograph(truth)
    np.testing.assert_array_equal(refine_alpha(rgb, truth, "fast", net_side=1024).alpha, truth)
    assert error(refine_alpha(rgb, truth, "fine", net_side=0).alpha, truth) < 0.003


@pytest.mark.parametrize("mode", ["fast", "fine"])
@pytest.mark.parametrize("level", [0.01, 0.99])
def test_a_mask_without_a_subject_stays_as_it_is(mode: str, level: float) -> None:
    """A net that sees nobody says nearly nothing everywhere, not zero."""
    mask = np.clip(np.random.default_rng(5).normal(level, 0.004, SIZE), 0, 1).astype(np.float32)
    np.testing.assert_array_equal(refine_alpha(photograph(star()), mask, mode, net_side=80).alpha, mask)


def test_off_is_the_mask_itself() -> None:
    mask = seen_by_a_net(star())
    assert refine_alpha(photograph(star()), mask, "off").alpha is mask


@pytest.mark.parametrize("mode", ["off", "fast", "fine"])
@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (2, 2), (7, 9), (31, 33), (64, 9)])
@pytest.mark.parametrize("make", [np.zeros, np.ones, np.random.default_rng(3).random])
def test_any_size_and_flat_masks(
    mode: str, shape: tuple[int, int], make: Callable[[tuple[int, int]], np.ndarray]
) -> None:
    alpha = make(shape).astype(np.float32)
    rgb = np.random.default_rng(4).integers(0, 256, (*shape, 3), dtype=np.uint8)
    refined = refine_alpha(rgb, alpha, mode).alpha
    assert refined.shape == shape and refined.dtype == np.float32
    assert np.isfinite(refined).all() and refined.min() >= 0 and refined.max() <= 1
    if alpha.min() == alpha.max():
        np.testing.assert_array_equal(refined, alpha)


def test_a_picture_over_the_working_size_is_refined_at_full_size(monkeypatch: pytest.MonkeyPatch) -> None:
    # given: a limit far under the picture's size
    monkeypatch.setattr("pipelines.matting.refine.FINE_PIXELS", 30_000)
    truth = star()
    mask = seen_by_a_net(truth)
    # then
    refined = refine_alpha(photograph(truth), mask, "fine", net_side=80)
    assert error(refined.alpha, truth) < 0.5 * error(mask, truth)


def test_the_mask_is_not_written_to() -> None:
    mask = seen_by_a_net(star())
    before = mask.copy()
    for mode in ("fast", "fine"):
        refine_alpha(photograph(star()), mask, mode)
    np.testing.assert_array_equal(mask, before)


def test_an_unknown_mode_is_refused() -> None:
    with pytest.raises(InvalidOption, match="best"):
        refine_alpha(photograph(star()), star(), "best")


@pytest.mark.skipif(not DATA.is_dir(), reason="the alphamatting pairs are not beside the repository")
@pytest.mark.parametrize("name", ["GT05", "GT19"])
def test_real_edges_come_closer_to_the_truth(name: str) -> None:
    # given: the true matte as a net of 320 px would draw it at its best
    rgb = cv2.cvtColor(cv2.imread(str(DATA / "image" / f"{name}.png")), cv2.COLOR_BGR2RGB)
    truth = cv2.imread(str(DATA / "alpha" / f"{name}.png"), cv2.IMREAD_GRAYSCALE).astype(np.float32) / 255
    small = cv2.resize(truth, (320, 320), interpolation=cv2.INTER_AREA)
    mask = np.clip(cv2.resize(cv2.GaussianBlur(small, (0, 0), 0.7), truth.shape[::-1]), 0, 1)
    # then
    assert error(refine_alpha(rgb, mask, "fast").alpha, truth) < 0.8 * error(mask, truth)
    assert error(refine_alpha(rgb, mask, "fine").alpha, truth) < 0.7 * error(mask, truth)
