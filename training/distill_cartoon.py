"""Train the cartoon net from the pairs of `training.cartoon_pairs`: `python -m training.distill_cartoon`.

Goes on from its last checkpoint where there is one. SIGTERM and Ctrl-C write a checkpoint first. More `--steps`
later simply go further; `--cool` lets the learning rate fall to nothing over that many last steps. Many small
pieces teach fastest at first; larger ones later (`--side 128 --count 14`, at the end `--side 256 --count 4`)
teach what lies farther off.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from training.cartoon_data import COUNT, HEADS, SIDE, Batch, CartoonBatches
from training.cartoon_net import CartoonNet, StyleMix
from training.checkpoints import Average
from training.folders import training_cache
from training.picture_losses import picture_losses
from training.run import pid_file
from training.steps import Learner, add_run_options, begin, run_steps, update

RATE, OWN_RATE = 2e-3, 4e-4
"""What one style alone teaches is noisier than what all do."""
DECAY = 0.999


def make_optimiser(net: CartoonNet) -> torch.optim.Optimizer:
    """AdamW, slower for the matrices that not all styles share."""
    own = [value for mix in net.modules() if isinstance(mix, StyleMix) for value in (mix.style, mix.own)]
    known = {id(value) for value in own}
    common = [value for value in net.parameters() if id(value) not in known]
    groups = [{"params": common, "share": RATE}, {"params": own, "share": OWN_RATE}]
    return torch.optim.AdamW(groups, lr=RATE, betas=(0.9, 0.99), weight_decay=1e-3)


def prepare(batch: Batch, device: torch.device) -> list[Tensor]:
    """uint8 -> floats in 0..1 on the device; style weights as they are."""
    photo, styles, drawing = (part.to(device, non_blocking=True) for part in batch)
    return [photo.float() / 255, styles, drawing.float() / 255]


def take_step(
    net: CartoonNet, optimiser: torch.optim.Optimizer, batch: list[Tensor], share: float
) -> dict[str, float]:
    """One update, the net's arithmetic in bfloat16; returns the loss's weighted terms."""
    photo, styles, drawing = batch
    with torch.autocast(photo.device.type, torch.bfloat16):
        lines = net.lines(photo, styles)
    terms = picture_losses(net.lay(photo, lines.float()), drawing)
    return update(net, optimiser, terms, share)


def train(options: argparse.Namespace) -> None:
    """Run to `--steps` or to a signal."""
    device = begin(options)
    net = CartoonNet().to(device).train()
    optimiser, average = make_optimiser(net), Average(net, DECAY)

    def take(step: int, batch: Batch, share: float) -> dict[str, float]:
        return take_step(net, optimiser, prepare(batch, device), share)

    batches = CartoonBatches(options.pairs, options.seed, options.side, options.count, options.heads)
    run_steps(options, Learner(net, optimiser, average), batches, take)


def main(arguments: Sequence[str] | None = None) -> None:
    cache = training_cache("cartoon")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pairs", type=Path, default=cache / "pairs")
    parser.add_argument("--side", type=int, default=SIDE, help="of the pieces, px; a multiple of 8")
    parser.add_argument("--count", type=int, default=COUNT, help="pieces in a batch")
    parser.add_argument("--heads", type=float, default=HEADS, help="share of faces among the pieces")
    add_run_options(parser, cache / "run", steps=100_000, threads=1, workers=0, log_every=50)
    options = parser.parse_args(arguments)
    with pid_file(options.run):
        train(options)


if __name__ == "__main__":
    main()
