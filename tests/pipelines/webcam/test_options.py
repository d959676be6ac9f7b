"""The live options as page, protocol and report write them."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.errors import InvalidOption
from pipelines.webcam.options import LiveOptions, read_blend


def test_texts_and_json_values_mean_the_same() -> None:
    texts = LiveOptions.parse({"strength": "0.5", "keep_colours": "true", "target_fps": "15"})
    values = LiveOptions.parse({"strength": 0.5, "keep_colours": True, "target_fps": 15})
    assert texts == values == LiveOptions(strength=0.5, keep_colours=True, target_fps=15)


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("", {}),
        (" , ", {}),
        ("painting-03", {"painting-03": 1.0}),
        ("painting-03:0.5, painting-12:0.5", {"painting-03": 0.5, "painting-12": 0.5}),
        ("a:1,b:3", {"a": 0.25, "b": 0.75}),
        ("a:1,a:1,b:2", {"a": 0.5, "b": 0.5}),
        ("a:1,b:0", {"a": 1.0}),
        ("蓝色的海:1,b", {"蓝色的海": 0.5, "b": 0.5}),
    ],
)
def test_a_blend_adds_up_to_one(text: str, shares: dict[str, float]) -> None:
    assert read_blend(text) == pytest.approx(shares)


def test_a_blend_is_drawn_instead_of_the_style() -> None:
    assert LiveOptions(style="painting-01").shares == {"painting-01": 1.0}
    assert LiveOptions(style="painting-01", blend="painting-02:2").shares == {"painting-02": 1.0}


@pytest.mark.parametrize(
    "blend", ["a:0", "a:-1,b:2", "a:x", "a:nan", "a:inf", ",".join("abcdefghi"), "a:1e308,b:1e308"]
)
def test_a_blend_that_is_none_is_explained(blend: str) -> None:
    with pytest.raises(InvalidOption, match="blend can't"):
        LiveOptions(blend=blend)


@pytest.mark.parametrize(
    "given",
    [
        {"strength": 1.1},
        {"strength": "much"},
        {"strength": float("nan")},
        {"strength": None},
        {"strength": [1]},
        {"strength": True},
        {"target_fps": 500},
        {"style": 7},
        {"style": {"name": "none"}},
        {"style": "x" * 201},
        {"keep_colours": 1},
        {"smoothing": "very"},
        {"floor": 640, "ceiling": 320},
        {"colour": "red"},
    ],
)
def test_a_value_that_does_not_fit_is_explained(given: dict[str, Any]) -> None:
    with pytest.raises(InvalidOption):
        LiveOptions.parse(given)
