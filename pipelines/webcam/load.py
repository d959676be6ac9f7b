"""How busy the process and the machine's GPU are, without a package for it."""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Callable

from pipelines.memory import memory_mb

NVML = ("libnvidia-ml.so.1", "nvml.dll")


class CpuLoad:
    """Share of all cores that this process used since it was asked last, in percent."""

    def __init__(
        self, clock: Callable[[], float] = time.perf_counter, used: Callable[[], float] = time.process_time
    ) -> None:
        self._clock, self._used = clock, used
        self._at, self._before, self._percent = clock(), used(), 0.0

    def percent(self) -> float:
        """0..100; asked again within a fifth of a second it repeats itself."""
        now, used = self._clock(), self._used()
        if now - self._at >= 0.2:
            self._percent = 100 * (used - self._before) / (now - self._at) / (os.cpu_count() or 1)
            self._at, self._before = now, used
        return self._percent


class MachineLoad:
    """All of it at once."""

    def __init__(self) -> None:
        self._cpu, self._gpu = CpuLoad(), GpuLoad()

    def facts(self) -> dict[str, float | None]:
        """The fields of Stats that are known here."""
        percent, held = self._gpu.read()
        return {
            "cpu_percent": self._cpu.percent(),
            "memory_mb": memory_mb(),
            "gpu_percent": percent,
            "gpu_memory_mb": held,
        }


class _Utilization(ctypes.Structure):
    _fields_ = (("gpu", ctypes.c_uint), ("memory", ctypes.c_uint))


class _Memory(ctypes.Structure):
    _fields_ = (("total", ctypes.c_ulonglong), ("free", ctypes.c_ulonglong), ("used", ctypes.c_ulonglong))


class GpuLoad:
    """The first NVIDIA GPU's load through the driver's own management library; nothing without one."""

    def __init__(self) -> None:
        self._library, self._handle = _open_nvml()

    def read(self) -> tuple[float | None, float | None]:
        """Percent busy, and memory in use in MB (10^6 bytes)."""
        if self._library is None:
            return None, None
        busy, memory = _Utilization(), _Memory()
        ran = self._library.nvmlDeviceGetUtilizationRates(self._handle, ctypes.byref(busy)) == 0
        held = self._library.nvmlDeviceGetMemoryInfo(self._handle, ctypes.byref(memory)) == 0
        return float(busy.gpu) if ran else None, memory.used / 1e6 if held else None


def _open_nvml() -> tuple[ctypes.CDLL | None, ctypes.c_void_p]:
    handle = ctypes.c_void_p()
    for name in NVML:
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        if library.nvmlInit_v2() == 0 and library.nvmlDeviceGetHandleByIndex_v2(0, ctypes.byref(handle)) == 0:
            return library, handle
    return None, handle
