"""The choice of device: never a silent fall-back."""

from __future__ import annotations

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
    assert (found.kind, found.name, found.fp16) == ("cuda", "Test GPU", True)
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
    monkeypatch.setattr(device, "_load_library", lambda names: names or None)
    found = find_device("auto", gpus=lambda: ONE_GPU, tensorrt=True)
    assert found.providers[0] == "TensorrtExecutionProvider"
    monkeypatch.setattr(device, "_load_library", lambda names: None)
    assert find_device("auto", gpus=lambda: ONE_GPU, tensorrt=True).providers[0] == "CUDAExecutionProvider"
