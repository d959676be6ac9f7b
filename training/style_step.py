"""One step of the style net's training."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.steps import update
from training.style_data import Batch
from training.style_losses import Hand, painting_losses
from training.style_net import StyleNet

RATE = 2e-3


def prepare(batch: Batch, device: torch.device) -> Batch:
    """Pictures as floats in 0..1 on the device; the rest as it is."""
    moved = {name: value.to(device, non_blocking=True) for name, value in batch.items()}
    pictures = {name: value.float() / 255 for name, value in moved.items() if value.dtype == torch.uint8}
    return moved | pictures


def paint_both(net: StyleNet, batch: Batch) -> dict[str, Tensor]:
    """Both frames of each sample in its style."""
    shares = functional.one_hot(batch["style"], net.vectors.shape[0]).float()
    both = net(torch.cat([batch["before"], batch["after"]]), torch.cat([shares, shares])).float()
    before, after = both.chunk(2)
    return {"before": before, "after": after}


def take_step(
    net: StyleNet,
    optimiser: torch.optim.Optimizer,
    batch: Batch,
    features: nn.Module | None,
    hands: Sequence[Sequence[Hand]],
    share: float,
    lead: float,
) -> dict[str, float]:
    """One update, the nets' arithmetic in bfloat16; returns the loss's weighted terms."""
    with torch.autocast(batch["before"].device.type, torch.bfloat16):
        painted = paint_both(net, batch)
    wanted = [hands[style] for style in batch["style"].tolist()]
    terms = painting_losses(painted, batch, features, wanted, lead)
    return update(net, optimiser, terms, share)
