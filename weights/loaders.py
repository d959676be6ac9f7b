"""From verified files to a model in memory: one function a kind of net."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from weights.nets.cv_unet import CvUnet
from weights.nets.matte import MatteNet
from weights.nets.onnx_session import OnnxSession
from weights.spec import ModelSpec


@dataclass(frozen=True)
class LoadRequest:
    """What a loader gets: the row, its verified files in the row's order, the device and the cache."""

    spec: ModelSpec
    files: Sequence[Path]
    providers: Sequence[str]
    cache: Path
    offline: bool = False


Loader = Callable[[LoadRequest], Any]


def load_matte(request: LoadRequest) -> MatteNet:
    return MatteNet(OnnxSession(request.files[0], request.providers), request.spec)


def load_cv_unet(request: LoadRequest) -> CvUnet:
    """Convert the frozen graph once, then open the ONNX file."""
    from weights.conversion.convert import convert

    path = convert(request.files[0], request.cache, offline=request.offline)
    return CvUnet(OnnxSession(path, request.providers))


LOADERS: Mapping[str, Loader] = {"onnx-matte": load_matte, "cv-unet": load_cv_unet}
