"""The plots that README shows, drawn from the figures of RESULTS.md."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.bars import Bar, Chart, draw_bars
from benchmarks.matting_speed import LIKE, PEERS, title_of
from benchmarks.sections import counts
from benchmarks.table import show

Sections = Mapping[str, Mapping[str, Any]]
PSNR_TOP = 255.0
HERE = "Each pair in one run on the same machine"


def write_plots(sections: Sections, folder: Path) -> None:
    """Draw those whose figures are there and count; the others are removed rather than left stale."""
    folder.mkdir(parents=True, exist_ok=True)
    figures = {name: found["figures"] for name, found in sections.items() if counts(found)}
    for name, make in CHARTS.items():
        path = folder / f"{name}.svg"
        try:
            chart = make(figures)
        except (KeyError, StopIteration, ZeroDivisionError):
            path.unlink(missing_ok=True)
        else:
            path.write_text(draw_bars(chart), encoding="utf-8")


def plot_overview(found: Sections) -> Chart:
    """How many times as fast as its peer each tab is; rembg with PNGs as little compressed as ours."""
    cut, drawn = found["matting-speed"]["speed"], found["cartoon-speed"]["ms"]
    folders = found["batch"]["speed"]
    films, page = found["video-speed"]["speed"], found["live-page"]["page"]
    ratios = {
        "Matting beside rembg, PNGs compressed alike": {
            f"{size}, edges {refine}": cut[LIKE][size]["warm"] / cut[refine][size]["warm"]
            for size in cut[LIKE]
            for refine in ("fast", "fine")
        },
        "Batch Matting beside rembg's folder command, PNGs alike": {
            "a folder of 1 Mpx": folders["inkframe"]["pictures_per_second"]
            / folders[LIKE]["pictures_per_second"]
        },
        "Cartoon beside the published nets": {
            size.partition(",")[0]: each["published"] / each["builtin"] for size, each in drawn.items()
        },
        "Image to video beside zoompan 4x": {
            f"{size}, {motion}": rows[motion]["against_zoompan"]
            for size, rows in films.items()
            for motion in ("zoom-in", "parallax")
        },
        "Webcam Style in Chromium beside Gradio's streaming": {
            "frames, no style": pick(page, "WebSocket, no style", "fps") / pick(page, "Gradio", "fps")
        },
    }
    groups = [
        (group, [Bar(name, value, f"{value:.2g}x") for name, value in rows.items()])
        for group, rows in ratios.items()
    ]
    return Chart("Times as fast as the peer", f"{HERE}; left of the line is slower", groups, even=True)


def plot_matting(found: Sections) -> Chart:
    speed = found["matting-speed"]["speed"]
    groups = [
        (
            size,
            [
                bar(
                    title_of(name),
                    sizes[size]["warm"],
                    " s",
                    name not in PEERS,
                )
                for name, sizes in speed.items()
            ],
        )
        for size in speed["rembg"]
    ]
    return Chart(
        "Matting: JPEG file to PNG file, u2netp, warm", "Seconds a picture; shorter is better", groups
    )


def plot_batch(found: Sections) -> Chart:
    speed = found["batch"]["speed"]
    bars = [
        bar(name if name in PEERS else "Inkframe", each["pictures_per_second"], "", ours=name not in PEERS)
        for name, each in speed.items()
    ]
    return Chart(
        "Batch Matting: folder to folder, 1 Mpx", "Pictures a second; longer is better", [("", bars)]
    )


def plot_cartoon(found: Sections) -> Chart:
    groups = [
        (
            size,
            [
                bar("DCT-Net as published", each["published"], " ms", ours=False),
                bar("the net that comes along", each["builtin"], " ms"),
            ],
        )
        for size, each in found["cartoon-speed"]["ms"].items()
    ]
    return Chart("Cartoon: a picture drawn", "Milliseconds; shorter is better", groups)


def plot_video(found: Sections) -> Chart:
    groups = []
    for size, rows in found["video-speed"]["speed"].items():
        peer = bar("zoompan 4x", rows["zoompan"]["fps"], "", ours=False)
        groups.append(
            (size, [peer, *(bar(name, each["fps"], "") for name, each in rows.items() if name != "zoompan")])
        )
    note = "Frames a second; longer is better"
    return Chart("Image to video: one picture to MP4", note, groups)


def plot_interpolation(found: Sections) -> Chart:
    """PSNR as the error that it stands for: bars then start at none."""
    titles = {"builtin": "Inkframe", "rife": "RIFE 3.9", "blend": "a blend"}
    groups = [
        (
            name,
            [
                bar(
                    titles.get(way, way),
                    PSNR_TOP / 10 ** (each["psnr"] / 20),
                    f" ({each['psnr']:.2f} dB)",
                    way == "builtin",
                )
                for way, each in ways.items()
            ],
        )
        for name, ways in found["interpolation"]["sets"].items()
    ]
    note = "Root of the mean squared error of the frame half-way, grey levels; shorter is better"
    return Chart("Frames in between", note, groups)


def plot_live(found: Sections) -> Chart:
    page, loop = found["live-page"]["page"], found["live-speed"]["speed"]
    rows = [
        bar(name.replace(", fake camera", ""), each["fps"], "", "Gradio" not in name)
        for name, each in page.items()
    ]
    titles = {
        "none": "no style",
        "painting-05": "a painting",
        "cartoon-anime": "a cartoon",
        "matting": "another background",
    }
    sized = [
        bar(f"{titles.get(style, style)}, {each['size']}", each["fps"], "")
        for style, sizes in loop.items()
        for each in sizes.values()
    ]
    groups = [
        ("Camera (640x480) to screen in Chromium", rows),
        ("The loop by itself, JPEG in and out", sized),
    ]
    return Chart("Webcam Style", "Frames a second; longer is better", groups)


def bar(label: str, value: float, unit: str, ours: bool = True) -> Bar:
    return Bar(label, value, f"{show(float(value))}{unit}", ours)


def pick(rows: Mapping[str, Mapping[str, float]], start: str, of: str) -> float:
    """A value of the first row whose name starts so. Raises StopIteration without one."""
    return next(row[of] for name, row in rows.items() if name.startswith(start))


CHARTS: Mapping[str, Callable[[Sections], Chart]] = {
    "overview": plot_overview,
    "matting": plot_matting,
    "batch": plot_batch,
    "cartoon": plot_cartoon,
    "video": plot_video,
    "interpolation": plot_interpolation,
    "live": plot_live,
}
