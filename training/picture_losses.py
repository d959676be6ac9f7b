"""What a drawing is scored by in training: its pixels, its lines at two sizes, its colours, its decibels.

The last term is the figure that it is judged by, as in Chen et al., "Simple Baselines for Image Restoration",
ECCV 2022.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

WEIGHTS = {"near": 1.0, "lines": 1.0, "colour": 0.5, "decibels": 0.005}
PATCH = 8
"""Side of the patches whose mean colours are compared, px."""
LEAK = 0.05
"""How much of what lies beyond 0..1 still counts: beyond, a pixel is right where it is cut off, yet must not
get lost there."""
LEAST = 1e-4
"""Mean squared error from which on an improvement no longer counts."""


def cut_softly(drawing: Tensor) -> Tensor:
    """0..1 with a little of what lies beyond."""
    cut = drawing.clamp(0, 1)
    return cut + LEAK * (drawing - cut)


def line_loss(difference: Tensor) -> Tensor:
    """Mean absolute slope of the difference, across and down."""
    across = (difference[..., 1:] - difference[..., :-1]).abs().mean()
    down = (difference[..., 1:, :] - difference[..., :-1, :]).abs().mean()
    return across + down


def decibels(difference: Tensor) -> Tensor:
    """Mean over the pictures of 10 log10 of their mean squared error; lower is better."""
    squares = (difference**2).mean(dim=(1, 2, 3))
    return 10 * torch.log10(squares + LEAST).mean() - 10 * torch.log10(difference.new_tensor(LEAST))


def picture_losses(found: Tensor, truth: Tensor) -> dict[str, Tensor]:
    """Every term, weighted. Both N x 3 x H x W; truth in 0..1, found not cut to it."""
    difference = cut_softly(found) - truth
    terms = {
        "near": difference.abs().mean(),
        "lines": line_loss(difference) + line_loss(functional.avg_pool2d(difference, 2)),
        "colour": functional.avg_pool2d(difference, PATCH).abs().mean(),
        "decibels": decibels(difference),
    }
    return {name: WEIGHTS[name] * value for name, value in terms.items()}
