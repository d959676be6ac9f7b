"""Which ffmpeg this machine has, and which encoder opens in it."""

from __future__ import annotations

import logging
import shutil
import subprocess
from importlib import import_module

from pipelines.errors import InkframeError
from pipelines.webcam.ffmpeg_arguments import NVENC, X264, Codec, list_trial_arguments

log = logging.getLogger(__name__)

TRIAL_SECONDS = 15.0
"""The first use of a GPU may have to wake it."""


class FfmpegMissing(InkframeError):
    """Nothing on this machine encodes a broadcast."""

    code, status = "ffmpeg_missing", 503


def find_ffmpeg() -> str:
    """The program's path: the one that imageio-ffmpeg brings, else the system's. Raises FfmpegMissing."""
    try:
        return str(import_module("imageio_ffmpeg").get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        found = shutil.which("ffmpeg")
    if found is None:
        raise FfmpegMissing(
            "There is no ffmpeg on this machine.", "Install it with: pip install imageio-ffmpeg==0.8.1"
        )
    return found


def choose_codec(ffmpeg: str) -> Codec:
    """NVENC where it really opens, else x264; takes up to TRIAL_SECONDS."""
    return NVENC if opens(ffmpeg, NVENC) else X264


def opens(ffmpeg: str, codec: Codec) -> bool:
    """Whether an encoder takes a frame: being listed says only that ffmpeg was built with it."""
    try:
        done = subprocess.run(
            list_trial_arguments(ffmpeg, codec),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TRIAL_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        log.warning("%s could not be tried: %s", codec.title, error)
        return False
    return done.returncode == 0
