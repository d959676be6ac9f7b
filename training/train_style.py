"""Train the style net on paintings: `python -m training.train_style --styles FOLDER --photos FOLDER...`.

Goes on from its last checkpoint where there is one. SIGTERM and Ctrl-C write a checkpoint first. More `--steps`
later simply go further; `--cool` lets the learning rate fall to nothing over that many last steps. `--base` starts
from a trained net (a checkpoint or an exported file), whose hand learns other paintings in a tenth of the time.
"""

from __future__ import annotations

import argparse
import math
import os
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import nn

from training.checkpoints import Average
from training.folders import (
    HELD_BACK,
    HELD_BACK_SCENES,
    find_pictures,
    portrait_cache,
    read_names,
    training_cache,
)
from training.run import pid_file
from training.steps import Learner, add_run_options, begin, run_steps
from training.style_base import start_from
from training.style_data import COUNT, SIDE, Batch, Sources, StyleBatches
from training.style_features import load_features
from training.style_losses import Hand, measure_hand
from training.style_motion import read_frame_pairs
from training.style_net import StyleNet
from training.style_pictures import Picture, find_styles, keep_names, read_painting
from training.style_sheet import draw_sheet, shown_photos
from training.style_step import RATE, prepare, take_step
from training.style_teacher import SIDE as WHOLE
from training.style_teacher import Teacher

DECAY = 0.998
PATIENCE = 60.0
"""Seconds for another process of the app's, which ends at its next step, to leave the folder."""
LEAST_LEAD = 0.3
HELD_BACK_CLIPS = Path(__file__).with_name("held_back_clips.txt")
FILMS = {".mp4", ".webm", ".mov", ".mkv"}


def learning_lead(step: int, lead: int) -> float:
    """How much the teacher's word counts: 1 at first, LEAST_LEAD from step `lead` on; 0 for no lead at all."""
    if lead == 0:
        return 0.0
    way = min(1.0, step / lead)
    return LEAST_LEAD + (1 - LEAST_LEAD) * 0.5 * (1 + math.cos(math.pi * way))


def measure_hands(
    features: nn.Module, paintings: Sequence[Picture], device: torch.device
) -> list[list[Hand]]:
    """Every painting's figures."""
    found = []
    for painting in paintings:
        height, width = (edge // 32 * 32 for edge in painting.shape[:2])
        pixels = torch.from_numpy(painting[:height, :width].transpose(2, 0, 1)[None] / 255).float()
        found.append(measure_hand(features, pixels.to(device)))
    return found


def open_sources(options: argparse.Namespace, paintings: Sequence[Picture]) -> Sources:
    """Photos and clips that are not held back, and the teacher if there is one."""
    held = read_names(HELD_BACK) | read_names(HELD_BACK_SCENES)
    found = find_pictures(options.photos) if options.photos else []
    photos = [path for path in found if path.stem not in held]
    films = sorted(path for folder in options.clips for path in folder.rglob("*") if path.suffix in FILMS)
    kept = [path for path in films if path.stem not in read_names(HELD_BACK_CLIPS)]
    teacher = Teacher(options.teacher, paintings) if options.teacher and options.lead else None
    return Sources(photos, read_frame_pairs(kept, WHOLE), len(paintings), teacher, options.made)


def left_alone(parent: int | None) -> bool:
    """Whether the process that started this one is gone (where the system says so)."""
    return parent is not None and os.name == "posix" and os.getppid() != parent


def train(options: argparse.Namespace) -> None:
    """Run to `--steps` or to a signal."""
    device = begin(options)
    styles = find_styles(options.styles)
    keep_names(options.run, tuple(styles))
    paintings = [read_painting(path) for path in styles.values()]
    net = StyleNet(len(styles))
    if options.base:
        start_from(net, options.base)
    net = net.to(device).train()
    optimiser = torch.optim.AdamW(
        [{"params": list(net.parameters()), "share": RATE}], lr=RATE, betas=(0.9, 0.99), weight_decay=1e-4
    )
    average = Average(net, DECAY)
    features = load_features(options.features).to(device) if options.features else None
    hands = measure_hands(features, paintings, device) if features else [[] for _ in paintings]
    batches = StyleBatches(open_sources(options, paintings), options.seed, options.side, options.count)
    samples = options.shown or options.photos
    shown = shown_photos(samples) if options.sheet_every and samples else []

    def take(step: int, batch: Batch, share: float) -> dict[str, float]:
        lead = learning_lead(step, options.lead)
        return take_step(net, optimiser, prepare(batch, device), features, hands, share, lead)

    def show(step: int) -> None:
        if shown and step % options.sheet_every == 0:
            draw_sheet(average.state, tuple(styles), paintings, shown, options.run / f"sheet-{step:06}.png")

    learner = Learner(net, optimiser, average)
    run_steps(options, learner, batches, take, after=show, asked=lambda: left_alone(options.parent))


def build_parser() -> argparse.ArgumentParser:
    cache = training_cache("style")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    add_sources(parser)
    add_pace(parser)
    add_run_options(parser, cache / "run", steps=100_000, threads=1, workers=0, log_every=25)
    return parser


def add_sources(parser: argparse.ArgumentParser) -> None:
    """Options for what is learnt from."""
    add = parser.add_argument
    add(
        "--styles",
        type=Path,
        nargs="+",
        required=True,
        help="pictures whose hand is learnt, or folders of them",
    )
    add("--photos", type=Path, nargs="*", default=[], help="folders of photos, of people and of places")
    add("--clips", type=Path, nargs="*", default=[], help="folders of films, for steadiness")
    add(
        "--features",
        type=Path,
        help="EfficientNet-lite0's ImageNet weights, or a VGG's as torchvision stores it; where neither is given "
        "nor kept from the portrait net's training, the teacher's word is all",
    )
    add(
        "--teacher",
        type=Path,
        help="folder with the arbitrary net's two graphs, for a first idea of the look",
    )
    add(
        "--made",
        type=float,
        default=0.0,
        help="share of made-up pictures among the photos; all without photos",
    )


def add_pace(parser: argparse.ArgumentParser) -> None:
    """Options for how it is learnt and shown."""
    add = parser.add_argument
    add(
        "--lead",
        type=int,
        default=3000,
        help="steps over which the teacher's word loses weight; 0: not asked",
    )
    add("--base", type=Path, help="start from this net: a checkpoint or an exported file")
    add("--side", type=int, default=SIDE, help="of the pieces, px; a multiple of 32 up to 384")
    add("--count", type=int, default=COUNT, help="samples in a batch, two frames each")
    add("--sheet-every", type=int, default=500, help="steps between two sample sheets; 0: none")
    add(
        "--shown",
        type=Path,
        nargs="*",
        default=[],
        help="folders of the sheet's photos; else some of --photos",
    )
    add("--parent", type=int, help="stop, as by a signal, when this is no longer the parent process")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = build_parser()
    options = parser.parse_args(arguments)
    kept = portrait_cache() / "efficientnet-lite0-57934424.pth"
    options.features = options.features or (kept if kept.is_file() else None)
    if options.features is None and not (options.teacher and options.lead):
        parser.error("give --features, or a --teacher to learn from")
    # a run of the app's may not have noticed yet that its parent has gone
    with pid_file(options.run, patience=PATIENCE if options.parent else 0.0):
        train(options)


if __name__ == "__main__":
    main()
