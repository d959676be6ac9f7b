"""The peer: ffmpeg's zoompan filter, the picture enlarged fourfold first, as is usual against its shaking."""

from __future__ import annotations

import importlib
import shutil
import subprocess
import time
from pathlib import Path

RATE = 30
ENLARGED = 4
MISSING = "left out: there is no ffmpeg on this machine (install it, or `pip install imageio-ffmpeg`)"


def find_ffmpeg() -> str | None:
    """The binary of imageio-ffmpeg, or the system's."""
    try:
        return str(importlib.import_module("imageio_ffmpeg").get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        return shutil.which("ffmpeg")


def zoompan_command(
    ffmpeg: str,
    picture: Path,
    film: Path,
    size: tuple[int, int],
    frames: int,
    end: float,
    crf: int,
    preset: str,
    *,
    enlarged: int = ENLARGED,
) -> list[str]:
    """Arguments for a zoom from 1 to `end` into the middle of a picture, made to fit and `enlarged` first."""
    width, height = size
    zoom = f"1+{end - 1:.6f}*on/{max(1, frames - 1)}"
    steps = (
        f"scale={enlarged * width}:{enlarged * height}:flags=bicubic",
        f"zoompan=z='{zoom}':x='iw/2-iw/zoom/2':y='ih/2-ih/zoom/2':d={frames}:s={width}x{height}:fps={RATE}",
        "format=yuv420p",
    )
    coder = ["-c:v", "libx264", "-preset", preset, "-crf", str(crf), "-movflags", "+faststart"]
    quiet = ["-v", "error", "-y", "-nostdin"]
    return [ffmpeg, *quiet, "-i", str(picture), "-vf", ",".join(steps), *coder, str(film)]


def time_zoompan(command: list[str]) -> float:
    """Seconds that it takes. Raises RuntimeError with what ffmpeg says when it fails."""
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"ffmpeg failed: {done.stderr[-500:]}")
    return time.perf_counter() - start
