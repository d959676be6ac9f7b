"""The parts of the converting script that need no TensorFlow."""

from __future__ import annotations

from types import SimpleNamespace as Thing

import numpy as np
import pytest

from weights.conversion.convert_cv_unet import (
    SIZES,
    Unusable,
    alpha_of,
    compare,
    draw,
    foreign_operations,
    scale_of,
)

SHAPE = (40, 50, 3)


def ramp() -> np.ndarray:
    return np.tile(np.linspace(0, 1, SHAPE[1], dtype=np.float32), (SHAPE[0], 1))


def test_close_mattes_pass_with_their_figures() -> None:
    figures = compare(ramp(), ramp() + np.float32(1 / 255), SHAPE)

    assert figures["largest_difference"] == pytest.approx(1 / 255, abs=1e-6)
    assert figures["alpha_high"] == 1.0


def test_a_single_stray_pixel_passes() -> None:
    after = ramp()
    after[3, 3] += 0.5

    assert compare(ramp(), after, SHAPE)["largest_difference"] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("after", "says"),
    [
        (np.roll(ramp(), 1, axis=1), "differs from TensorFlow on 100"),
        (ramp()[:-1], "ONNX"),
        (np.full(SHAPE[:2], np.nan, np.float32), "differs"),
    ],
)
def test_shifted_cropped_or_empty_mattes_do_not(after: np.ndarray, says: str) -> None:
    with pytest.raises(Unusable, match=says):
        compare(ramp(), after, SHAPE)


def test_alpha_is_the_last_channel_or_the_lone_matte() -> None:
    rgba = np.zeros((4, 5, 4), np.uint8)
    rgba[..., 3] = 255

    assert np.allclose(alpha_of(rgba, 1 / 255), 1.0)
    assert np.allclose(alpha_of(rgba[..., 3], 1 / 255), 1.0)


@pytest.mark.parametrize(
    ("answer", "scale"),
    [
        (np.full((2, 2, 4), 1, np.uint8), 1 / 255),
        (np.full((2, 2, 4), 200, np.float32), 1 / 255),
        (np.full((2, 2, 4), 1, np.float32), 1.0),
    ],
)
def test_the_scale_is_told_from_the_numbers(answer: np.ndarray, scale: float) -> None:
    assert scale_of([answer]) == scale


def test_test_pictures_are_in_range_and_not_flat() -> None:
    for size in SIZES:
        for kind in ("figure", "noise"):
            picture = draw(size, kind)
            assert picture.shape == (*size, 3) and picture.dtype == np.float32
            assert picture.min() >= 0 and picture.max() <= 255 and picture.std() > 20


def graph_of(*operations: str, inside: tuple[str, ...] = ()) -> Thing:
    """What GraphDef looks like from outside, with one function."""
    nodes, inner = ([Thing(op=op) for op in ops] for ops in (operations, inside))
    function = Thing(signature=Thing(name="own"), node_def=inner)
    return Thing(node=nodes, library=Thing(function=[function]))


def test_what_the_converter_does_not_know_is_found_in_functions_too() -> None:
    known = {"Conv2D", "Identity"}
    assert foreign_operations(graph_of("Conv2D", "Switch", "own", inside=("Identity",)), known) == []
    assert foreign_operations(graph_of("Conv2D", "WriteFile"), known) == ["WriteFile"]
    assert foreign_operations(graph_of("own", inside=("ReadFile", "WriteFile")), known) == [
        "ReadFile",
        "WriteFile",
    ]
