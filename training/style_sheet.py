"""Sample sheets of a style net: the paintings, and below them held-back photos in each one's hand. A single painting
stands beside the photos, which are painted below themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.cartoon_crops import read_photo
from training.contact_sheet import grid, tile
from training.folders import pick_held_back
from training.style_net import MULTIPLE, StyleNet

Picture = NDArray[np.uint8]
TILE = 240
LONGER = 384
"""Longer side of the photos that are painted, px: a camera frame's."""
SHOWN = 3


def shown_photos(folders: Sequence[Path]) -> list[Picture]:
    """A few held-back photos, or any where none is held back, as a camera would give them."""
    return [fit_frame(read_photo(path)) for path in pick_held_back(folders, SHOWN)]


def fit_frame(rgb: Picture, longer: int = LONGER) -> Picture:
    """A photo at a camera frame's size, sides multiples of what the net takes."""
    scale = longer / max(rgb.shape[:2])
    size = [max(MULTIPLE, round(edge * scale / MULTIPLE) * MULTIPLE) for edge in rgb.shape[1::-1]]
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)


def paint_all(net: StyleNet, rgb: Picture) -> list[Picture]:
    """A photo in every style of a net."""
    pixels = torch.from_numpy(rgb.transpose(2, 0, 1)[None] / 255).float()
    painted = []
    with torch.no_grad():
        for shares in torch.eye(net.vectors.shape[0]):
            found = net(pixels, shares[None])[0].numpy().transpose(1, 2, 0)
            painted.append(np.rint(found * 255).astype(np.uint8))
    return painted


def draw_sheet(
    state: Mapping[str, Tensor],
    names: Sequence[str],
    paintings: Sequence[Picture],
    photos: Sequence[Picture],
    out: Path,
) -> None:
    """Write the sheet of a net's weights."""
    net = StyleNet(len(names)).train(False)
    net.load_state_dict({name: value.detach().cpu().clone() for name, value in state.items()})
    filler = np.full((TILE, TILE, 3), 90, np.uint8)
    tiles = [filler, *(tile(painting, TILE, name) for painting, name in zip(paintings, names, strict=True))]
    for photo in photos:
        tiles += [tile(photo, TILE), *(tile(painted, TILE) for painted in paint_all(net, photo))]
    columns = 1 + len(names)
    if len(names) == 1:
        tiles = [tile(paintings[0], TILE), *tiles[2::2], tiles[0], *tiles[3::2]]
        columns = 1 + len(photos)
    cv2.imwrite(str(out), grid(tiles, columns)[..., ::-1])
