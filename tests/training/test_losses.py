"""The losses against values worked by hand."""

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch")

from benchmarks.metrics import gradient_error  # noqa: E402
from training.losses import (  # noqa: E402
    composition_loss,
    gradient_loss,
    laplacian_loss,
    matte_losses,
    total,
)


def matte(rows: list[list[float]]) -> Any:
    return torch.tensor(rows)[None, None]


def test_gradient_loss_is_the_benchmark_s_where_the_truth_is_flat() -> None:
    # given an edge across a picture, against a flat truth: its gradient's magnitude is all of the difference
    found = torch.zeros(1, 1, 24, 32)
    found[..., 13:] = 1
    flat = torch.zeros_like(found)
    # then the mean squared length is the benchmark's sum, which is in thousands
    expected = (
        gradient_error(found[0, 0].double().numpy(), flat[0, 0].double().numpy()) * 1000 / found.numel()
    )
    assert gradient_loss(found, flat).item() == pytest.approx(expected, rel=1e-3)


def test_composition_loss_weighs_errors_by_contrast() -> None:
    found, truth = matte([[0.5, 0.5]]), matte([[0.0, 1.0]])
    assert composition_loss(found, truth, matte([[1.0, 0.2]])).item() == pytest.approx((0.5 + 0.1) / 2)


def test_laplacian_loss_ignores_what_is_flat_and_counts_a_checkerboard_once() -> None:
    flat = torch.full((1, 1, 8, 8), 0.3)
    board = (torch.arange(8)[:, None] + torch.arange(8)).remainder(2).float()[None, None]
    # a checkerboard's mean over 2x2 is 0.5 everywhere: the first band holds 0.5, the others nothing
    assert laplacian_loss(flat, torch.zeros_like(flat), 3).item() == pytest.approx(0.0, abs=1e-6)
    assert laplacian_loss(board, torch.zeros_like(board), 3).item() == pytest.approx(0.5)


def test_a_perfect_matte_costs_nothing_but_the_entropy_of_its_clamp() -> None:
    truth = torch.zeros(1, 1, 16, 16)
    truth[..., 4:12, 4:12] = 1
    coarse = torch.nn.functional.avg_pool2d(truth, 4)
    assert total(matte_losses(truth, coarse, truth, truth)).item() == pytest.approx(0.0, abs=1e-4)
