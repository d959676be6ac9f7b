# mypy: allow-subclassing-any
"""The style net: any number of paintings, and everything between them, by one net that is quick enough for a camera.

Features by inverted residuals (Sandler et al., "MobileNetV2", CVPR 2018) at a half to a sixteenth of the size,
brought together at a quarter and an eighth by depthwise separable convolutions. A style is a vector; it sets mean
and spread of every channel (Huang and Belongie, "Arbitrary Style Transfer in Real-time with Adaptive Instance
Normalization", ICCV 2017), so that a blend of vectors is a blend of styles. The picture is drawn at half size, four
pixels at a time (Shi et al., CVPR 2016).
"""

from __future__ import annotations

import torch
from torch import Tensor, cat, nn
from torch.nn import functional

HALF, QUARTER, EIGHTH, SIXTEENTH = 16, 24, 48, 96
"""Channels of the features at each share of the photo's size."""
DEEP, WIDE, FINE = 128, 64, 24
"""Channels of what is painted at an eighth, at a quarter and at half the size."""
BELOW, ABOVE = 5, 4
"""Blocks that paint at an eighth and at a quarter."""
EXPANSION = 4
VECTOR = 64
"""Numbers that a style is."""
SLOPE = 0.2
MULTIPLE = 16
"""Sides of the input must be multiples of this."""
EPSILON = 1e-3


def activate(x: Tensor) -> Tensor:
    """Leaky: the features have no normalisation, and plain ReLUs would die in numbers."""
    return functional.leaky_relu(x, SLOPE)


class Inverted(nn.Module):
    """Widen, look around in each channel, narrow; added to what came in where the shapes allow."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        wide = inputs * EXPANSION
        self.widen = nn.Conv2d(inputs, wide, 1)
        self.look = nn.Conv2d(wide, wide, 3, stride, 1, groups=wide)
        self.narrow = nn.Conv2d(wide, outputs, 1)
        self.adds = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        y = self.narrow(activate(self.look(activate(self.widen(x)))))
        return x + y if self.adds else y


class Styled(nn.Module):
    """Give every channel the mean and spread that the style asks for."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.ask = nn.Linear(VECTOR, 2 * channels)
        nn.init.normal_(self.ask.weight, std=0.05)
        nn.init.zeros_(self.ask.bias)

    def forward(self, x: Tensor, vector: Tensor) -> Tensor:
        spread, mean = self.ask(vector)[:, :, None, None].chunk(2, 1)
        return functional.instance_norm(x, eps=EPSILON) * (1 + spread) + mean


class Paint(nn.Module):
    """Look around in each channel, mix the channels, in the style; added where the shapes allow."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 3) -> None:
        super().__init__()
        self.look = nn.Conv2d(inputs, inputs, kernel, padding=kernel // 2, groups=inputs)
        self.mix = nn.Conv2d(inputs, outputs, 1)
        self.styled = Styled(outputs)
        self.adds = inputs == outputs

    def forward(self, x: Tensor, vector: Tensor) -> Tensor:
        y = activate(self.styled(self.mix(self.look(x)), vector))
        return x + y if self.adds else y


def enlarge(x: Tensor) -> Tensor:
    return functional.interpolate(x, scale_factor=2.0, mode="nearest")


class StyleNet(nn.Module):
    """RGB N x 3 x H x W in 0..1, sides multiples of 16, and shares of its styles N x S -> RGB of the same size."""

    def __init__(self, styles: int) -> None:
        super().__init__()
        self.vectors = nn.Parameter(torch.randn(styles, VECTOR))
        self.enter = nn.Conv2d(12, HALF, 3, 1, 1)
        self.to_quarter = nn.Sequential(Inverted(HALF, QUARTER, 2), Inverted(QUARTER, QUARTER, 1))
        self.to_eighth = nn.Sequential(Inverted(QUARTER, EIGHTH, 2), Inverted(EIGHTH, EIGHTH, 1))
        self.to_sixteenth = nn.Sequential(Inverted(EIGHTH, SIXTEENTH, 2), Inverted(SIXTEENTH, SIXTEENTH, 1))
        self.fuse_below = Paint(SIXTEENTH + EIGHTH, DEEP)
        self.below = nn.ModuleList(Paint(DEEP, DEEP, 5) for _ in range(BELOW))
        self.fuse_above = Paint(DEEP + QUARTER, WIDE)
        self.above = nn.ModuleList(Paint(WIDE, WIDE) for _ in range(ABOVE))
        self.unfold = nn.Conv2d(WIDE, 4 * FINE, 1)
        self.fine = Paint(FINE + HALF, FINE)
        self.draw = nn.Conv2d(FINE, 12, 3, padding=1)
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight, SLOPE)
                nn.init.zeros_(layer.bias)

    def forward(self, rgb: Tensor, shares: Tensor) -> Tensor:
        """The painting in 0..1."""
        return self.paint(rgb, shares @ self.vectors)

    def paint(self, rgb: Tensor, vector: Tensor) -> Tensor:
        """The same from a style's own numbers, N x VECTOR."""
        half = activate(self.enter(functional.pixel_unshuffle(rgb - 0.5, 2)))
        quarter = self.to_quarter(half)
        eighth = self.to_eighth(quarter)
        x = self.fuse_below(cat([enlarge(self.to_sixteenth(eighth)), eighth], 1), vector)
        for block in self.below:
            x = block(x, vector)
        x = self.fuse_above(cat([enlarge(x), quarter], 1), vector)
        for block in self.above:
            x = block(x, vector)
        x = functional.pixel_shuffle(self.unfold(x), 2)
        x = self.fine(cat([x, half], 1), vector)
        return functional.pixel_shuffle(self.draw(x), 2).sigmoid()
