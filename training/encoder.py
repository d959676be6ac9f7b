# mypy: allow-subclassing-any
"""EfficientNet-lite0's first stages as a pyramid of features, with its ImageNet weights read from a file.

Tan and Le, "EfficientNet", ICML 2019; the lite variant has no squeeze-and-excitation and ReLU6. Layers are
named as in the published weights, so that a file loads as it is.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

EPSILON = 1e-3
STEM = 32
BLOCKS: tuple[tuple[int, int, int, int], ...] = (
    (16, 3, 1, 1),
    (24, 3, 2, 6),
    (24, 3, 1, 6),
    (40, 5, 2, 6),
    (40, 5, 1, 6),
    (80, 3, 2, 6),
    (80, 3, 1, 6),
    (80, 3, 1, 6),
    (112, 5, 1, 6),
    (112, 5, 1, 6),
    (112, 5, 1, 6),
    (192, 5, 2, 6),
    (192, 5, 1, 6),
)
"""Channels out, kernel, stride and expansion of each block; the published net has three more."""
TAPS = (0, 2, 4, 10, 12)
"""Blocks whose outputs are the pyramid: strides 2, 4, 8, 16, 32."""
CHANNELS = tuple(BLOCKS[tap][0] for tap in TAPS)


class SamePadded(nn.Conv2d):
    """A convolution padded as TensorFlow's SAME for even inputs: strided ones below and right first."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1) -> None:
        padding = kernel // 2 if stride == 1 else 0
        super().__init__(inputs, outputs, kernel, stride, padding, groups=groups, bias=False)
        before = (kernel - stride) // 2
        self.edges = (before, kernel - stride - before) if stride > 1 else (0, 0)

    def forward(self, input: Tensor) -> Tensor:
        if any(self.edges):
            input = functional.pad(input, self.edges * 2)
        return super().forward(input)


class Block(nn.Module):
    """Inverted residual: widen, filter each channel, narrow."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        wide = inputs * expansion
        self._widens = expansion > 1
        self._adds = stride == 1 and inputs == outputs
        if self._widens:
            self._expand_conv = SamePadded(inputs, wide, 1)
            self._bn0 = nn.BatchNorm2d(wide, eps=EPSILON)
        self._depthwise_conv = SamePadded(wide, wide, kernel, stride, wide)
        self._bn1 = nn.BatchNorm2d(wide, eps=EPSILON)
        self._project_conv = SamePadded(wide, outputs, 1)
        self._bn2 = nn.BatchNorm2d(outputs, eps=EPSILON)

    def forward(self, x: Tensor) -> Tensor:
        y = functional.relu6(self._bn0(self._expand_conv(x))) if self._widens else x
        y = functional.relu6(self._bn1(self._depthwise_conv(y)))
        y = self._bn2(self._project_conv(y))
        return x + y if self._adds else y


class Encoder(nn.Module):
    """RGB N x 3 x H x W in 0..1, sides multiples of 32 -> five maps at strides 2, 4, 8, 16 and 32."""

    def __init__(self, frozen: int = 3) -> None:
        """`frozen`: the stem and that many blocks are never trained."""
        super().__init__()
        self._conv_stem = SamePadded(3, STEM, 3, 2)
        self._bn0 = nn.BatchNorm2d(STEM, eps=EPSILON)
        widths = [STEM, *(row[0] for row in BLOCKS)]
        self._blocks = nn.ModuleList(Block(widths[i], *row) for i, row in enumerate(BLOCKS))
        self._frozen = frozen
        for layer in (self._conv_stem, self._bn0, *self._blocks[:frozen]):
            layer.requires_grad_(False)

    def forward(self, rgb: Tensor) -> list[Tensor]:
        x = (rgb * 255 - 127) / 128
        x = functional.relu6(self._bn0(self._conv_stem(x)))
        maps = []
        for index, block in enumerate(self._blocks):
            x = block(x)
            if index in TAPS:
                maps.append(x)
        return maps

    def train(self, mode: bool = True) -> Encoder:
        """Batch statistics stay ImageNet's: small batches of close-ups would spoil them."""
        return super().train(False)

    def load(self, path: Path) -> None:
        """Read the published weights. Raises RuntimeError where the file lacks a layer."""
        stored = torch.load(path, map_location="cpu", weights_only=True)
        own = self.state_dict()
        missing = sorted(set(own) - set(stored))
        if missing:
            raise RuntimeError(f"{path} lacks {missing[0]} and {len(missing) - 1} more layers")
        self.load_state_dict({name: stored[name] for name in own})
