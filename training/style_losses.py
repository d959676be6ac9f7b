"""What a painting is scored by in training: what it shows, whose hand it is, its lines, its calm, its steadiness.

Content and style by features (Gatys et al., CVPR 2016; Johnson et al., ECCV 2016), each channel measured in the
painting's own spread so that none drowns the others; steadiness as in Ruder et al., "Artistic Style Transfer for
Videos", GCPR 2016, with the exception that light and noise that come and go must not change the strokes either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.picture_losses import line_loss
from training.style_features import CONTENT

WEIGHTS = {
    "taught": 6.0,
    "content": 0.3,
    "style": 5.0,
    "steady": 3.0,
    "edges": 1.0,
    "calm": 0.1,
}
EPSILON = 1e-3
PATCH, GRAIN_LEVELS = 4, 4
"""Side of the places whose roughness is compared, px, and at how many sizes of the picture, each half the last."""
LUMA = (0.299, 0.587, 0.114)
MOST = 20.0
"""A style's distance counts in full up to this; beyond, a channel gone astray would outweigh all others."""


@dataclass(frozen=True)
class Hand:
    """A painting's own figures at one level: means and spreads 1 x C x 1 x 1, correlations C x C."""

    mean: Tensor
    spread: Tensor
    together: Tensor


def measure_hand(features: nn.Module, painting: Tensor) -> list[Hand]:
    """The figures of a painting, 1 x 3 x H x W in 0..1, at every level."""
    with torch.no_grad():
        maps = [level.float() for level in features(painting)]
    hands = []
    for level in maps:
        mean = level.mean(dim=(2, 3), keepdim=True)
        spread = level.std(dim=(2, 3), keepdim=True) + EPSILON
        hands.append(Hand(mean, spread, correlate((level - mean) / spread)[0]))
    return hands


def correlate(level: Tensor) -> Tensor:
    """N x C x H x W -> N x C x C, the channels' mean products."""
    flat = level.flatten(2)
    return flat @ flat.transpose(1, 2) / flat.shape[2]


def style_loss(maps: Sequence[Tensor], hands: Sequence[Sequence[Hand]]) -> Tensor:
    """How far each picture's means, spreads and correlations are from its painting's; `hands` one list a picture."""
    found = maps[0].new_zeros(())
    for place, level in enumerate(maps):
        mean = torch.cat([each[place].mean for each in hands])
        spread = torch.cat([each[place].spread for each in hands])
        together = torch.stack([each[place].together for each in hands])
        centred = (level - mean) / spread
        means = centred.mean(dim=(2, 3))
        spreads = (level.std(dim=(2, 3), keepdim=True) + EPSILON) / spread - 1
        mixed = correlate(centred) - together
        found = found + soften(means**2) + soften(spreads**2) + 0.5 * level.shape[1] ** 0.5 * soften(mixed**2)
    return found / len(maps)


def soften(squares: Tensor) -> Tensor:
    """Mean of squares, those far out counted by their root only."""
    return (MOST * torch.log1p(squares / MOST)).mean()


def content_loss(found: Tensor, photo: Tensor) -> Tensor:
    """Mean squared difference of features, each channel freed of its mean and spread: colours may change."""
    return functional.mse_loss(functional.instance_norm(found), functional.instance_norm(photo))


def slopes(rgb: Tensor) -> Tensor:
    """How steep the brightness is at each pixel, N x 1 x H-1 x W-1."""
    grey = (rgb * rgb.new_tensor(LUMA)[:, None, None]).sum(dim=1, keepdim=True)
    across = grey[..., :-1, 1:] - grey[..., :-1, :-1]
    down = grey[..., 1:, :-1] - grey[..., :-1, :-1]
    return (across**2 + down**2 + 1e-6).sqrt()


def edge_loss(found: Tensor, photo: Tensor) -> Tensor:
    """How much of the photo's strong edges the painting lost, at half size; strokes of its own are free."""
    wanted, drawn = (slopes(functional.avg_pool2d(each, 2)) for each in (photo, found))
    return (wanted * functional.relu(wanted - drawn)).mean() * 100


def steady_loss(before: Tensor, after: Tensor, origin: Tensor, sure: Tensor) -> Tensor:
    """Mean absolute change of what only moved. Paintings N x 3 x H x W; the rest as in training.style_data."""
    carried = functional.grid_sample(before, origin, padding_mode="border", align_corners=True)
    return (sure * (after - carried).abs()).sum() / (3 * sure.sum()).clamp_min(1)


def taught_loss(found: Tensor, taught: Tensor) -> Tensor:
    """Colours at three sizes, and how rough each place is, against what the teacher painted.

    Where each of its fine strokes lies can't be learnt: asked for pixel by pixel, their mean would come, a grey.
    """
    difference = found - taught
    half = functional.avg_pool2d(difference, 2)
    colours = 0.3 * difference.abs().mean() + half.abs().mean() + functional.avg_pool2d(half, 2).abs().mean()
    pairs = zip(measure_grain(found), measure_grain(taught), strict=True)
    return colours + 2 * torch.stack([(ours - theirs).abs().mean() for ours, theirs in pairs]).sum()


def measure_grain(rgb: Tensor) -> list[Tensor]:
    """How much of each place's detail, in light and in hue, would be lost at half the size, at a quarter and on."""
    grain = []
    x = torch.cat([rgb, rgb - rgb.roll(1, dims=1)], dim=1)
    for _ in range(GRAIN_LEVELS):
        smaller = functional.avg_pool2d(x, 2)
        detail = x - functional.interpolate(smaller, scale_factor=2.0, mode="nearest")
        grain.append(functional.avg_pool2d(detail.abs(), PATCH))
        x = smaller
    return grain


def compare_features(
    painted: Tensor, photos: Tensor, features: nn.Module, hands: Sequence[Sequence[Hand]]
) -> dict[str, Tensor]:
    """What is shown and whose hand it is, the features' arithmetic in bfloat16."""
    with torch.autocast(painted.device.type, torch.bfloat16):
        with torch.no_grad():
            seen = features(photos)[CONTENT]
        maps = features(painted)
    maps = [level.float() for level in maps]
    return {"content": content_loss(maps[CONTENT], seen.float()), "style": style_loss(maps, hands)}


def painting_losses(
    painted: Mapping[str, Tensor],
    batch: Mapping[str, Tensor],
    features: nn.Module | None,
    hands: Sequence[Sequence[Hand]],
    lead: float = 1.0,
) -> dict[str, Tensor]:
    """Every term, weighted. `painted` and `batch` hold before and after in 0..1; `hands` are those of the batch's
    styles; `lead`, 0..1, how much the teacher's word counts. Without features the teacher's word is all."""
    both = torch.cat([painted["before"], painted["after"]])
    photos = torch.cat([batch["before"], batch["after"]])
    terms = {
        "steady": steady_loss(painted["before"], painted["after"], batch["origin"], batch["sure"]),
        "edges": edge_loss(both, photos),
        "calm": line_loss(both),
    }
    if features is not None:
        terms |= compare_features(both, photos, features, [*hands, *hands])
    if "taught" in batch and lead > 0:
        terms["taught"] = lead * taught_loss(painted["before"], batch["taught"])
    return {name: WEIGHTS[name] * value for name, value in terms.items()}
