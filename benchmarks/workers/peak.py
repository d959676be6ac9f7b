"""The most memory that this process has held."""

from pathlib import Path


def peak_mb() -> float:
    """Resident set high-water mark in MB (10^6 bytes), as the Linux kernel counts it."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024 / 1e6
    return 0.0
