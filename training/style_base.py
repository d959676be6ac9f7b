"""Start a style net from a trained one: its eye and its hand stay, its paintings are learnt anew."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from training.checkpoints import read_average
from training.style_net import VECTOR, StyleNet

SPREAD = 0.1
"""How far new styles stand from the middle of the known ones at first."""


def start_from(net: StyleNet, base: Path) -> None:
    """Take over all weights of a checkpoint or of an exported file but the styles' vectors, which begin near the
    middle of the known ones. Raises FileNotFoundError, RuntimeError where the weights do not fit."""
    known = read_average(base) if base.suffix == ".pt" else read_exported(base)
    own = net.state_dict()
    # A file holds equal weights once, under one name: biases that are all zero go missing.
    lacking = [name for name in own if name not in known and not name.endswith(".bias")]
    if lacking:
        raise RuntimeError(f"{base} lacks {lacking[0]} and {len(lacking) - 1} more layers")
    vectors = known.pop("vectors")
    begin = vectors.mean(dim=0) + SPREAD * torch.randn(net.vectors.shape[0], VECTOR)
    net.load_state_dict(own | known | {"vectors": begin})


def read_exported(path: Path) -> dict[str, Tensor]:
    """The weights in an exported style net, by their names in StyleNet."""
    import onnx
    from onnx import numpy_helper

    found = {}
    for tensor in onnx.load(str(path)).graph.initializer:
        name = tensor.name.removesuffix("_half").removeprefix("net.")
        found[name] = torch.from_numpy(np.array(numpy_helper.to_array(tensor), np.float32))
    return {name: value for name, value in found.items() if name in StyleNet(1).state_dict()}
