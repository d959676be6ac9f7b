"""A training run's state on disk: everything that going on needs, written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

Net = TypeVar("Net", bound=nn.Module)


class Average:
    """Exponential moving average of a net's weights and statistics; early steps count less."""

    def __init__(self, net: nn.Module, decay: float) -> None:
        self.decay = decay
        self.steps = 0
        self.state = {name: value.detach().clone() for name, value in net.state_dict().items()}

    def add(self, net: nn.Module) -> None:
        """Take in the net as it is now."""
        self.steps += 1
        keep = min(self.decay, self.steps / (self.steps + 10))
        for name, value in net.state_dict().items():
            kept = self.state[name]
            if kept.dtype.is_floating_point:
                kept.lerp_(value.detach(), 1 - keep)
            else:
                kept.copy_(value)


def save(path: Path, step: int, net: nn.Module, optimiser: torch.optim.Optimizer, average: Average) -> None:
    """Write to a temporary name, then rename."""
    state = {
        "step": step,
        "net": net.state_dict(),
        "optimiser": optimiser.state_dict(),
        "average": average.state,
        "averaged": average.steps,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    os.replace(partial, path)


def resume(path: Path, net: nn.Module, optimiser: torch.optim.Optimizer, average: Average) -> int:
    """Restore a saved state in place; returns the number of steps done."""
    state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    net.load_state_dict(state["net"])
    shares = [group.get("share") for group in optimiser.param_groups]
    optimiser.load_state_dict(state["optimiser"])
    for group, share in zip(optimiser.param_groups, shares, strict=True):
        group.setdefault("share", share)  # the style net's older checkpoints have none
    for name, value in state["average"].items():
        average.state[name].copy_(value)
    average.steps = int(state["averaged"])
    return int(state["step"])


def read_average(path: Path) -> dict[str, Tensor]:
    """The averaged weights of a checkpoint: what is evaluated and exported."""
    found: dict[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)["average"]
    return found


def load_averaged(net: Net, checkpoint: Path) -> Net:
    """Give a net the averaged weights of a checkpoint; it is ready to be asked."""
    net.load_state_dict(read_average(checkpoint))
    net.train(False)
    return net


def read_step(path: Path) -> int:
    """How many steps a checkpoint has behind it."""
    return int(torch.load(path, map_location="cpu", weights_only=True)["step"])
