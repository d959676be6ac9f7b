"""A clip whose style grows in and changes."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pytest

from pipelines.cartoon.options import STYLES, CartoonOptions
from pipelines.errors import InvalidOption
from pipelines.image_to_video.cartoon_drawer import CartoonDrawer
from pipelines.image_to_video.style_over_time import restyle
from pipelines.image_to_video.style_plan import Look, StylePlan, read_plan
from tests.pipelines.cartoon.painters import SHADES, GreyPainter
from tests.pipelines.image_to_video.test_interpolation import crop, draw_wall


class Flickering:
    """Draws the frame itself under stains that differ each time."""

    def __init__(self) -> None:
        self._chance = np.random.default_rng(0)
        self.asked: list[dict[str, float]] = []

    def draw(self, rgb: np.ndarray, shares: Mapping[str, float]) -> np.ndarray:
        self.asked.append(dict(shares))
        stains = (
            self._chance.normal(0, 15, (rgb.shape[0] // 10, rgb.shape[1] // 10, 1))
            .repeat(10, 0)
            .repeat(10, 1)
        )
        return np.clip(rgb + stains, 0, 255).astype(np.uint8)


def pan(count: int = 12) -> list[np.ndarray]:
    wall = draw_wall(160, 180 + 4 * count)
    return [crop(wall, 4 * number) for number in range(count)]


def test_between_keyframes_styles_and_strength_are_mixed() -> None:
    plan = read_plan("0=anime@0, 0.5=anime, 1=sketch@0.5", STYLES, easing="linear")
    assert plan.at(0).strength == 0
    assert plan.at(0.25) == Look({"anime": 1.0}, 0.5)
    middle = plan.at(0.75)
    assert middle.shares == {"anime": pytest.approx(0.5), "sketch": pytest.approx(0.5)}
    assert middle.strength == pytest.approx(0.75)
    assert plan.at(1) == Look({"sketch": 1.0}, 0.5)
    assert plan.styles == ("anime", "sketch")


def test_outside_the_keyframes_the_nearest_holds() -> None:
    plan = read_plan("0.4=anime@0.2,0.6=sketch", STYLES)
    assert plan.at(0.1) == Look({"anime": 1.0}, 0.2)
    assert plan.at(0.9) == Look({"sketch": 1.0}, 1.0)


@pytest.mark.parametrize(
    "text",
    ["", "anime", "0=cubism", "0=anime@2", "2=anime", "0.5=anime,0.2=sketch", "0=anime,0=sketch", "0=anime,"],
)
def test_broken_plans_are_refused(text: str) -> None:
    with pytest.raises(InvalidOption):
        read_plan(text, STYLES)


def test_an_unknown_easing_is_refused() -> None:
    with pytest.raises(InvalidOption, match="bouncy"):
        StylePlan([(0.0, Look({"anime": 1.0}))], easing="bouncy")


def test_the_style_grows_in() -> None:
    frames = [np.full((64, 96, 3), 80, np.uint8)] * 9
    drawer = CartoonDrawer(CartoonOptions(faces="off"), GreyPainter(), lambda rgb: [], 25)
    levels = [rgb.mean() for rgb in restyle(frames, read_plan("0=anime@0,1=anime", STYLES), drawer, 9)]
    assert levels[0] == 80
    assert levels == sorted(levels)
    assert levels[-1] == SHADES["anime"]


def test_before_the_style_comes_nothing_is_drawn() -> None:
    drawer, frames = Flickering(), pan(6)
    drawn = list(restyle(frames, read_plan("0=anime@0,0.5=anime@0,1=anime", STYLES), drawer, 6))
    np.testing.assert_array_equal(drawn[2], frames[2])
    assert len(drawer.asked) == 3


def test_what_flickers_is_held_still_on_what_moves() -> None:
    plan, frames = read_plan("0=anime", STYLES), pan()
    alone, drawer = Flickering(), Flickering()
    before = [alone.draw(rgb, {"anime": 1.0}) for rgb in frames]
    after = list(restyle(frames, plan, drawer, len(frames)))
    assert flicker(after[3:]) < 0.5 * flicker(before[3:])
    assert (
        np.abs(after[-1].astype(int) - frames[-1]).mean() < np.abs(before[-1].astype(int) - frames[-1]).mean()
    )


def flicker(clip: list[np.ndarray]) -> float:
    """Mean change of a point of the wall from frame to frame of `pan`, in grey levels."""
    inner = slice(20, -20)
    changes = [np.abs(a[inner, 24:-20].astype(int) - b[inner, 20:-24]).mean() for a, b in pairwise(clip)]
    return float(np.mean(changes))


def test_across_a_cut_nothing_is_kept() -> None:
    one, two = draw_wall(seed=1) // 3, 255 - draw_wall(seed=2) // 3

    class Plain:
        def draw(self, rgb: np.ndarray, shares: Mapping[str, float]) -> np.ndarray:
            return rgb

    drawn = list(restyle([one, one, two, two], read_plan("0=anime", STYLES), Plain(), 4))
    np.testing.assert_array_equal(drawn[2], two)


def test_a_cartoon_mixes_two_styles_at_most() -> None:
    drawer = CartoonDrawer(CartoonOptions(faces="off"), GreyPainter(), lambda rgb: [], 25)
    with pytest.raises(InvalidOption, match="two"):
        drawer.draw(draw_wall(), {"anime": 0.4, "sketch": 0.3, "3d": 0.3})
    mixed = drawer.draw(draw_wall(), {"anime": 0.5, "sketch": 0.5})
    assert mixed.mean() == pytest.approx((SHADES["anime"] + SHADES["sketch"]) / 2, abs=1)
