# mypy: allow-subclassing-any
"""The cartoon net: fourteen drawings and everything between them by one small net.

The published nets end in a guided filter (He et al., "Guided Image Filtering", TPAMI 2013), so what they draw
is, near every pixel, a gain on the photo and an offset. Both change slowly: this net finds them at half size and
lays them on the photo's own pixels. Its work is done at a quarter and an eighth of the size: a 3 x 3 filter for
each channel, the same for all styles, then a mixing of the channels that is a style's own. A mix of styles mixes
those matrices (Yang et al., "CondConv", NeurIPS 2019), at no cost per pixel.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from pipelines.cartoon.options import STYLES
from training.cartoon_targets import PARTS, TARGETS

HALF, QUARTER, EIGHTH = 16, 64, 128
"""Channels at each share of the photo's size."""
BEFORE, BELOW, AFTER, LAST = 3, 8, 6, 1
"""Blocks at a quarter, at an eighth, at a quarter again, and at half the size."""
SLOPE = 0.2
MULTIPLE = 8
"""Sides of the input must be multiples of this."""


class StyleMix(nn.Module):
    """Mix channels by a matrix that depends on the style.

    It is a sum of what all drawings share, what the two parts of a style share, and each drawing's own, so that
    every picture teaches the others too.
    """

    def __init__(self, inputs: int, outputs: int, gain: float = 1.0) -> None:
        super().__init__()
        self.shared = nn.Parameter(torch.randn(outputs, inputs) * gain * (2 / inputs) ** 0.5)
        self.style = nn.Parameter(torch.zeros(len(STYLES), outputs, inputs))
        self.own = nn.Parameter(torch.zeros(len(TARGETS), outputs, inputs))
        self.bias = nn.Parameter(torch.zeros(len(TARGETS), outputs))

    def matrices(self) -> Tensor:
        """Each drawing's whole matrix: 14 x outputs x inputs."""
        return self.shared + self.style.repeat(len(PARTS), 1, 1) + self.own

    def forward(self, x: Tensor, styles: Tensor) -> Tensor:
        """N x inputs x H x W and N x 14 -> N x outputs x H x W."""
        outputs, inputs = self.shared.shape
        matrix = (styles @ self.matrices().flatten(1)).reshape(-1, outputs, inputs)
        return mix_channels(x, matrix, styles @ self.bias)


def mix_channels(x: Tensor, matrix: Tensor, bias: Tensor) -> Tensor:
    """N x inputs x H x W by N x outputs x inputs, plus N x outputs: each picture has a matrix of its own."""
    mixed = matrix @ x.flatten(2) + bias[..., None]
    return mixed.reshape(x.shape[0], matrix.shape[1], x.shape[2], x.shape[3])


def activate(x: Tensor) -> Tensor:
    """Leaky, as in the published nets: without normalisation plain ReLUs die in numbers."""
    return functional.leaky_relu(x, SLOPE)


class Block(nn.Module):
    """Look around in each channel, then mix the channels in the style, added to what came in."""

    def __init__(self, channels: int, kernel: int = 3) -> None:
        super().__init__()
        self.look = nn.Conv2d(channels, channels, kernel, padding=kernel // 2, groups=channels)
        self.mix = StyleMix(channels, channels, 0.3)

    def forward(self, x: Tensor, styles: Tensor) -> Tensor:
        return x + self.mix(activate(self.look(x)), styles)


def enlarge(x: Tensor) -> Tensor:
    return functional.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)


class CartoonNet(nn.Module):
    """RGB N x 3 x H x W in 0..1, sides multiples of 8, and style weights N x 14 -> RGB of the same size."""

    def __init__(self) -> None:
        super().__init__()
        self.enter = nn.Conv2d(3, HALF, 3, 2, 1)
        self.enter_again = nn.Conv2d(HALF, QUARTER, 3, 2, 1)
        self.before = nn.ModuleList(Block(QUARTER) for _ in range(BEFORE))
        self.shrink = nn.Conv2d(QUARTER, EIGHTH, 2, 2)
        self.below = nn.ModuleList(Block(EIGHTH) for _ in range(BELOW))
        self.rise = StyleMix(EIGHTH, QUARTER)
        self.after = nn.ModuleList(Block(QUARTER) for _ in range(AFTER))
        self.unfold = StyleMix(QUARTER, 4 * HALF)
        self.last = nn.ModuleList(Block(HALF) for _ in range(LAST))
        self.draw = StyleMix(HALF, 6, 0.0)
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight, SLOPE)
                nn.init.zeros_(layer.bias)

    def forward(self, rgb: Tensor, styles: Tensor) -> Tensor:
        """The drawing in 0..1."""
        return self.lay(rgb, self.lines(rgb, styles)).clamp(0, 1)

    def lay(self, rgb: Tensor, lines: Tensor) -> Tensor:
        """The drawing from what `lines` found, before it is cut to 0..1."""
        gain, offset = enlarge(lines).chunk(2, 1)
        return rgb + gain * (rgb - 0.5) + offset

    def lines(self, rgb: Tensor, styles: Tensor) -> Tensor:
        """Gain (less 1) and offset of each colour at half size: N x 6 x H/2 x W/2."""
        half = activate(self.enter(rgb - 0.5))
        x = self.enter_again(half)
        for block in self.before:
            x = block(x, styles)
        below = self.shrink(x)
        for block in self.below:
            below = block(below, styles)
        x = x + enlarge(self.rise(below, styles))
        for block in self.after:
            x = block(x, styles)
        half = half + functional.pixel_shuffle(self.unfold(x, styles), 2)
        for block in self.last:
            half = block(half, styles)
        return self.draw(activate(half), styles)
