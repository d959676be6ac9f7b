"""RIFE's net, with weights made up on the spot."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from weights.nets.rife import DEPTH, Rife

WIDTHS = (32, 24, 16, 8)


def make_weights() -> dict[str, torch.Tensor]:
    """Weights of the published shapes but narrower, all 0: no motion, each frame half."""
    weights = {}
    for number, width in enumerate(WIDTHS):
        block = f"module.block{number}."
        layers = [("conv0.0", 7 if number == 0 else 12, width // 2), ("conv0.1", width // 2, width)]
        layers += [(f"convblock.{layer}", width, width) for layer in range(DEPTH)]
        for name, given, made in layers:
            weights[f"{block}{name}.0.weight"] = torch.zeros(made, given, 3, 3)
            weights[f"{block}{name}.0.bias"] = torch.zeros(made)
            weights[f"{block}{name}.1.weight"] = torch.zeros(made)
        weights[f"{block}lastconv.weight"] = torch.zeros(width, 5, 4, 4)
        weights[f"{block}lastconv.bias"] = torch.zeros(5)
    weights["module.block_tea.conv0.0.0.weight"] = torch.zeros(1)
    return weights


@pytest.mark.parametrize(("width", "height"), [(64, 32), (33, 47), (1, 1)])
def test_without_motion_the_frames_are_blended(width: int, height: int) -> None:
    first, second = np.full((height, width, 3), 40, np.uint8), np.full((height, width, 3), 80, np.uint8)
    drawn = Rife(make_weights()).between(first, second, 0.5)
    assert drawn.dtype == np.uint8
    np.testing.assert_array_equal(drawn, np.full((height, width, 3), 60))


def test_flow_and_mask_are_followed() -> None:
    """Given a last block that says "the first frame, 4 px to the right", that is drawn."""
    weights = make_weights()
    weights["module.block3.lastconv.bias"][:] = torch.tensor([2.0, 0, 0, 0, 50])
    ramp = np.broadcast_to(np.arange(64, dtype=np.uint8)[:, None] * 2, (32, 64, 3))
    drawn = Rife(weights).between(np.ascontiguousarray(ramp), np.zeros((32, 64, 3), np.uint8), 0.5)
    np.testing.assert_array_equal(drawn[:, :60], ramp[:, 4:])


def test_weights_of_another_net_are_refused() -> None:
    weights = make_weights()
    del weights["module.block3.lastconv.weight"]
    with pytest.raises(KeyError):
        Rife(weights)
