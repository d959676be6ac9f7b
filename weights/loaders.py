"""From verified files to a model in memory: one function a kind of net."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from weights.errors import ModelDamaged
from weights.nets.adain_style import AdainStyle
from weights.nets.arbitrary_style import AnyStyle
from weights.nets.cartoon_net import CartoonNet
from weights.nets.center_face import CenterFace
from weights.nets.cv_unet import CvUnet
from weights.nets.dctnet import DctNet, convert_graph, read_mask
from weights.nets.depth import DepthNet
from weights.nets.diffuser import Diffuser
from weights.nets.diffusion import INDEX, RECIPES, open_diffuser
from weights.nets.matte import MatteNet
from weights.nets.multistyle import MultiStyle
from weights.nets.onnx_edit import free_shape
from weights.nets.onnx_session import OnnxSession
from weights.nets.rife import Rife
from weights.spec import ModelSpec


@dataclass(frozen=True)
class LoadRequest:
    """What a loader gets: the row, its verified files in the row's order, the device and the cache."""

    spec: ModelSpec
    files: Sequence[Path]
    providers: Sequence[str]
    cache: Path
    offline: bool = False
    threads: int = 0
    """Cores that one run may use; 0 for all of them."""


Loader = Callable[[LoadRequest], Any]


def load_matte(request: LoadRequest) -> MatteNet:
    """A matting net in ONNX. Raises ModelDamaged, OutOfMemory."""
    session = OnnxSession(request.files[0], request.providers, threads=request.threads)
    return MatteNet(session, request.spec)


def load_cv_unet(request: LoadRequest) -> CvUnet:
    """Convert the frozen graph once, then open the ONNX file."""
    from weights.conversion.convert import convert

    path = convert(request.files[0], request.cache, offline=request.offline)
    return CvUnet(OnnxSession(path, request.providers, threads=request.threads))


def load_center_face(request: LoadRequest) -> CenterFace:
    """The published file is for ten pictures of 32 x 32; the graph itself takes any."""
    path = request.files[0]
    try:
        graph = free_shape(path.read_bytes())
    except (ValueError, IndexError) as error:
        raise ModelDamaged(f"{path.name} can't be opened as a model.", "Run ./run.sh setup.") from error
    return CenterFace(OnnxSession(path, request.providers, graph, request.threads, any_size=True))


def load_dct_net(request: LoadRequest) -> DctNet:
    """Both published graphs become ONNX in memory: that is quick, and leaves no file to go stale."""
    background, head = (
        OnnxSession(path, request.providers, convert_graph(path), request.threads, any_size=True)
        for path in request.files[:2]
    )
    return DctNet(background, head, read_mask(request.files[2]) if request.files[2:] else None)


def load_cartoon_net(request: LoadRequest) -> CartoonNet:
    """The cartoon net that comes with the app. Raises ModelDamaged."""
    path = request.files[0]
    return CartoonNet(path, partial(OnnxSession, path, request.providers, threads=request.threads))


def load_adain_style(request: LoadRequest) -> AdainStyle:
    """The net of painters that comes with the app, or one trained here. Raises ModelDamaged."""
    path = request.files[0]
    return AdainStyle(path, partial(OnnxSession, path, request.providers, threads=request.threads))


def load_multi_style(request: LoadRequest) -> MultiStyle:
    """The net of 26 paintings, from its published weights. Raises ModelDamaged."""
    path = request.files[0]
    return MultiStyle(path, partial(OnnxSession, path, request.providers, threads=request.threads))


def load_any_style(request: LoadRequest) -> AnyStyle:
    """The nets that paint like any picture: the painter's file first, then the describer's. Raises ModelDamaged."""
    painter, describer = (
        partial(OnnxSession, path, request.providers, threads=request.threads) for path in request.files
    )
    return AnyStyle(request.files[0], painter, describer)


def load_depth(request: LoadRequest) -> DepthNet:
    """A depth net in ONNX. Raises ModelDamaged, OutOfMemory."""
    return DepthNet(OnnxSession(request.files[0], request.providers, threads=request.threads), request.spec)


def load_rife(request: LoadRequest) -> Rife:
    """RIFE in torch, by tensors alone: no pickled code is run. Raises ModelDamaged."""
    import torch

    path = request.files[0]
    try:
        weights = torch.load(path, map_location="cpu", weights_only=True)
        return Rife(weights, "cuda" if "CUDAExecutionProvider" in request.providers else "cpu")
    except (KeyError, ValueError, EOFError, pickle.UnpicklingError, RuntimeError) as error:
        raise ModelDamaged(f"{path.name} can't be opened as a model.", "Run ./run.sh setup.") from error


def load_diffuser(request: LoadRequest) -> Diffuser:
    """A folder of diffusers on the strongest device. Raises PackagesMissing, ModelDamaged, OutOfMemory."""
    folder = next(path.parent for path in request.files if path.name == INDEX)
    device = "cuda" if "CUDAExecutionProvider" in request.providers else "cpu"
    return open_diffuser(folder, RECIPES[request.spec.loader], device)


LOADERS: Mapping[str, Loader] = {
    "onnx-matte": load_matte,
    "cv-unet": load_cv_unet,
    "center-face": load_center_face,
    "dct-net": load_dct_net,
    "cartoon-net": load_cartoon_net,
    "adain-style": load_adain_style,
    "multi-style": load_multi_style,
    "any-style": load_any_style,
    "depth": load_depth,
    "rife": load_rife,
    **dict.fromkeys(RECIPES, load_diffuser),
}
