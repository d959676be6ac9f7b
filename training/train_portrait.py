"""Train the portrait matting net: `python -m training.train_portrait --encoder FILE`.

Goes on from its last checkpoint where there is one. SIGTERM and Ctrl-C write a checkpoint first. More
`--steps` later simply go further; `--cool` lets the learning rate fall to nothing over that many last steps.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from training.checkpoints import Average
from training.folders import portrait_cache
from training.losses import matte_losses
from training.portrait_data import Batch, PortraitBatches, open_sources
from training.portrait_net import PortraitNet
from training.run import pid_file
from training.steps import Learner, add_run_options, begin, run_steps, update

RATE, ENCODER_RATE = 1.5e-3, 2e-4
DECAY = 0.998


def make_optimiser(net: PortraitNet) -> torch.optim.Optimizer:
    """AdamW, slower for the encoder, which knows much already."""
    encoder = [value for value in net.encoder.parameters() if value.requires_grad]
    known = {id(value) for value in net.encoder.parameters()}
    decoder = [value for value in net.parameters() if id(value) not in known]
    groups = [{"params": decoder, "share": RATE}, {"params": encoder, "share": ENCODER_RATE}]
    return torch.optim.AdamW(groups, lr=RATE, weight_decay=1e-2)


def prepare(batch: Batch, device: torch.device) -> list[Tensor]:
    """uint8 -> floats in 0..1 on the device."""
    rgb, alpha, contrast = (part.to(device, non_blocking=True).float() / 255 for part in batch)
    return [rgb.contiguous(memory_format=torch.channels_last), alpha, contrast]


def take_step(
    net: PortraitNet, optimiser: torch.optim.Optimizer, batch: list[Tensor], share: float
) -> dict[str, float]:
    """One update; returns the loss's weighted terms."""
    rgb, alpha, contrast = batch
    half = rgb.device.type == "cuda"
    with torch.autocast(rgb.device.type, torch.bfloat16, enabled=half):
        fine, coarse = net.both(rgb)
    terms = matte_losses(fine.float(), coarse.float(), alpha, contrast)
    return update(net, optimiser, terms, share)


def train(options: argparse.Namespace) -> None:
    """Run to `--steps` or to a signal."""
    device = begin(options)
    net = PortraitNet()
    net.encoder.load(options.encoder)
    net = net.to(device, memory_format=torch.channels_last).train()
    optimiser, average = make_optimiser(net), Average(net, DECAY)
    sources = open_sources(options.labels, options.backgrounds)

    def take(step: int, batch: Batch, share: float) -> dict[str, float]:
        return take_step(net, optimiser, prepare(batch, device), share)

    batches = PortraitBatches(sources, options.seed, options.batch_factor)
    run_steps(options, Learner(net, optimiser, average), batches, take)


def main(arguments: Sequence[str] | None = None) -> None:
    cache = portrait_cache()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--encoder", type=Path, required=True, help="EfficientNet-lite0's ImageNet weights, .pth"
    )
    parser.add_argument("--labels", type=Path, default=cache / "labels")
    parser.add_argument("--backgrounds", type=Path, default=cache / "backgrounds")
    parser.add_argument("--batch-factor", type=int, default=1, help="multiplies every batch; 8 suits a GPU")
    add_run_options(parser, cache / "run", steps=20_000, threads=2, workers=1, log_every=25)
    options = parser.parse_args(arguments)
    with pid_file(options.run):
        train(options)


if __name__ == "__main__":
    main()
