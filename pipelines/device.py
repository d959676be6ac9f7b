"""Which device models run on, found without importing torch or onnxruntime.

The CUDA driver library itself is asked (`cuInit`, `cuDeviceGetCount`): it answers in milliseconds and is
there exactly when a driver is. Only then are torch's CUDA libraries loaded for ONNX Runtime.
"""

from __future__ import annotations

import ctypes
import logging
import platform
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipelines.errors import DeviceUnavailable

log = logging.getLogger(__name__)

CUDA_DRIVERS = ("libcuda.so.1", "nvcuda.dll")
CUDA_VERSION, FIRST_DRIVER = 13000, 580
"""What the packages are built for, as the driver counts it, and the first NVIDIA driver that runs it."""
TENSORRT = ("libnvinfer.so.10", "nvinfer_10.dll")


@dataclass(frozen=True)
class Gpu:
    """A CUDA device: its name and memory in bytes."""

    name: str
    memory: int


@dataclass(frozen=True)
class Device:
    """Where models run. `note` says why, when it is not what the machine seems to offer."""

    kind: Literal["cpu", "cuda"]
    name: str
    memory: int = 0
    note: str = ""
    tensorrt: bool = False

    @property
    def providers(self) -> list[str]:
        """ONNX Runtime's execution providers, the strongest first; never one that the machine lacks."""
        if self.kind == "cpu":
            return ["CPUExecutionProvider"]
        strongest = ["TensorrtExecutionProvider"] if self.tensorrt else []
        return [*strongest, "CUDAExecutionProvider", "CPUExecutionProvider"]

    @property
    def label(self) -> str:
        """One line for the page's header."""
        return f"GPU: {self.name}" if self.kind == "cuda" else f"CPU: {self.name}"


def find_device(
    wanted: str = "auto", gpus: Callable[[], list[Gpu]] | None = None, tensorrt: bool = False
) -> Device:
    """Choose the device for `wanted` = auto | cuda | cpu.

    Raises DeviceUnavailable for "cuda" on a machine without one: it never falls back in silence. With
    "auto" a GPU that ONNX Runtime can't use (its CUDA build doesn't load) is left out and `note` says so.
    `tensorrt` asks for TensorRT before CUDA, where its library is installed.
    """
    cpu = Device("cpu", _cpu_name())
    if wanted == "cpu":
        return cpu
    found = (gpus or find_gpus)()
    reason = (_why_driver_is_too_old() or _why_onnx_cannot_use_cuda()) if found else ""
    if found and not reason:
        with_tensorrt = tensorrt and _load_library(TENSORRT) is not None
        return Device("cuda", found[0].name, found[0].memory, tensorrt=with_tensorrt)
    if wanted == "cuda":
        raise DeviceUnavailable(
            reason or "No CUDA device was found in this machine.",
            "Use --device cpu or auto (INKFRAME_DEVICE from a shell), or install an NVIDIA driver for CUDA 13.",
        )
    return Device("cpu", cpu.name, note=reason)


def find_gpus() -> list[Gpu]:
    """CUDA devices as the driver lists them; empty without a driver or a device."""
    driver = _load_library(CUDA_DRIVERS)
    if driver is None or driver.cuInit(0) != 0:
        return []
    count = ctypes.c_int()
    if driver.cuDeviceGetCount(ctypes.byref(count)) != 0:
        return []
    return [_read_gpu(driver, index) for index in range(count.value)]


def _load_library(names: tuple[str, ...]) -> ctypes.CDLL | None:
    for name in names:
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    return None


def _read_gpu(driver: ctypes.CDLL, index: int) -> Gpu:
    device, memory, name = ctypes.c_int(), ctypes.c_size_t(), ctypes.create_string_buffer(256)
    driver.cuDeviceGet(ctypes.byref(device), index)
    driver.cuDeviceGetName(name, len(name), device)
    driver.cuDeviceTotalMem_v2(ctypes.byref(memory), device)
    return Gpu(name.value.decode(errors="replace"), memory.value)


def _why_driver_is_too_old() -> str:
    """Empty when the NVIDIA driver runs the CUDA that the packages bring; else the reason."""
    driver, version = _load_library(CUDA_DRIVERS), ctypes.c_int()
    if (
        driver is None
        or driver.cuDriverGetVersion(ctypes.byref(version)) != 0
        or version.value >= CUDA_VERSION
    ):
        return ""
    offered = f"{version.value // 1000}.{version.value % 1000 // 10}"
    return f"The NVIDIA driver is for CUDA {offered}; CUDA 13 needs driver {FIRST_DRIVER} or later."


def _why_onnx_cannot_use_cuda() -> str:
    """Empty when ONNX Runtime has its CUDA provider and its libraries load; else the reason."""
    import onnxruntime
    import torch  # noqa: F401  (its nvidia-* wheels are what preload_dlls finds)

    if "CUDAExecutionProvider" not in onnxruntime.get_available_providers():
        return "The installed ONNX Runtime has no CUDA provider."
    try:
        onnxruntime.preload_dlls()
    except Exception as error:  # preload_dlls promises no exception types
        log.exception("CUDA libraries did not load")
        return f"ONNX Runtime can't load CUDA: {error}"
    return ""


def _cpu_name() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(errors="replace").splitlines():
            if line.startswith("model name"):
                return " ".join(line.split(":", 1)[1].split())
    return platform.processor() or platform.machine()
