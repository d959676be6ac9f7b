"""The choice of device: never a silent fall-back."""

from __future__ import annotations

import ctypes
from typing import Any

import pytest

from pipelines import device
from pipelines.device import Gpu, find_device
from pipelines.errors import DeviceUnavailable

ONE_GPU = [Gpu("Test GPU", 8 << 30)]


def test_without_a_gpu_auto_means_cpu() -> None:
    found = find_device("auto", gpus=list)
    assert (found.kind, found.providers, found.note) == ("cpu", ["CPUExecutionProvider"], "")
    assert found.label.startswith("CPU: ")


def test_asking_for_cuda_without_a_gpu_is_an_error() -> None:
    with pytest.raises(DeviceUnavailable, match="No CUDA device"):
        find_device("cuda", gpus=list)


def test_a_gpu_is_used_when_onnx_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "_why_onnx_cannot_use_cuda", lambda: "")
    found = find_device("auto", gpus=lambda: ONE_GPU)
    assert (found.kind, found.name) == ("cuda", "Test GPU")
    assert found.providers[0] == "CUDAExecutionProvider"
    assert "TensorrtExecutionProvider" not in found.providers


def test_a_gpu_that_onnx_cannot_use_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "_why_onnx_cannot_use_cuda", lambda: "libcudart is missing")
    assert find_device("auto", gpus=lambda: ONE_GPU).note == "libcudart is missing"
    with pytest.raises(DeviceUnavailable, match="libcudart"):
        find_device("cuda", gpus=lambda: ONE_GPU)


def test_cpu_is_cpu_even_beside_a_gpu() -> None:
    assert find_device("cpu", gpus=lambda: ONE_GPU).kind == "cpu"


def test_a_machine_without_a_driver_has_no_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "CUDA_DRIVERS", ("libnonesuch.so",))
    assert device.find_gpus() == []


def test_tensorrt_is_used_only_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "_why_onnx_cannot_use_cuda", lambda: "")
    monkeypatch.setattr(device, "_why_driver_is_too_old", lambda: "")
    monkeypatch.setattr(device, "_load_library", lambda names: names or None)
    found = find_device("auto", gpus=lambda: ONE_GPU, tensorrt=True)
    assert found.providers[0] == "TensorrtExecutionProvider"
    monkeypatch.setattr(device, "_load_library", lambda names: None)
    assert find_device("auto", gpus=lambda: ONE_GPU, tensorrt=True).providers[0] == "CUDAExecutionProvider"


class Driver:
    """The one question of the driver library that the choice of device asks."""

    def __init__(self, version: int) -> None:
        self.version = version

    def cuDriverGetVersion(self, answer: Any) -> int:
        ctypes.cast(answer, ctypes.POINTER(ctypes.c_int))[0] = self.version
        return 0


def test_a_driver_for_an_older_cuda_leaves_the_models_on_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "_load_library", lambda names: Driver(12020))
    monkeypatch.setattr(device, "_why_onnx_cannot_use_cuda", lambda: "")
    found = find_device("auto", gpus=lambda: ONE_GPU)
    assert found.kind == "cpu"
    assert found.note == "The NVIDIA driver is for CUDA 12.2; CUDA 13 needs driver 580 or later."
    with pytest.raises(DeviceUnavailable, match=r"CUDA 12\.2"):
        find_device("cuda", gpus=lambda: ONE_GPU)


def test_a_driver_for_this_cuda_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "_load_library", lambda names: Driver(13000))
    monkeypatch.setattr(device, "_why_onnx_cannot_use_cuda", lambda: "")
    assert find_device("auto", gpus=lambda: ONE_GPU).kind == "cuda"


class Listing:
    """A driver library with two devices."""

    def __init__(self, starts: int = 0, counts: int = 0) -> None:
        self.starts, self.counts = starts, counts

    def cuInit(self, flags: int) -> int:
        return self.starts

    def cuDeviceGetCount(self, answer: Any) -> int:
        ctypes.cast(answer, ctypes.POINTER(ctypes.c_int))[0] = 2
        return self.counts

    def cuDeviceGet(self, answer: Any, index: int) -> int:
        ctypes.cast(answer, ctypes.POINTER(ctypes.c_int))[0] = index
        return 0

    def cuDeviceGetName(self, answer: Any, room: int, which: ctypes.c_int) -> int:
        answer.value = f"GPU {which.value}".encode()
        return 0

    def cuDeviceTotalMem_v2(self, answer: Any, which: ctypes.c_int) -> int:
        ctypes.cast(answer, ctypes.POINTER(ctypes.c_size_t))[0] = (which.value + 1) << 30
        return 0


def test_the_drivers_devices_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "_load_library", lambda names: Listing())
    assert device.find_gpus() == [Gpu("GPU 0", 1 << 30), Gpu("GPU 1", 2 << 30)]


@pytest.mark.parametrize("driver", [Listing(starts=100), Listing(counts=3)])
def test_a_driver_that_does_not_answer_lists_none(monkeypatch: pytest.MonkeyPatch, driver: Listing) -> None:
    monkeypatch.setattr(device, "_load_library", lambda names: driver)
    assert device.find_gpus() == []
