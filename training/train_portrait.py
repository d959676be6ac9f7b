"""Train the portrait matting net: `python -m training.train_portrait --encoder FILE`.

Goes on from its last checkpoint where there is one. SIGTERM and Ctrl-C write a checkpoint first. More
`--steps` later simply go further; `--cool` lets the learning rate fall to nothing over that many last steps.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from training import checkpoints
from training.checkpoints import Average
from training.folders import portrait_cache
from training.losses import matte_losses, total
from training.portrait_data import Batch, PortraitBatches, open_sources
from training.portrait_net import PortraitNet
from training.run import Log, Stop, learning_share, pid_file
from training.step_loader import load_batches

RATE, ENCODER_RATE = 1.5e-3, 2e-4
DECAY = 0.998
CLIP = 1.0


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
    for group in optimiser.param_groups:
        group["lr"] = group["share"] * share
    half = rgb.device.type == "cuda"
    with torch.autocast(rgb.device.type, torch.bfloat16, enabled=half):
        fine, coarse = net.both(rgb)
    terms = matte_losses(fine.float(), coarse.float(), alpha, contrast)
    optimiser.zero_grad(set_to_none=True)
    total(terms).backward()
    torch.nn.utils.clip_grad_norm_([value for value in net.parameters() if value.requires_grad], CLIP)
    optimiser.step()
    return {name: float(value.detach()) for name, value in terms.items()}


def train(options: argparse.Namespace) -> None:
    """Run to `--steps` or to a signal."""
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    device = torch.device(options.device)
    net = PortraitNet()
    net.encoder.load(options.encoder)
    net = net.to(device, memory_format=torch.channels_last).train()
    optimiser, average = make_optimiser(net), Average(net, DECAY)
    latest = options.run / "latest.pt"
    first = checkpoints.resume(latest, net, optimiser, average) if latest.is_file() else 0
    sources = open_sources(options.labels, options.backgrounds)
    batches = PortraitBatches(sources, options.seed, options.batch_factor)
    log, stop, saved = Log(options.run / "log.jsonl", options.log_every), Stop(), time.monotonic()
    step = first
    for step, batch in enumerate(load_batches(batches, first, options.steps, options.workers), first + 1):
        share = learning_share(step - 1, options.steps, options.cool)
        log.add(step, take_step(net, optimiser, prepare(batch, device), share))
        average.add(net)
        if stop.asked:
            break
        if time.monotonic() - saved > options.save_minutes * 60:
            checkpoints.save(latest, step, net, optimiser, average)
            saved = time.monotonic()
    checkpoints.save(latest, step, net, optimiser, average)
    print(f"stopped after step {step}", flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    cache = portrait_cache()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--encoder", type=Path, required=True, help="EfficientNet-lite0's ImageNet weights, .pth"
    )
    parser.add_argument("--labels", type=Path, default=cache / "labels")
    parser.add_argument("--backgrounds", type=Path, default=cache / "backgrounds")
    parser.add_argument("--run", type=Path, default=cache / "run", help="folder of checkpoint and log")
    parser.add_argument("--steps", type=int, default=20_000, help="steps in all, those already done included")
    parser.add_argument(
        "--cool", type=int, default=0, help="last steps over which the learning rate falls to 0"
    )
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--batch-factor", type=int, default=1, help="multiplies every batch; 8 suits a GPU")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--workers", type=int, default=1, help="processes that make the pictures")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--log-every", type=int, default=25)
    parser.add_argument("--save-minutes", type=float, default=5)
    options = parser.parse_args(arguments)
    with pid_file(options.run):
        train(options)


if __name__ == "__main__":
    main()
