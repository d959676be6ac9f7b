"""Moving shots of one picture: frames a second for each motion beside ffmpeg's zoompan, jitter, memory."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.data import find_data
from benchmarks.jitter import draw_dot, jitter_of
from benchmarks.pairs import synthesise
from benchmarks.table import Report
from benchmarks.zoompan import ENLARGED, MISSING, RATE, find_ffmpeg, time_zoompan, zoompan_command
from pipelines.device import Device
from pipelines.image_to_video.motion import MOTIONS
from pipelines.image_to_video.motion_options import MotionOptions
from pipelines.image_to_video.shot import Shot, open_shot
from pipelines.settings import ROOT
from pipelines.video import VideoWriter
from pipelines.video.behind import WriteBehind
from pipelines.video.encoders import CRF, SOFTWARE
from weights.catalogue import Catalogue
from weights.store import ModelStore

PRESET = SOFTWARE.options(CRF)["preset"]
SIZES = {"512x512": (512, 512), "1080p": (1920, 1080), "4K": (3840, 2160)}
FRAMES = {"512x512": 240, "1080p": 90, "4K": 24}
ROUNDS = 3
USUAL = ("zoom-in", "pan-left", "orbit", "parallax")
ONLY = ("speed", "motions", "jitter", "memory")
SLOW_ZOOM, SLOW_FRAMES = 1.1, 150
"""The jitter test's zoom: a tenth in five seconds."""
MINUTES, QUICK_MINUTES = 10.0, 0.05


def run(
    data: Path | None, *, quick: bool = False, only: str | None = None, minutes: float | None = None
) -> Report:
    """`data` is a folder of pictures, its first one is filmed; a made-up one without. Parts: speed of the usual
    motions beside zoompan, motions (all of them, once), jitter, memory of a clip of so many `minutes`."""
    report = Report()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        picture = folder / "picture.png"
        if only != "jitter":
            report.made_up = write_picture(data or default_data(), picture)
        if only in (None, "speed"):
            add_speed(report, picture, USUAL, quick)
        if only == "motions":
            add_speed(report, picture, tuple(MOTIONS), quick, rounds=1)
        if only in (None, "jitter"):
            add_jitter(report, folder, SIZES["512x512"] if quick else SIZES["1080p"])
        if only in (None, "memory"):
            minutes = QUICK_MINUTES if quick else minutes or MINUTES
            add_memory(report, picture, round(60 * minutes))
    return report


def default_data() -> Path | None:
    return find_data("scenes/kodak")


def write_picture(data: Path | None, path: Path) -> bool:
    """A picture with someone or something in it, as a PNG; whether it had to be made up."""
    found = (
        sorted(each for each in data.rglob("*") if each.suffix.lower() in (".png", ".jpg")) if data else []
    )
    if found:
        bgr = cv2.imread(str(found[0]))
    else:
        bgr = synthesise(np.random.default_rng(0), "video", 1500, 2400).rgb[..., ::-1]
    cv2.imwrite(str(path), bgr)
    return not found


def add_speed(
    report: Report, picture: Path, motions: Sequence[str], quick: bool, rounds: int = ROUNDS
) -> None:
    """Frames a second, drawn and written as H.264, of each motion and of zoompan, in turns."""
    ffmpeg, figures = find_ffmpeg(), {}
    for size in list(SIZES)[:1] if quick else SIZES:
        frames = 12 if quick else FRAMES[size]
        figures[size] = time_size(picture, motions, SIZES[size], frames, 1 if quick else rounds, ffmpeg)
    report.figures["speed"] = figures
    rows = [
        [size, motion, each["fps"], each.get("against_zoompan", "-"), each.get("open_seconds", "-")]
        for size, found in figures.items()
        for motion, each in found.items()
    ]
    title = f"Picture to mp4 (H.264 {PRESET}, crf {CRF}), {os.cpu_count()} cores, medians"
    if ffmpeg is None:
        report.figures["zoompan"] = MISSING
        title += f"; zoompan {MISSING}"
    report.add_table(title, ["size", "motion", "frames/s", "x zoompan 4x", "s to open"], rows)


def time_size(
    picture: Path,
    motions: Sequence[str],
    size: tuple[int, int],
    frames: int,
    rounds: int,
    ffmpeg: str | None,
) -> dict[str, dict[str, float]]:
    """Medians over the rounds: a motion's opening and frames apart, zoompan without its start (its time for
    one frame is taken off)."""
    taken: dict[str, list[float]] = {}
    opened: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as name:
        film = Path(name) / "film.mp4"
        for _ in range(rounds):
            for motion in motions:
                opening, drawing = time_motion(picture, film, size, frames, motion)
                opened.setdefault(motion, []).append(opening)
                taken.setdefault(motion, []).append(drawing)
            if ffmpeg:
                start, whole = (
                    time_zoompan(zoompan_command(ffmpeg, picture, film, size, count, 1.22, CRF, PRESET))
                    for count in (1, frames + 1)
                )
                taken.setdefault("zoompan", []).append(whole - start)
    found = {name: {"fps": frames / statistics.median(each)} for name, each in taken.items()}
    for name, each in opened.items():
        found[name]["open_seconds"] = statistics.median(each)
        if ffmpeg:
            found[name]["against_zoompan"] = found[name]["fps"] / found["zoompan"]["fps"]
    return found


def time_motion(
    picture: Path, film: Path, size: tuple[int, int], frames: int, motion: str
) -> tuple[float, float]:
    """Seconds to open a shot, and to draw and write its frames."""
    store = open_store(film.parent)
    start = time.perf_counter()
    shot = open_shot(open_picture(picture), size, MotionOptions(motion=motion), store)
    opened = time.perf_counter()
    write_film(film, shot, size, frames)
    return opened - start, time.perf_counter() - opened


def open_picture(path: Path) -> NDArray[np.uint8]:
    """RGB uint8 HxWx3."""
    return np.asarray(Image.open(path).convert("RGB"))


def write_film(film: Path, shot: Shot, size: tuple[int, int], frames: int, crf: int = CRF) -> None:
    """Draw while the frames before are written, as the app does."""
    with VideoWriter(film, size, Fraction(RATE), crf=crf) as writer, WriteBehind(writer) as behind:
        for number in range(frames):
            behind.write(shot.draw(number / max(1, frames - 1)))


def open_store(folder: Path) -> ModelStore:
    """The models that come with the app, on the CPU."""
    return ModelStore(Catalogue(), folder / "weights", Device("cpu", "cpu"))


def add_jitter(report: Report, folder: Path, size: tuple[int, int], frames: int = SLOW_FRAMES) -> None:
    """The same slow zoom by both, written as H.264 and read back, without loss and as usual: a dot's jolts."""
    picture, ffmpeg = folder / "dot.png", find_ffmpeg()
    dot = draw_dot(size)
    cv2.imwrite(str(picture), dot)
    found: dict[str, Any] = {}
    for crf, quality in ((0, "without loss"), (CRF, f"crf {CRF}")):
        film = folder / f"dot-{crf}.mp4"
        zoom_slowly(dot, film, size, frames, crf)
        found[f"inkframe, {quality}"] = jitter_of(film, size)
        for enlarged in (1, ENLARGED) if ffmpeg else ():
            time_zoompan(
                zoompan_command(
                    ffmpeg or "", picture, film, size, frames, SLOW_ZOOM, crf, PRESET, enlarged=enlarged
                )
            )
            found[f"zoompan {enlarged}x, {quality}"] = jitter_of(film, size)
    report.figures["jitter"] = found
    if not ffmpeg:
        report.figures["zoompan"] = MISSING
    report.add_table(
        f"Jitter of a slow zoom (1 to {SLOW_ZOOM} in {frames} frames, {size[0]}x{size[1]}), px/frame²",
        ["what", "rms", "95 %", "largest"],
        [[what, *(each[name] for name in ("rms", "p95", "max"))] for what, each in found.items()],
    )


def zoom_slowly(rgb: NDArray[np.uint8], film: Path, size: tuple[int, int], frames: int, crf: int) -> None:
    """Write a zoom from 1 to SLOW_ZOOM."""
    amount = float(np.log(SLOW_ZOOM) / np.log(MOTIONS["zoom-in"].keys[-1].pose.zoom))
    options = MotionOptions(motion="zoom-in", amount=amount, easing="linear")
    write_film(film, open_shot(rgb, size, options, open_store(film.parent)), size, frames, crf)


def add_memory(report: Report, picture: Path, seconds: int, size: str = "1080p") -> None:
    """The most memory that a process of its own held while it made a long clip, and after its first second."""
    found = {
        motion: measure_memory(picture, motion, SIZES[size], seconds) for motion in ("zoom-in", "parallax")
    }
    report.figures["memory"] = found
    report.add_table(
        f"Memory for {seconds} s of {size} at {RATE} frames/s",
        ["motion", "MB after a second", "most MB", "frames/s"],
        [[motion, *(round(each[name], 1) for name in each)] for motion, each in found.items()],
    )


def measure_memory(picture: Path, motion: str, size: tuple[int, int], seconds: int) -> dict[str, float]:
    """Megabytes (10^6) after the first second of film and at most, and frames a second."""
    command = [sys.executable, "-m", "benchmarks.workers.video_worker", str(picture), motion]
    done = subprocess.run(
        [*command, *map(str, size), str(seconds)], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found
