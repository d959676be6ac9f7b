# mypy: allow-subclassing-any
"""Export a checkpoint's averaged cartoon net: `python -m training.export_cartoon OUT.onnx [--checkpoint FILE]`.

`picture` 1 x 3 x H x W, RGB in 0..1, sides multiples of 8, and `styles` 1 x 14, shares that add up to 1, to
`drawing` of the picture's size in 0..1. The styles' matrices are stored as int8 with a scale a row, other big
weights in half precision; both are widened when the graph is loaded, and the arithmetic is single.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.cartoon_net import MULTIPLE, CartoonNet, StyleMix
from training.cartoon_targets import TARGETS
from training.checkpoints import load_averaged
from training.folders import training_cache
from training.onnx_export import halve, narrow, trace, write_model
from weights.nets.cartoon_net import DRAWING, PICTURE, STYLES

LICENCE = "Apache-2.0"


class FoldedMix(nn.Module):
    """A StyleMix for one picture, its sum of matrices made once: `whole` 14 x (outputs x inputs).

    As a convolution, since the runtime has its quickest ways for those.
    """

    def __init__(self, mix: StyleMix) -> None:
        super().__init__()
        self.outputs, self.inputs = mix.shared.shape
        self.register_buffer("whole", mix.matrices().detach().flatten(1))
        self.register_buffer("bias", mix.bias.detach())

    def forward(self, x: Tensor, styles: Tensor) -> Tensor:
        matrix = (styles @ self.whole).reshape(self.outputs, self.inputs, 1, 1)
        return functional.conv2d(x, matrix, (styles @ self.bias).reshape(-1))


def fold(net: CartoonNet) -> dict[str, int]:
    """Replace every StyleMix in place; returns the matrices' names with the length of their rows."""
    rows = {}
    for name, mix in list(net.named_modules()):
        if isinstance(mix, StyleMix):
            folded = FoldedMix(mix)
            owner, _, place = name.rpartition(".")
            setattr(net.get_submodule(owner), place, folded)
            rows[f"{name}.whole"] = folded.inputs
    return rows


def export(net: CartoonNet, out: Path) -> Path:
    """Write the net as ONNX, whole or not at all; the net is folded on the way."""
    rows = fold(net)
    styles = torch.full((1, len(TARGETS)), 1 / len(TARGETS))
    inputs = {PICTURE: torch.rand(1, 3, 64, 96), STYLES: styles}
    model = trace(net, inputs, DRAWING, out.with_suffix(".partial"), batches=False)
    narrow(model.graph, rows)
    halve(model.graph)
    metadata = {"licence": LICENCE, "targets": ",".join(TARGETS), "multiple": str(MULTIPLE)}
    return write_model(model, metadata, out)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--checkpoint", type=Path, default=training_cache("cartoon") / "run" / "latest.pt")
    options = parser.parse_args(arguments)
    out = export(load_averaged(CartoonNet(), options.checkpoint), options.out)
    print(f"{out}: {out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
