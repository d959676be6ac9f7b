"""The converter: a virtual environment of its own with TensorFlow, made once and reused."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from weights.conversion.commands import Outcome, Runner, run_command
from weights.disk import check_room, remove_folder
from weights.errors import ConversionFailed, DiskFull

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
# Measured: 1.8 GB when installed, beside up to 0.4 GB of downloads while pip unpacks them.
DISK_NEEDED = 2_400_000_000
INSTALL_LIMIT = 45 * 60.0
READY = "ready"

ASTRAY = ("PYTHON", "VIRTUAL_ENV", "PIP_USER", "PIP_TARGET", "PIP_PREFIX")

NO_SPACE = ("no space left on device", "disk quota exceeded")
NO_NETWORK = (
    "failed to establish a new connection",
    "newconnectionerror",
    "name resolution",
    "nameresolutionerror",
    "max retries exceeded",
    "connection refused",
    "network is unreachable",
    "proxyerror",
    "sslerror",
    "read timed out",
    "connection timed out",
)
NO_WHEEL = ("no matching distribution found", "requires a different python")


def converter_folder(cache: Path) -> Path:
    """Where this Python's converter lives: other pins or another Python get another folder."""
    stamp = REQUIREMENTS.read_bytes() + repr((sys.version_info[:2], sys.platform)).encode()
    return cache / f"converter-{hashlib.sha256(stamp).hexdigest()[:12]}"


def converter_ready(cache: Path) -> bool:
    """Whether the converter is installed whole and its Python still starts from where it was made."""
    folder = converter_folder(cache)
    return (folder / READY).is_file() and python_of(folder).exists()


def python_of(folder: Path) -> Path:
    """The interpreter inside a virtual environment."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def make_converter(
    cache: Path,
    *,
    say: Callable[[str], None],
    offline: bool = False,
    run: Runner = run_command,
) -> Path:
    """The converter's Python, installed first where it is not there yet. The caller holds the lock.

    Raises ConversionFailed (offline, no network, no wheels for this Python) and DiskFull; then nothing of
    the half-made environment is left.
    """
    folder = converter_folder(cache)
    if converter_ready(cache):
        return python_of(folder)
    if offline:
        raise ConversionFailed(
            "This model has to be converted once, and the converter is not installed.",
            "Run `cli.py models convert` once with a network, without INKFRAME_OFFLINE.",
        )
    delete_converter(cache)
    check_room(cache, DISK_NEEDED, "The converter")
    say("Installing the converter (TensorFlow, 1.8 GB, once)")
    try:
        _install(folder, run)
    except BaseException:
        remove_folder(folder)
        raise
    return python_of(folder)


def delete_converter(cache: Path) -> int:
    """Remove every converter in `cache`; files that it has made stay. Returns the bytes freed."""
    return sum(remove_folder(folder) for folder in cache.glob("converter-*") if folder.is_dir())


def converter_environ() -> dict[str, str]:
    """The app's environment without what would lead another Python astray, and without a GPU."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ASTRAY)}
    return kept | {"TF_CPP_MIN_LOG_LEVEL": "2", "TF_ENABLE_ONEDNN_OPTS": "0", "CUDA_VISIBLE_DEVICES": "-1"}


def _install(folder: Path, run: Runner) -> None:
    temporary = folder / "tmp"
    temporary.mkdir(parents=True)
    # A container's /tmp is often too small for TensorFlow's wheel.
    environ = converter_environ() | {"TMPDIR": str(temporary)}
    pip = [str(python_of(folder)), "-I", "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    pins = ["--no-cache-dir", "--only-binary", ":all:", "-r", str(REQUIREMENTS)]
    for command in ([sys.executable, "-I", "-m", "venv", str(folder)], [*pip, *pins]):
        outcome = run(command, limit=INSTALL_LIMIT, environ=environ)
        if outcome.code != 0:
            raise _explain(outcome)
    shutil.rmtree(temporary)
    (folder / READY).touch()


def _explain(outcome: Outcome) -> ConversionFailed | DiskFull:
    """pip ends with "no matching distribution" without a network too, so that is asked last."""
    text = outcome.text.lower()
    if any(sign in text for sign in NO_SPACE):
        return DiskFull("The disk filled up while the converter was installed.", "Free 2.4 GB and try again.")
    if outcome.timed_out:
        return ConversionFailed(
            f"Installing the converter took over {INSTALL_LIMIT / 60:.0f} minutes.",
            "Try again on a faster network.",
        )
    if any(sign in text for sign in NO_NETWORK):
        return ConversionFailed(
            "The converter can't be installed: the Python package index is out of reach.",
            "Check the network or pip's proxy settings and try again.",
        )
    if any(sign in text for sign in NO_WHEEL):
        version = ".".join(map(str, sys.version_info[:2]))
        return ConversionFailed(
            f"The converter's packages do not exist for Python {version} on this machine.",
            "Use Python 3.10 to 3.12 on 64-bit Linux or Windows.",
        )
    last = next((line for line in reversed(outcome.lines) if line.strip()), "no output")
    return ConversionFailed(f"The converter can't be installed: {last}", "The log has pip's full output.")
