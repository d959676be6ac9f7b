from __future__ import annotations

import numpy as np
import pytest

from benchmarks.flicker import average
from benchmarks.synthetic import SyntheticScene
from pipelines.webcam.frames import Rgb
from pipelines.webcam.smoothing import Smoother

SIZE = (192, 144)
FRAMES = range(24)


def stylise(rgb: Rgb) -> Rgb:
    """A net that draws a camera's noise three times as strong."""
    return np.clip((rgb.astype(np.float32) - 128) * 3 + 128, 0, 255).astype(np.uint8)


class Clip:
    """A disc over a wall, its drawings, and what became of them."""

    def __init__(self, speed: float) -> None:
        self.scene = SyntheticScene(SIZE, noise=3, speed=speed)
        self.camera = [self.scene.frame(number) for number in FRAMES]
        self.drawn = [stylise(each) for each in self.camera]
        self.truth = [stylise(self.scene.clean(number)) for number in FRAMES]

    def smooth(self, strength: str) -> list[Rgb]:
        smoother = Smoother()
        return [smoother.smooth(*each, strength, 0) for each in zip(self.camera, self.drawn, strict=True)]

    def flicker(self, shown: list[Rgb]) -> float:
        """Mean change of the still wall, in grey levels."""
        changes = [
            np.abs(shown[number].astype(int) - shown[number - 1])[self.still(number)].mean()
            for number in FRAMES[8:]
        ]
        return float(np.mean(changes))

    def ghosting(self, shown: list[Rgb]) -> float:
        """Mean error where the disc has just been or has just come, in grey levels."""
        errors = [
            np.abs(shown[number].astype(int) - self.truth[number])[
                self.scene.mask(number - 2) != self.mask(number)
            ]
            for number in FRAMES[8:]
        ]
        return float(np.mean(np.concatenate(errors)))

    def mask(self, number: int) -> np.ndarray:
        return self.scene.mask(number)

    def still(self, number: int) -> np.ndarray:
        masks = [self.mask(each) for each in range(max(0, number - 8), number + 1)]
        return ~np.logical_or.reduce(masks)


@pytest.fixture(scope="module")
def clip() -> Clip:
    return Clip(speed=5)


def test_still_parts_stop_shimmering(clip: Clip) -> None:
    off, light, strong = (clip.flicker(clip.smooth(each)) for each in ("off", "light", "strong"))
    assert strong < 0.6 * off
    assert strong < light < off


def test_moving_parts_leave_no_trail_where_a_moving_average_does(clip: Clip) -> None:
    off, strong = (clip.ghosting(clip.smooth(each)) for each in ("off", "strong"))
    assert strong <= 1.1 * off
    assert clip.ghosting(average(clip.drawn, 0.7)) > 1.5 * off


def test_off_changes_nothing(clip: Clip) -> None:
    assert all(a is b for a, b in zip(clip.smooth("off"), clip.drawn, strict=True))


def test_a_new_look_a_new_size_and_a_pause_begin_anew(clip: Clip) -> None:
    smoother = Smoother()
    camera, dark, bright = clip.camera[0], np.zeros_like(clip.camera[0]), np.full_like(clip.camera[0], 200)
    smoother.smooth(camera, dark, "strong", 0)
    # another look shows at once
    assert np.array_equal(smoother.smooth(camera, bright, "strong", 1), bright)
    # and so does another size
    small = np.ascontiguousarray(bright[:96, :128])
    assert np.array_equal(smoother.smooth(small, small, "strong", 1), small)
    # and what came before it was switched off is forgotten
    smoother.smooth(camera, dark, "strong", 1)
    smoother.smooth(camera, dark, "off", 1)
    assert np.array_equal(smoother.smooth(camera, bright, "strong", 1), bright)


def test_a_cut_shows_at_once() -> None:
    # given two scenes that share nothing
    before, after = (SyntheticScene(SIZE, noise=0, seed=seed).clean(0) for seed in (0, 9))
    smoother = Smoother()
    for _ in range(5):
        smoother.smooth(before, stylise(before), "strong", 0)
    # when the second follows
    shown = smoother.smooth(after, stylise(after), "strong", 0)
    # then what is left of the first is within the noise
    assert np.abs(shown.astype(int) - stylise(after)).mean() < 5


def test_light_that_fades_is_followed() -> None:
    smoother, wall = Smoother(), SyntheticScene(SIZE, noise=0).clean(0)
    for step in range(30):
        frame = (wall * (1 - step / 40)).astype(np.uint8)
        shown = smoother.smooth(frame, frame, "strong", 0)
    assert np.abs(shown.astype(int) - frame).mean() < 3


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (15, 15), (17, 16), (33, 47)])
def test_tiny_and_odd_sizes_pass(size: tuple[int, int]) -> None:
    smoother, frame = Smoother(), np.full((size[1], size[0], 3), 90, np.uint8)
    for _ in range(3):
        assert np.array_equal(smoother.smooth(frame, frame, "strong", 0), frame)
