"""Export a checkpoint's averaged net: `python -m training.export_portrait OUT.onnx [--checkpoint FILE]`.

The graph takes any batch and any sides that are multiples of 32, RGB in 0..1. Weights are stored in half
precision and widened when the graph is loaded: half the file, the same speed, arithmetic in single.
"""

from __future__ import annotations

import argparse
import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from training.checkpoints import read_average
from training.encoder import SamePadded
from training.folders import portrait_cache
from training.portrait_net import PortraitNet

OPSET = 17
INPUT, OUTPUT = "rgb", "alpha"
HALVED = 256
"""Weights of at least so many values are stored in half precision."""


def load_net(checkpoint: Path) -> PortraitNet:
    """The averaged net of a checkpoint, ready to be asked."""
    net = PortraitNet()
    net.load_state_dict(read_average(checkpoint))
    return net.train(False)


def export(net: PortraitNet, out: Path) -> Path:
    """Write the net as ONNX, whole or not at all; the net's padding is changed on the way."""
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_suffix(".partial")
    _trace(net, partial)
    import onnx

    model = onnx.load(str(partial))
    _pad_inside(model.graph)
    _halve(model.graph)
    model.metadata_props.add(key="licence", value="Apache-2.0")
    onnx.checker.check_model(model)
    onnx.save(model, str(partial))
    os.replace(partial, out)
    return out


def _trace(net: PortraitNet, path: Path) -> None:
    for layer in net.modules():
        if isinstance(layer, SamePadded) and layer.stride[0] > 1:
            # ONNX convolutions can pad unevenly themselves; torch's can't. `_pad_inside` puts it right.
            layer.edges = (0, 0)
            layer.padding = (layer.kernel_size[0] // 2,) * 2
            layer._reversed_padding_repeated_twice = [layer.padding[0]] * 4
    axes = {name: {0: "n", 2: "height", 3: "width"} for name in (INPUT, OUTPUT)}
    with warnings.catch_warnings():
        # torch's newer exporter needs a further package and gives the same graph.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            net,
            (torch.rand(1, 3, 256, 256),),
            str(path),
            input_names=[INPUT],
            output_names=[OUTPUT],
            dynamic_axes=axes,
            opset_version=OPSET,
            dynamo=False,
        )


def _pad_inside(graph: Any) -> None:
    """Give strided convolutions TensorFlow's SAME padding: less before than after."""
    for node in graph.node:
        values = {item.name: item for item in node.attribute}
        if node.op_type == "Conv" and list(values["strides"].ints) == [2, 2]:
            kernel = values["kernel_shape"].ints[0]
            before = (kernel - 2) // 2
            values["pads"].ints[:] = [before, before, kernel - 2 - before, kernel - 2 - before]


def _halve(graph: Any) -> None:
    """Store big weights as float16 behind a cast; the runtime folds the cast when it loads the file."""
    from onnx import TensorProto, helper, numpy_helper

    casts = []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype == np.float32 and values.size >= HALVED:
            name = tensor.name
            tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}_half"))
            casts.append(helper.make_node("Cast", [f"{name}_half"], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--checkpoint", type=Path, default=portrait_cache() / "run" / "latest.pt")
    options = parser.parse_args(arguments)
    out = export(load_net(options.checkpoint), options.out)
    print(f"{out}: {out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
