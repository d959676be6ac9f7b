"""No memory left: on a GPU, in a decoder, in the machine. Errors are those of ONNX Runtime and torch themselves."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnxruntime.capi.onnxruntime_pybind11_state import Fail, RuntimeException

from pipelines.cartoon.cartoonize import cartoonize
from pipelines.cartoon.options import CartoonOptions
from pipelines.device import Device
from pipelines.matting.cut_out import cut_out
from pipelines.matting.find import ON_CPU_NOTE
from pipelines.matting.options import MattingOptions
from pipelines.settings import ROOT, Settings
from pipelines.studio import Studio, open_studio
from tests.fakes import FakeCartoon, FakeMatte, fake_loaders
from weights.errors import OutOfMemory
from weights.loaders import LoadRequest
from weights.nets import onnx_session
from weights.nets.diffuser import telling_memory
from weights.nets.onnx_session import OnnxSession
from weights.store import ModelStore

SAID = [
    (
        RuntimeException,
        "Status Message: bfc_arena.cc:376 Failed to allocate memory for requested buffer of size 8",
    ),
    (RuntimeException, "bfc_arena.cc:342 Available memory of 1024 is smaller than requested bytes of 4096"),
    (
        RuntimeException,
        "CUDA failure 2: out of memory ; GPU=0 ; hostname=a ; expr=cudaMalloc((void**)&p, size);",
    ),
    (Fail, "CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED ; GPU=0"),
    (Fail, "CUDNN failure 4003: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED ; GPU=0"),
    (MemoryError, ""),
]
GPU = Device("cuda", "a GPU", memory=8 << 30)


class FullSession:
    """An inference session of ONNX Runtime on a device without room."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def run(self, *_: Any) -> Any:
        raise self._error

    def get_inputs(self) -> list[Any]:
        return []

    get_outputs = get_inputs


@pytest.mark.parametrize(("kind", "text"), SAID)
def test_every_way_of_saying_it_is_understood(
    kind: type[Exception], text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.onnx").write_bytes(b"net")
    monkeypatch.setattr(onnx_session, "_open", lambda *_: FullSession(kind(text)))
    session = OnnxSession(tmp_path / "a.onnx", ["CUDAExecutionProvider"])
    with pytest.raises(OutOfMemory) as caught:
        session.run({})
    assert caught.value.hint


def test_another_failure_is_not_taken_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.onnx").write_bytes(b"net")
    error = RuntimeException("Got invalid dimensions for input: image")
    monkeypatch.setattr(onnx_session, "_open", lambda *_: FullSession(error))
    with pytest.raises(RuntimeException):
        OnnxSession(tmp_path / "a.onnx", ["CUDAExecutionProvider"]).run({})


def test_torch_says_it_too() -> None:
    torch = pytest.importorskip("torch")
    for error in (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"), MemoryError()):
        with pytest.raises(OutOfMemory), telling_memory():
            raise error


class Full:
    """A net on a full GPU; on the CPU the fake itself."""

    def __init__(self, made: Any, request: LoadRequest) -> None:
        self._made, self._full = made, "CUDAExecutionProvider" in request.providers
        self.mask = None

    def __getattr__(self, name: str) -> Any:
        if self._full:
            raise OutOfMemory("The device ran out of memory.", "Close other programs.")
        return getattr(self._made, name)


@pytest.fixture
def on_full_gpu(settings: Settings) -> Studio:
    loaders: Mapping[str, Any] = {
        **fake_loaders(),
        "onnx-matte": partial(Full, FakeMatte()),
        "cartoon-net": partial(Full, FakeCartoon()),
    }
    made = open_studio(
        replace(settings, device="auto"), device=GPU, build_store=partial(ModelStore, loaders=loaders)
    )
    return made


def test_a_full_gpu_hands_the_picture_to_the_cpu_and_says_so(on_full_gpu: Studio, photo: bytes) -> None:
    picture = on_full_gpu.open(photo)
    cut = cut_out(picture, MattingOptions(refine="off"), on_full_gpu.store)
    drawn = cartoonize(picture, CartoonOptions(faces="off"), on_full_gpu.store)
    for made in (cut, drawn):
        assert made.notes[0] == ON_CPU_NOTE
        assert {net.device for net in made.nets} == {"cpu"}
    assert cut.alpha.any() and np.ptp(drawn.rgb) == 0
    on_full_gpu.close()


def test_without_a_gpu_it_is_an_error_in_words(
    studio: Studio, photo: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> Any:
        raise OutOfMemory("The device ran out of memory.", "Close other programs.")

    monkeypatch.setattr(FakeCartoon, "draw", fail)
    with pytest.raises(OutOfMemory):
        cartoonize(studio.open(photo), CartoonOptions(faces="off"), studio.store)


SMALL = """
import resource, sys
from pipelines.errors import InkframeError
from pipelines.image import open_image
from tests.pipelines.image.samples import make_png_header
import pipelines.image.decode, cv2
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
for side, limit in ((30_000, 64_000_000), (40_000, 10**12)):
    try:
        open_image(make_png_header(side, side) + bytes(1000), max_pixels=limit)
    except InkframeError as error:
        print(error.code, flush=True)
print("here")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits memory as Linux does")
def test_a_huge_picture_is_refused_by_its_header_and_a_lack_of_memory_ends_no_process() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SMALL], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    codes = done.stdout.split()
    assert codes[0] == "too_large" and codes[-1] == "here", done.stderr
    assert len(codes) == 3, "the second is an error in words, too"
