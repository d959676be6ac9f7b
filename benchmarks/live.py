"""The live loop without a browser: rate and stages of each style and size, what the size settles at for each rate,
sessions at once, flicker and ghosting of the smoothing, memory over many frames."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

from benchmarks.data import find_data
from benchmarks.live_client import TwoInFlight
from benchmarks.live_smoothing import FRAMES, QUICK_FRAMES, compare, find_films, measure_smoothing, read_clips
from benchmarks.synthetic import SyntheticScene, encode_frames
from benchmarks.table import Report
from pipelines.memory import memory_mb
from pipelines.settings import Settings
from pipelines.studio import Studio, open_studio
from pipelines.webcam.drawers import open_drawer
from pipelines.webcam.options import LiveOptions
from pipelines.webcam.telemetry import Stats

ONLY = ("speed", "adaptive", "sessions", "smoothing", "memory")
STYLES = ("none", "painting-05", "cartoon-anime", "matting")
ADAPTED = ("painting-05", "cartoon-anime")
SMOOTHED = ("painting-05", "painting-12")
SIZES, GPU_SIZES = (256, 384, 640), (384, 640, 1280)
SMOOTHING = "light"
SOURCE, LARGE_SOURCE = (640, 480), (1280, 720)
FRAMES_OFFERED = 60
AT_ONCE = ("painting-05",) * 4, ("painting-05", "painting-05", "cartoon-anime", "matting")
TARGETS = (15.0, 20.0, 30.0)
SECONDS, QUICK_SECONDS = 8.0, 1.0
MINUTES, QUICK_MINUTES = 30.0, 0.1
ROUND = 10.0
"""Seconds of each style and size while memory is measured."""
STAGES = ("decode", "fit", "draw", "smooth", "encode")


def run(
    data: Path | None, *, quick: bool = False, only: str | None = None, minutes: float | None = None
) -> Report:
    """`data`: a folder of films, for the smoothing. Parts: speed, adaptive, sessions, smoothing, memory (so
    many `minutes`)."""
    report, seconds = Report(), QUICK_SECONDS if quick else SECONDS
    with open_bench_studio() as studio:
        if only in (None, "speed"):
            sizes = GPU_SIZES if studio.device.kind == "cuda" else SIZES
            add_speed(report, studio, seconds, sizes[:1] if quick else sizes)
        if only in (None, "adaptive"):
            add_adaptive(report, studio, 2 * seconds, TARGETS[:1] if quick else TARGETS)
        if only in (None, "sessions"):
            add_sessions(report, studio, 2 * seconds)
        if only in (None, "smoothing"):
            add_smoothing(report, studio, data or default_data(), quick)
        if only in (None, "memory"):
            add_memory(report, studio, QUICK_MINUTES if quick else minutes or MINUTES)
    return report


def default_data() -> Path | None:
    return find_data("videos")


@contextmanager
def open_bench_studio() -> Iterator[Studio]:
    """A studio of its own whose models are those that come with the app."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        studio = open_studio(
            Settings(outputs=folder / "outputs", weights=folder / "weights", models="none", offline=True)
        )
        try:
            yield studio
        finally:
            studio.close()


def add_speed(report: Report, studio: Studio, seconds: float, sizes: Sequence[int]) -> None:
    """Rates at fixed sizes."""
    found = {
        style: {str(longest): measure_speed(studio, style, longest, seconds) for longest in sizes}
        for style in STYLES
    }
    report.figures["speed"] = found
    report.add_table(
        f"Live loop, JPEG in and out, {SMOOTHING} smoothing, {os.cpu_count()} cores, {studio.device.label}",
        ["style", "size", "frames/s", "held by", "95 % ms", *(f"{stage} ms" for stage in STAGES)],
        [
            [style, *(each[name] for name in ("size", "fps", "limited_by", "server_p95_ms", *STAGES))]
            for style, sized in found.items()
            for each in sized.values()
        ],
    )


def measure_speed(studio: Studio, style: str, longest: int, seconds: float) -> dict[str, Any]:
    """Frames/s and ms of each stage of a loop whose size is held."""
    options = LiveOptions(style=style, smoothing=SMOOTHING, floor=longest, ceiling=longest)
    stats = watch(studio, options, seconds, SOURCE if longest <= SOURCE[0] else LARGE_SOURCE)
    stages = {stage: stats.stages.get(stage, 0.0) for stage in STAGES}
    return {
        "size": f"{stats.width}x{stats.height}",
        "fps": stats.fps,
        "limited_by": stats.limited_by,
        "server_p95_ms": stats.server_p95_ms,
        "grade": stats.grade,
        **stages,
    }


def watch(studio: Studio, options: LiveOptions, seconds: float, source: tuple[int, int] = SOURCE) -> Stats:
    """Run a loop for so long after its first frame; returns its pulse at the end."""
    frames = encode_frames(SyntheticScene(source), FRAMES_OFFERED)
    with TwoInFlight(partial(open_drawer, studio), options, frames) as client:
        client.wait()
        time.sleep(seconds)
        return client.loop.stats()


def add_adaptive(report: Report, studio: Studio, seconds: float, targets: Sequence[float]) -> None:
    """Where the size comes to rest for each rate that is asked for."""
    found = {}
    for style in ADAPTED:
        for target in targets:
            stats = watch(studio, LiveOptions(style=style, target_fps=target), seconds)
            size = f"{stats.width}x{stats.height}"
            found[f"{style} at {target:g}"] = {"size": size, "fps": stats.fps, "why": stats.size_sentence}
    report.figures["adaptive"] = found
    report.add_table(
        f"The size that holds a rate, after {seconds:g} s",
        ["style and frames/s asked for", "size", "frames/s", "why"],
        [[name, *each.values()] for name, each in found.items()],
    )


def add_sessions(report: Report, studio: Studio, seconds: float) -> None:
    """What each of several sessions gets of a machine that they share, at usual settings: `share` is the least
    rate over the greatest."""
    frames, found = encode_frames(SyntheticScene(SOURCE), FRAMES_OFFERED), list[dict[str, Any]]()
    for styles in AT_ONCE:
        with ExitStack() as stack:
            clients = [
                stack.enter_context(
                    TwoInFlight(partial(open_drawer, studio), LiveOptions(style=style), frames)
                )
                for style in styles
            ]
            for client in clients:
                client.wait()
            time.sleep(seconds)
            stats = [client.loop.stats() for client in clients]
        rates = [each.fps for each in stats]
        sides, share = [each.longest for each in stats], min(rates) / max(rates) if max(rates) else 0.0
        found.append({"styles": styles, "fps": rates, "longest": sides, "share": share})
    report.figures["sessions"] = found
    report.add_table(
        f"Sessions at once, {LiveOptions().target_fps:g} frames/s wanted of each",
        ["styles", "frames/s of each", "longer side of each, px", "least / greatest"],
        [
            [
                ", ".join(each["styles"]),
                ", ".join(f"{rate:.1f}" for rate in each["fps"]),
                ", ".join(map(str, each["longest"])),
                each["share"],
            ]
            for each in found
        ],
    )


def add_smoothing(report: Report, studio: Studio, data: Path | None, quick: bool) -> None:
    """Flicker and ghosting against no smoothing, by way, for each clip and style."""
    found, films = {}, find_films(data)
    report.made_up = not films
    for style in SMOOTHED[:1] if quick else SMOOTHED:
        drawer = open_drawer(studio, LiveOptions(style=style))
        for name, camera in read_clips(films, QUICK_FRAMES if quick else FRAMES).items():
            found[f"{name}, {style}"] = measure_smoothing(camera, drawer)
    means = compare(found)
    report.figures["smoothing"] = {"clips": found, "means": means}
    for kind in ("flicker", "ghosting"):
        report.add_table(
            f"{kind.capitalize()}, grey levels",
            ["clip", *means],
            [[name, *(way[kind] for way in ways.values())] for name, ways in found.items()],
        )
    report.add_table(
        "Against no smoothing, in the mean of the clips",
        ["smoothing", "flicker %", "ghosting %", "ms a frame"],
        [[way, 100 * each["flicker"], 100 * each["ghosting"], each["ms"]] for way, each in means.items()],
    )


def add_memory(report: Report, studio: Studio, minutes: float) -> None:
    """The most that this process holds in each round of all styles and sizes. It has grown by what the last one
    has over the second: the first still loads what is kept from then on."""
    frames, kinds = encode_frames(SyntheticScene(SOURCE), FRAMES_OFFERED), list(product(STYLES, SIZES))
    rounds = max(3, round(60 * minutes / (ROUND * len(kinds))))
    held: list[float] = []
    with TwoInFlight(partial(open_drawer, studio), LiveOptions(), frames) as client:
        client.wait()
        for style, size in kinds * rounds:
            client.loop.change(LiveOptions(style=style, smoothing="strong", ceiling=size))
            time.sleep(60 * minutes / (rounds * len(kinds)))
            held.append(memory_mb())
        delivered = client.loop.stats().delivered
    most = [max(held[start : start + len(kinds)]) for start in range(0, len(held), len(kinds))]
    figures = {
        "minutes": minutes,
        "frames": delivered,
        "first_mb": most[0],
        "second_mb": most[1],
        "last_mb": most[-1],
        "grown_mb": most[-1] - most[1],
    }
    report.figures["memory"] = figures
    title = f"Memory of one session that changes its style and size every {ROUND:g} s"
    report.add_table(title, list(figures), [list(figures.values())])
