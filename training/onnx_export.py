"""From a torch net to an ONNX file that is small on disk: traced, big weights narrowed, written whole."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

OPSET = 17
HALVED = 256
"""Weights of at least so many values are stored in half precision."""


def trace(net: nn.Module, inputs: Mapping[str, Tensor], output: str, path: Path, batches: bool = True) -> Any:
    """Trace a net of pictures to `path` and return the ONNX model.

    The height and width of the inputs that have them, and of the output, are free; so are batches, if wanted.
    """
    import onnx

    count = {0: "n"} if batches else {}
    sizes = {**count, 2: "height", 3: "width"}
    axes = {name: sizes if value.ndim == 4 else count for name, value in inputs.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        # torch's newer exporter needs a further package and gives the same graph.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            net,
            tuple(inputs.values()),
            str(path),
            input_names=list(inputs),
            output_names=[output],
            dynamic_axes={**axes, output: sizes},
            opset_version=OPSET,
            dynamo=False,
        )
    return onnx.load(str(path))


def halve(graph: Any) -> None:
    """Store big weights as float16 behind a cast; the runtime folds the cast when it loads the file."""
    from onnx import TensorProto, helper, numpy_helper

    casts = []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype == np.float32 and values.size >= HALVED:
            name = tensor.name
            tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}_half"))
            casts.append(helper.make_node("Cast", [f"{name}_half"], [name], to=TensorProto.FLOAT))
    _put_first(graph, casts)


def narrow(graph: Any, rows: Mapping[str, int]) -> None:
    """Store the named weights as int8, each row of so many values with its own scale.

    The runtime multiplies them out when it loads the file.
    """
    from onnx import TensorProto, helper, numpy_helper

    nodes, added = [], []
    for tensor in graph.initializer:
        if tensor.name not in rows:
            continue
        name, values = tensor.name, numpy_helper.to_array(tensor)
        steps, scales = quantise(values.reshape(-1, rows[name]))
        tensor.CopyFrom(numpy_helper.from_array(steps, f"{name}_steps"))
        shape = np.array(values.shape, np.int64)
        added += [
            numpy_helper.from_array(scales, f"{name}_scales"),
            numpy_helper.from_array(shape, f"{name}_shape"),
        ]
        nodes += [
            helper.make_node("Cast", [f"{name}_steps"], [f"{name}_wide"], to=TensorProto.FLOAT),
            helper.make_node("Mul", [f"{name}_wide", f"{name}_scales"], [f"{name}_scaled"]),
            helper.make_node("Reshape", [f"{name}_scaled", f"{name}_shape"], [name]),
        ]
    graph.initializer.extend(added)
    _put_first(graph, nodes)


def quantise(rows: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Rows R x V -> whole steps -127..127 and the size of a step, R x 1; wrong by half a step at most."""
    scales = np.maximum(np.abs(rows).max(axis=1, keepdims=True) / 127, 1e-12).astype(np.float32)
    return np.rint(rows / scales).astype(np.int8), scales


def write_model(model: Any, metadata: Mapping[str, str], out: Path) -> Path:
    """Check the model and write it, whole or not at all."""
    import onnx

    for key, value in metadata.items():
        model.metadata_props.add(key=key, value=value)
    onnx.checker.check_model(model)
    partial = out.with_suffix(".partial")
    onnx.save(model, str(partial))
    os.replace(partial, out)
    return out


def _put_first(graph: Any, first: Sequence[Any]) -> None:
    nodes = [*first, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
