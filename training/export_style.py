# mypy: allow-subclassing-any
"""Export a checkpoint's averaged style net: `python -m training.export_style OUT.onnx [--precision fp32|fp16|int8]`.

`picture` uint8 1 x H x W x 3 (RGB, sides multiples of 16) and `shares` 1 x styles, adding up to 1, to `painted`,
uint8 of the picture's shape. fp16 computes in half precision, for GPUs; fp32 stores big weights in half precision
and computes in single; int8 convolves whole numbers, its ranges found on photos (`--photos`).
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from training.checkpoints import load_averaged
from training.folders import training_cache
from training.onnx_export import halve, trace, write_model
from training.style_net import MULTIPLE, StyleNet
from training.style_pictures import read_names_of
from training.style_sheet import fit_frame
from weights.nets.adain_style import PAINTED, PICTURE, SHARES

Picture = NDArray[np.uint8]

LICENCE = "Apache-2.0"
PRECISIONS = ("fp32", "fp16", "int8")


class FromPixels(nn.Module):
    """A style net that takes and gives pixels as a camera has them; the vectors' part is worked out in single."""

    def __init__(self, net: StyleNet, half: bool) -> None:
        super().__init__()
        self.net = net.half() if half else net
        self.kind = torch.float16 if half else torch.float32

    def forward(self, picture: Tensor, shares: Tensor) -> Tensor:
        rgb = picture.permute(0, 3, 1, 2).to(self.kind) / 255
        painted = self.net(rgb, shares.to(self.kind)).float() * 255 + 0.5
        return painted.to(torch.uint8).permute(0, 2, 3, 1)


def load_net(checkpoint: Path) -> tuple[StyleNet, tuple[str, ...]]:
    """The averaged net of a checkpoint, ready to be asked, and its styles."""
    names = read_names_of(checkpoint.parent)
    return load_averaged(StyleNet(len(names)), checkpoint), names


def export(
    net: StyleNet, names: Sequence[str], out: Path, precision: str = "fp32", photos: Sequence[Picture] = ()
) -> Path:
    """Write the net as ONNX, whole or not at all. int8 needs photos whose sides are multiples of 16.

    Raises ValueError for a precision that is not there and for int8 without photos.
    """
    if precision not in PRECISIONS or (precision == "int8" and not photos):
        raise ValueError(f"can't export {precision!r} from {len(photos)} photos; use one of {PRECISIONS}")
    metadata = {
        "licence": LICENCE,
        "styles": ",".join(names),
        "multiple": str(MULTIPLE),
        "precision": precision,
    }
    return write_model(MAKERS[precision](net, photos, out.parent), metadata, out)


def _trace(net: StyleNet, folder: Path, half: bool = False) -> Any:
    styles = net.vectors.shape[0]
    inputs = {
        PICTURE: torch.randint(0, 256, (1, 64, 96, 3), dtype=torch.uint8),
        SHARES: torch.full((1, styles), 1 / styles),
    }
    with tempfile.TemporaryDirectory(dir=folder) as made:
        model = trace(FromPixels(net, half), inputs, PAINTED, Path(made) / "traced.onnx", batches=False)
    free_sides(model)
    return model


def free_sides(model: Any) -> None:
    """Pictures come as H x W x 3 here: name their axes accordingly."""
    for value in [*model.graph.input, *model.graph.output]:
        shape = value.type.tensor_type.shape.dim
        if len(shape) == 4:
            shape[0].dim_value, shape[3].dim_value = 1, 3
            shape[1].dim_param, shape[2].dim_param = "height", "width"


def _single(net: StyleNet, photos: Sequence[Picture], folder: Path) -> Any:
    model = _trace(net, folder)
    halve(model.graph)
    return model


def _half(net: StyleNet, photos: Sequence[Picture], folder: Path) -> Any:
    return _trace(net, folder, half=True)


def _whole_numbers(net: StyleNet, photos: Sequence[Picture], folder: Path) -> Any:
    """Convolutions in int8 by ONNX Runtime's static quantisation; the drawing itself stays single."""
    import onnx
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

    class Frames(CalibrationDataReader):
        def __init__(self) -> None:
            shares = np.eye(net.vectors.shape[0], dtype=np.float32)
            self._feeds: Iterator[dict[str, NDArray[np.generic]]] = (
                {PICTURE: photo[None], SHARES: shares[number % len(shares)][None]}
                for number, photo in enumerate(photos)
            )

        def get_next(self) -> dict[str, NDArray[np.generic]] | None:
            return next(self._feeds, None)

    with tempfile.TemporaryDirectory(dir=folder) as made:
        single, whole = Path(made) / "single.onnx", Path(made) / "whole.onnx"
        onnx.save(_trace(net, folder), str(single))
        quantize_static(
            str(single),
            str(whole),
            Frames(),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=["Conv"],
            nodes_to_exclude=["/net/draw/Conv"],
            per_channel=True,
            weight_type=QuantType.QInt8,
        )
        return onnx.load(str(whole))


MAKERS: dict[str, Callable[[StyleNet, Sequence[Picture], Path], Any]] = {
    "fp32": _single,
    "fp16": _half,
    "int8": _whole_numbers,
}


def calibration_photos(folders: Sequence[Path], count: int = 28) -> list[Picture]:
    """Photos at a camera frame's size, evenly chosen."""
    from training.cartoon_crops import read_photo
    from training.folders import find_pictures

    paths = find_pictures(folders)
    return [fit_frame(read_photo(path)) for path in paths[:: max(1, len(paths) // count)][:count]]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--checkpoint", type=Path, default=training_cache("style") / "run" / "latest.pt")
    parser.add_argument("--precision", choices=PRECISIONS, default="fp32")
    parser.add_argument("--photos", type=Path, nargs="*", default=[], help="for int8: folders of photos")
    options = parser.parse_args(arguments)
    net, names = load_net(options.checkpoint)
    photos = calibration_photos(options.photos) if options.precision == "int8" else ()
    out = export(net, names, options.out, options.precision, photos)
    print(f"{out}: {out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
