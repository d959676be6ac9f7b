"""RIFE: a frame between two others, at any time, by flow that is estimated where the new frame is.

Huang et al., "Real-Time Intermediate Flow Estimation for Video Frame Interpolation", ECCV 2022; the net of
release 3.9, of which the four blocks that estimate flow are used.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor

SCALES = (8, 4, 2, 1)
"""By how much the picture is shrunk for each block, coarse to fine."""
LARGEST = 1920 * 1088
"""Pixels up to which flow is estimated at a frame's own size; larger ones are halved for it, in steps."""
MULTIPLE = 32
"""Sides become multiples of this: the coarsest scale times the blocks' own two strides."""
DEPTH = 8
"""Convolutions in the middle of a block."""
PREFIX = "module."


class Rife:
    """The net with its weights on one device."""

    def __init__(self, weights: Mapping[str, Tensor], device: str = "cpu") -> None:
        """`weights` as published. Raises KeyError where they are of another release."""
        wanted = tuple(f"{PREFIX}block{number}." for number in range(len(SCALES)))
        self._weights = {
            name.removeprefix(PREFIX): tensor.float().to(device)
            for name, tensor in weights.items()
            if name.startswith(wanted)
        }
        self._weights[f"block{len(SCALES) - 1}.lastconv.weight"]  # the last one that is needed
        self._device = device

    def between(self, first: np.ndarray, second: np.ndarray, at: float) -> np.ndarray:
        """The frame at a share `at` (0..1) of the way between two of one size, RGB uint8 HWC."""
        import torch
        from torch.nn import functional

        height, width = first.shape[:2]
        halved = 1
        while height * width > LARGEST * halved**2:
            halved *= 2
        margins = (0, -width % (MULTIPLE * halved), 0, -height % (MULTIPLE * halved))
        with torch.inference_mode():
            one, two = (
                functional.pad(self._to_tensor(each), margins, mode="replicate") for each in (first, second)
            )
            flow, share = self._find_flow(resize(one, 1 / halved), resize(two, 1 / halved), at)
            flow, share = resize(flow, halved) * halved, resize(share, halved)
            drawn = warp(one, flow[:, :2]) * share + warp(two, flow[:, 2:]) * (1 - share)
            pixels = drawn[0, :, :height, :width].permute(1, 2, 0)
            return (pixels * 255).round().clamp(0, 255).byte().cpu().numpy()

    def _to_tensor(self, rgb: np.ndarray) -> Tensor:
        import torch

        tensor = torch.from_numpy(np.ascontiguousarray(rgb)).to(self._device)
        return tensor.permute(2, 0, 1)[None].float() / 255

    def _find_flow(self, first: Tensor, second: Tensor, at: float) -> tuple[Tensor, Tensor]:
        """Flow to both frames (1x4xHxW, px) and the first one's share, of 1x3xHxW in 0..1: the blocks add to
        both in turn."""
        import torch

        time = torch.full_like(first[:, :1], at)
        flow, mask = self._estimate(0, torch.cat((first, second, time), 1), None)
        for number in range(1, len(SCALES)):
            warped = warp(first, flow[:, :2]), warp(second, flow[:, 2:])
            more, other = self._estimate(number, torch.cat((*warped, time, mask), 1), flow)
            flow, mask = flow + more, mask + other
        return flow, torch.sigmoid(mask)

    def _estimate(self, number: int, given: Tensor, flow: Tensor | None) -> tuple[Tensor, Tensor]:
        """One block: flow to both frames (1x4xHxW, px) and the logit of the first one's share."""
        import torch
        from torch.nn import functional

        scale, block = SCALES[number], f"block{number}."
        given = resize(given, 1 / scale)
        if flow is not None:
            given = torch.cat((given, resize(flow, 1 / scale) / scale), 1)
        seen = self._convolve(self._convolve(given, f"{block}conv0.0", 2), f"{block}conv0.1", 2)
        deep = seen
        for layer in range(DEPTH):
            deep = self._convolve(deep, f"{block}convblock.{layer}")
        kernel, bias = (self._weights[f"{block}lastconv.{part}"] for part in ("weight", "bias"))
        found = functional.conv_transpose2d(deep + seen, kernel, bias, stride=2, padding=1)
        found = resize(found, scale * 2)
        return found[:, :4] * (scale * 2), found[:, 4:]

    def _convolve(self, given: Tensor, layer: str, stride: int = 1) -> Tensor:
        from torch.nn import functional

        kernel, bias, slope = (
            self._weights[f"{layer}.{part}"] for part in ("0.weight", "0.bias", "1.weight")
        )
        return functional.prelu(functional.conv2d(given, kernel, bias, stride=stride, padding=1), slope)


def resize(tensor: Tensor, factor: float) -> Tensor:
    """Bilinear, as the net was trained with."""
    from torch.nn import functional

    if factor == 1:
        return tensor
    return functional.interpolate(
        tensor, scale_factor=factor, mode="bilinear", align_corners=False, recompute_scale_factor=False
    )


def warp(frame: Tensor, flow: Tensor) -> Tensor:
    """The frame seen along the flow: 1xCxHxW and 1x2xHxW in px."""
    import torch
    from torch.nn import functional

    height, width = flow.shape[2:]
    x = torch.arange(width, device=flow.device) + flow[:, 0]
    y = torch.arange(height, device=flow.device)[:, None] + flow[:, 1]
    grid = torch.stack((x * (2 / (width - 1)) - 1, y * (2 / (height - 1)) - 1), -1)
    return functional.grid_sample(frame, grid, mode="bilinear", padding_mode="border", align_corners=True)
