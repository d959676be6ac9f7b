# mypy: allow-subclassing-any
"""The portrait matting net: a small pyramid decoder, alpha at a quarter, then detail at full size.

The last stage sees the photo's own pixels folded into channels at half size, and unfolds its answer again
(Shi et al., "Real-Time Single Image ... Sub-Pixel Convolutional Neural Network", CVPR 2016): hair is drawn
at full size for the price of half.
"""

from __future__ import annotations

from torch import Tensor, cat, nn
from torch.nn import functional

from training.encoder import CHANNELS, Encoder

CONTEXT = 96
WIDTHS = (96, 48, 32)
"""Channels of the decoder at strides 16, 8 and 4."""
DETAIL = 24

SOFT = (0.25, 0.5, 0.25)


def separable(inputs: int, outputs: int, kernel: int = 3) -> nn.Sequential:
    """Mix channels, filter each, mix again."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
        nn.Conv2d(outputs, outputs, kernel, padding=kernel // 2, groups=outputs, bias=False),
        nn.Conv2d(outputs, outputs, 1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    )


def enlarge(x: Tensor, times: int) -> Tensor:
    return functional.interpolate(x, scale_factor=float(times), mode="bilinear", align_corners=False)


def soften(alpha: Tensor) -> Tensor:
    """Each pixel with its neighbours, 1 2 1 across and down: the trained edge is a little steeper than a true one."""
    padded = functional.pad(alpha, (1, 1, 1, 1), mode="replicate")
    return functional.conv2d(padded, alpha.new_tensor(SOFT).outer(alpha.new_tensor(SOFT))[None, None])


class Context(nn.Module):
    """The deepest map with the mean over the whole picture added: a face that fills it has no outline."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.near = nn.Conv2d(inputs, outputs, 1)
        self.far = nn.Conv2d(inputs, outputs, 1)

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(self.near(x) + self.far(x.mean(dim=(2, 3), keepdim=True)))


class Detail(nn.Module):
    """Correct an enlarged coarse matte from the photo's pixels and the shallow features."""

    def __init__(self, inputs: int) -> None:
        super().__init__()
        self.mix = separable(inputs, DETAIL)
        self.again = separable(DETAIL, DETAIL)
        self.draw = nn.Conv2d(DETAIL, 4, 1)
        nn.init.zeros_(self.draw.weight)
        nn.init.zeros_(self.draw.bias)

    def forward(self, x: Tensor) -> Tensor:
        x = self.mix(x)
        return functional.pixel_shuffle(self.draw(x + self.again(x)), 2)


class PortraitNet(nn.Module):
    """RGB N x 3 x H x W in 0..1, sides multiples of 32 -> alpha N x 1 x H x W in 0..1."""

    def __init__(self, frozen: int = 3) -> None:
        super().__init__()
        half, quarter, eighth, sixteenth, deepest = CHANNELS
        self.encoder = Encoder(frozen)
        self.context = Context(deepest, CONTEXT)
        self.at16 = separable(CONTEXT + sixteenth, WIDTHS[0], 5)
        self.at8 = separable(WIDTHS[0] + eighth, WIDTHS[1], 5)
        self.at4 = separable(WIDTHS[1] + quarter, WIDTHS[2])
        self.coarse = nn.Conv2d(WIDTHS[2], 1, 1)
        self.detail = Detail(WIDTHS[2] + half + 3 * 4 + 1)

    def forward(self, rgb: Tensor) -> Tensor:
        return soften(self.both(rgb)[0])

    def both(self, rgb: Tensor) -> tuple[Tensor, Tensor]:
        """What is trained: alpha at full size, not softened, and the coarse alpha at a quarter, both in 0..1."""
        half, quarter, eighth, sixteenth, deepest = self.encoder(rgb)
        x = self.at16(cat([enlarge(self.context(deepest), 2), sixteenth], 1))
        x = self.at8(cat([enlarge(x, 2), eighth], 1))
        x = self.at4(cat([enlarge(x, 2), quarter], 1))
        coarse = self.coarse(x)
        folded = functional.pixel_unshuffle(rgb, 2) - 0.5
        fine = self.detail(cat([enlarge(x, 2), half, folded, enlarge(coarse, 2)], 1))
        return (enlarge(coarse, 4) + fine).sigmoid(), coarse.sigmoid()
