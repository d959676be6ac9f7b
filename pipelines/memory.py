"""What the process holds, and giving back what it holds for nothing."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

STATUS = Path("/proc/self/statm")


def memory_mb() -> float:
    """Memory that this process holds now, in MB (10^6 bytes); its most so far where Linux's /proc is missing."""
    try:
        return int(STATUS.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except (OSError, ValueError, AttributeError):
        return peak_mb()


def peak_mb() -> float:
    """0 on systems that do not say."""
    try:
        import resource
    except ImportError:
        return 0.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def give_back_memory() -> None:
    """Hand freed memory back to the system, where the C library is glibc: nets that come and go, drawn at many
    sizes, leave holes that it would keep."""
    try:
        trim = ctypes.CDLL("libc.so.6").malloc_trim
    except (OSError, AttributeError):
        return
    trim(0)
