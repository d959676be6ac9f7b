from __future__ import annotations

import ctypes

import pytest

from pipelines.webcam import load


def test_cpu_is_the_share_of_all_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load.os, "cpu_count", lambda: 4)
    now, used = [0.0], [0.0]
    cpu = load.CpuLoad(lambda: now[0], lambda: used[0])
    now[0], used[0] = 2.0, 4.0
    assert cpu.percent() == 50
    now[0], used[0] = 2.1, 4.4
    assert cpu.percent() == 50
    now[0], used[0] = 4.0, 4.0
    assert cpu.percent() == 0


def test_without_a_driver_there_is_no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> None:
        raise OSError(name)

    monkeypatch.setattr(ctypes, "CDLL", refuse)
    assert load.GpuLoad().read() == (None, None)


def test_the_driver_is_asked_for_load_and_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    class Driver:
        def nvmlInit_v2(self) -> int:
            return 0

        def nvmlDeviceGetHandleByIndex_v2(self, index: int, handle: object) -> int:
            return 0

        def nvmlDeviceGetUtilizationRates(self, handle: object, into: object) -> int:
            into._obj.gpu = 37
            return 0

        def nvmlDeviceGetMemoryInfo(self, handle: object, into: object) -> int:
            into._obj.used = 5_000_000_000
            return 0

    monkeypatch.setattr(ctypes, "CDLL", lambda name: Driver())
    assert load.GpuLoad().read() == (37, 5000)
