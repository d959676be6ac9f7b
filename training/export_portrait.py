"""Export a checkpoint's averaged net: `python -m training.export_portrait OUT.onnx [--checkpoint FILE]`.

The graph takes any batch and any sides that are multiples of 32, RGB in 0..1. Weights are stored in half
precision and widened when the graph is loaded: half the file, the same speed, arithmetic in single.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from training.checkpoints import load_averaged
from training.encoder import SamePadded
from training.folders import portrait_cache
from training.onnx_export import halve, trace, write_model
from training.portrait_net import PortraitNet

INPUT, OUTPUT = "rgb", "alpha"


def export(net: PortraitNet, out: Path) -> Path:
    """Write the net as ONNX, whole or not at all; the net's padding is changed on the way."""
    _pad_evenly(net)
    model = trace(net, {INPUT: torch.rand(1, 3, 256, 256)}, OUTPUT, out.with_suffix(".partial"))
    _pad_inside(model.graph)
    halve(model.graph)
    return write_model(model, {"licence": "Apache-2.0"}, out)


def _pad_evenly(net: PortraitNet) -> None:
    for layer in net.modules():
        if isinstance(layer, SamePadded) and layer.stride[0] > 1:
            # ONNX convolutions can pad unevenly themselves; torch's can't. `_pad_inside` puts it right.
            layer.edges = (0, 0)
            layer.padding = (layer.kernel_size[0] // 2,) * 2
            layer._reversed_padding_repeated_twice = [layer.padding[0]] * 4


def _pad_inside(graph: Any) -> None:
    """Give strided convolutions TensorFlow's SAME padding: less before than after."""
    for node in graph.node:
        values = {item.name: item for item in node.attribute}
        if node.op_type == "Conv" and list(values["strides"].ints) == [2, 2]:
            kernel = values["kernel_shape"].ints[0]
            before = (kernel - 2) // 2
            values["pads"].ints[:] = [before, before, kernel - 2 - before, kernel - 2 - before]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--checkpoint", type=Path, default=portrait_cache() / "run" / "latest.pt")
    options = parser.parse_args(arguments)
    out = export(load_averaged(PortraitNet(), options.checkpoint), options.out)
    print(f"{out}: {out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
