"""Train the cartoon net from the pairs of `training.cartoon_pairs`: `python -m training.distill_cartoon`.

Goes on from its last checkpoint where there is one. SIGTERM and Ctrl-C write a checkpoint first. More `--steps`
later simply go further; `--cool` lets the learning rate fall to nothing over that many last steps. Many small
pieces teach fastest at first; larger ones later (`--side 128 --count 14`, at the end `--side 256 --count 4`)
teach what lies farther off.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from training import checkpoints
from training.cartoon_data import COUNT, HEADS, SIDE, Batch, CartoonBatches
from training.cartoon_net import CartoonNet, StyleMix
from training.checkpoints import Average
from training.folders import training_cache
from training.losses import total
from training.picture_losses import picture_losses
from training.run import Log, Stop, learning_share, pid_file
from training.step_loader import load_batches

RATE, OWN_RATE = 2e-3, 4e-4
"""What one style alone teaches is noisier than what all do."""
DECAY = 0.999
CLIP = 1.0


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
    for group in optimiser.param_groups:
        group["lr"] = group["share"] * share
    with torch.autocast(photo.device.type, torch.bfloat16):
        lines = net.lines(photo, styles)
    terms = picture_losses(net.lay(photo, lines.float()), drawing)
    optimiser.zero_grad(set_to_none=True)
    total(terms).backward()
    torch.nn.utils.clip_grad_norm_(net.parameters(), CLIP)
    optimiser.step()
    return {name: float(value.detach()) for name, value in terms.items()}


def train(options: argparse.Namespace) -> None:
    """Run to `--steps` or to a signal."""
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    device = torch.device(options.device)
    net = CartoonNet().to(device).train()
    optimiser, average = make_optimiser(net), Average(net, DECAY)
    latest = options.run / "latest.pt"
    first = checkpoints.resume(latest, net, optimiser, average) if latest.is_file() else 0
    batches = CartoonBatches(options.pairs, options.seed, options.side, options.count, options.heads)
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
    cache = training_cache("cartoon")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pairs", type=Path, default=cache / "pairs")
    parser.add_argument("--run", type=Path, default=cache / "run", help="folder of checkpoint and log")
    parser.add_argument(
        "--steps", type=int, default=100_000, help="steps in all, those already done included"
    )
    parser.add_argument(
        "--cool", type=int, default=0, help="last steps over which the learning rate falls to 0"
    )
    parser.add_argument("--side", type=int, default=SIDE, help="of the pieces, px; a multiple of 8")
    parser.add_argument("--count", type=int, default=COUNT, help="pieces in a batch")
    parser.add_argument("--heads", type=float, default=HEADS, help="share of faces among the pieces")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument(
        "--workers", type=int, default=0, help="processes that cut the pieces; 0: none but this"
    )
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--log-every", type=int, default=50)
    parser.add_argument("--save-minutes", type=float, default=5)
    options = parser.parse_args(arguments)
    with pid_file(options.run):
        train(options)


if __name__ == "__main__":
    main()
