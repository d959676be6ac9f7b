"""What figures were made on: processor, memory, GPU, packages, commit."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pipelines.settings import ROOT

PACKAGES = (
    "numpy",
    "opencv-python-headless",
    "onnxruntime-gpu",
    "torch",
    "av",
    "gradio",
    "fastapi",
    "uvicorn",
)


def describe_machine() -> dict[str, str]:
    """Rows for people; what can't be said is left out."""
    found = {
        "processor": read_line("/proc/cpuinfo", "model name") or platform.processor() or platform.machine(),
        "cores": str(os.cpu_count()),
        "memory": describe_memory(read_line("/proc/meminfo", "MemTotal")),
        "GPU": ask("nvidia-smi", "--query-gpu=name", "--format=csv,noheader") or "none",
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "packages": ", ".join(filter(None, map(describe_package, PACKAGES))),
    }
    return {name: value for name, value in found.items() if value}


def describe_memory(line: str) -> str:
    """`16384 kB` as `16.8 GB`."""
    return f"{int(line.split()[0]) * 1024 / 1e9:.1f} GB" if line else ""


def describe_package(name: str) -> str:
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return ""


def describe_commit() -> str:
    """The commit that is checked out, with a + when files differ from it; empty without git."""
    commit = ask("git", "rev-parse", "--short=10", "HEAD")
    return commit + ("+" if commit and ask("git", "status", "--porcelain", "--untracked-files=no") else "")


def read_line(path: str, name: str) -> str:
    """The value of the first line `name: value` of a file; empty where there is none."""
    try:
        lines = Path(path).read_text(errors="replace").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")


def ask(*command: str) -> str:
    """What a program says; empty where it is not there or fails."""
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
