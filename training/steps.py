"""The loop that every training has: from its last checkpoint on, step after step, to its end or to a signal."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import Dataset

from training import checkpoints
from training.checkpoints import Average
from training.losses import total
from training.run import Log, Stop, learning_share
from training.step_loader import load_batches

CLIP = 1.0
LATEST, LOG = "latest.pt", "log.jsonl"
Take = Callable[[int, Any, float], dict[str, float]]
"""Takes a step by its number, batch and share of the full learning rate; returns the loss's weighted terms."""


@dataclass(frozen=True)
class Learner:
    """What a checkpoint holds."""

    net: nn.Module
    optimiser: torch.optim.Optimizer
    average: Average


def run_steps(
    options: argparse.Namespace,
    learner: Learner,
    batches: Dataset[Any],
    take: Take,
    *,
    after: Callable[[int], None] = lambda step: None,
    asked: Callable[[], bool] = lambda: False,
) -> None:
    """Run to `--steps`, to a signal or until `asked`; `after` is called between steps. See `add_run_options`."""
    parts, latest = (learner.net, learner.optimiser, learner.average), options.run / LATEST
    first = checkpoints.resume(latest, *parts) if latest.is_file() else 0
    log, stop, saved = Log(options.run / LOG, options.log_every), Stop(), time.monotonic()
    step = first
    for step, batch in enumerate(load_batches(batches, first, options.steps, options.workers), first + 1):
        log.add(step, take(step, batch, learning_share(step - 1, options.steps, options.cool)))
        learner.average.add(learner.net)
        if stop.asked or asked():
            break
        after(step)
        if time.monotonic() - saved > options.save_minutes * 60:
            checkpoints.save(latest, step, *parts)
            saved = time.monotonic()
    checkpoints.save(latest, step, *parts)
    print(f"stopped after step {step}", flush=True)


def update(
    net: nn.Module, optimiser: torch.optim.Optimizer, terms: dict[str, Tensor], share: float
) -> dict[str, float]:
    """One update by a loss's weighted terms, at a share of each group's full rate, which it has as `share`; the
    terms as numbers."""
    for group in optimiser.param_groups:
        group["lr"] = group["share"] * share
    optimiser.zero_grad(set_to_none=True)
    total(terms).backward()
    nn.utils.clip_grad_norm_([value for value in net.parameters() if value.requires_grad], CLIP)
    optimiser.step()
    return {name: float(value.detach()) for name, value in terms.items()}


def add_run_options(
    parser: argparse.ArgumentParser, run: Path, *, steps: int, threads: int, workers: int, log_every: int
) -> None:
    """The options of every training, with its own defaults; `run`: its folder."""
    add = parser.add_argument
    add("--run", type=Path, default=run, help="folder of checkpoint and log")
    add("--steps", type=int, default=steps, help="steps in all, those already done included")
    add("--cool", type=int, default=0, help="last steps over which the learning rate falls to 0")
    add("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    add("--threads", type=int, default=threads)
    add("--workers", type=int, default=workers, help="processes that make the batches; 0: none but this")
    add("--seed", type=int, default=7)
    add("--log-every", type=int, default=log_every)
    add("--save-minutes", type=float, default=5)


def begin(options: argparse.Namespace) -> torch.device:
    """Set threads and seed as the options say; the device."""
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    return torch.device(options.device)
