"""What a matte is scored by in training: nearness, edges at every scale, and the picture it makes.

L1 and composition as in Xu et al., "Deep Image Matting", CVPR 2017; Laplacian pyramid as in Forte and
Pitié, "F, B, Alpha Matting", 2020; the gradient is the one that mattes are judged by, Rhemann et al., "A
Perceptually Motivated Online Benchmark for Image Matting", CVPR 2009.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

LEVELS = 4
SIGMA, REACH = 1.4, 4
"""Of the Gaussian gradient, px."""
WEIGHTS = {"near": 1.0, "coarse": 1.0, "sure": 0.1, "pyramid": 1.0, "gradient": 4.0, "composition": 1.0}


def laplacian_loss(found: Tensor, truth: Tensor, levels: int = LEVELS) -> Tensor:
    """Sum over levels of 2^level times the mean absolute difference of their band; N x 1 x H x W."""
    difference = found - truth
    total = difference.new_zeros(())
    for level in range(levels):
        smaller = functional.avg_pool2d(difference, 2)
        enlarged = functional.interpolate(
            smaller, size=difference.shape[-2:], mode="bilinear", align_corners=False
        )
        total = total + 2**level * (difference - enlarged).abs().mean()
        difference = smaller
    return total


def gradient_loss(found: Tensor, truth: Tensor) -> Tensor:
    """Mean squared length of the difference of Gaussian gradients, filters of unit energy; N x 1 x H x W."""
    difference = functional.pad(found - truth, (REACH,) * 4, mode="replicate")
    at = torch.arange(-REACH, REACH + 1, device=difference.device, dtype=difference.dtype)
    bell = torch.exp(-(at**2) / (2 * SIGMA**2))
    slope = at * bell
    energy = bell.norm() * slope.norm()
    across = _filter(difference, slope, bell) / energy
    down = _filter(difference, bell, slope) / energy
    return (across**2 + down**2).mean()


def _filter(values: Tensor, across: Tensor, down: Tensor) -> Tensor:
    return functional.conv2d(functional.conv2d(values, across[None, None, None]), down[None, None, :, None])


def composition_loss(found: Tensor, truth: Tensor, contrast: Tensor) -> Tensor:
    """Mean absolute error of the composite: the matte's error times |front - back| (0..1, same shape)."""
    return ((found - truth).abs() * contrast).mean()


def matte_losses(fine: Tensor, coarse: Tensor, truth: Tensor, contrast: Tensor) -> dict[str, Tensor]:
    """Every term, weighted. fine, truth, contrast N x 1 x H x W; coarse at a quarter of the size."""
    small = functional.avg_pool2d(truth, truth.shape[-1] // coarse.shape[-1])
    terms = {
        "near": (fine - truth).abs().mean(),
        "coarse": (coarse - small).abs().mean(),
        # L1 alone stops pulling once a sigmoid is flat; this term still does.
        "sure": functional.binary_cross_entropy(coarse.clamp(1e-4, 1 - 1e-4), small),
        "pyramid": laplacian_loss(fine, truth),
        "gradient": gradient_loss(fine, truth),
        "composition": composition_loss(fine, truth, contrast),
    }
    return {name: WEIGHTS[name] * value for name, value in terms.items()}


def total(terms: dict[str, Tensor]) -> Tensor:
    return torch.stack(list(terms.values())).sum()
