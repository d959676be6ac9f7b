"""What the project promises of its figures, section by section: found in a benchmark's figures, never in its text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.results_plots import pick
from benchmarks.table import show

Figures = Mapping[str, Any]


@dataclass(frozen=True)
class Claim:
    """`find` takes the value out of the figures; it may be at most, or else at least, `bound`."""

    what: str
    find: Callable[[Figures], float]
    bound: float
    at_most: bool = False
    unit: str = ""

    @property
    def target(self) -> str:
        return f"{'≤' if self.at_most else '≥'} {self.bound:g}{self.unit}"

    def judge(self, value: float) -> bool:
        return value <= self.bound if self.at_most else value >= self.bound


def judge_section(name: str, figures: Figures) -> Iterator[list[str]]:
    """Rows of what, measured, target, reached; a value that is not among the figures was not measured."""
    for claim in CLAIMS.get(name, ()):
        try:
            value = float(claim.find(figures))
        except (LookupError, StopIteration, TypeError, ValueError, ZeroDivisionError):
            yield [claim.what, "not measured", claim.target, "-"]
        else:
            yield [
                claim.what,
                f"{show(value)}{claim.unit}",
                claim.target,
                "yes" if claim.judge(value) else "no",
            ]


def _slowest(size: str, of: str) -> Callable[[Figures], float]:
    return lambda f: min(each[of] for name, each in f["speed"][size].items() if name != "zoompan")


def _psnr(name: str) -> Callable[[Figures], float]:
    return lambda f: f["sets"][name]["builtin"]["psnr"]


def _page(title: str, of: str) -> Callable[[Figures], float]:
    return lambda f: pick(f["page"], title, of)


def _mean_drawing(part: str) -> Callable[[Figures], float]:
    return lambda f: f["quality"][part]["mean"]["psnr"]


CLAIMS: Mapping[str, tuple[Claim, ...]] = {
    "matting-quality": (
        Claim(
            "median error of fine / plain mask",
            lambda f: f["quality"]["fine"]["median_mad_against_off"],
            0.75,
            True,
        ),
        Claim(
            "worst picture, fine / plain mask",
            lambda f: f["quality"]["fine"]["worst_against_off"],
            1.05,
            True,
        ),
    ),
    "portraits": (
        Claim(
            "people: error of portrait / u2netp",
            lambda f: f["models"]["portraits"]["portrait"]["mad"] / f["models"]["portraits"]["u2netp"]["mad"],
            0.15,
            True,
        ),
        Claim(
            "no people: error of auto / u2netp",
            lambda f: f["models"]["pairs"]["auto"]["mad"] / f["models"]["pairs"]["u2netp"]["mad"],
            1.0,
            True,
        ),
    ),
    "matting-speed": (
        Claim(
            "1 Mpx, warm: off / rembg",
            lambda f: f["speed"]["off"]["1 Mpx"]["warm"] / f["speed"]["rembg"]["1 Mpx"]["warm"],
            0.9,
            True,
        ),
        Claim(
            "1 Mpx, warm: fast / off",
            lambda f: f["speed"]["fast"]["1 Mpx"]["warm"] / f["speed"]["off"]["1 Mpx"]["warm"],
            1.2,
            True,
        ),
        Claim(
            "12 Mpx, fast: most memory", lambda f: f["speed"]["fast"]["12 Mpx"]["peak_mb"], 1500, True, " MB"
        ),
    ),
    "batch": (
        Claim("pictures a second / rembg", lambda f: f["speed"]["inkframe"]["against_rembg"], 1.3),
        Claim("share of the time that the nets work", lambda f: f["speed"]["inkframe"]["model_share"], 0.85),
    ),
    "cartoon-speed": (
        Claim(
            "512x512: published / builtin",
            lambda f: f["ms"]["512x512"]["published"] / f["ms"]["512x512"]["builtin"],
            8,
        ),
        Claim("all seven styles", lambda f: f["bytes"] / 1e6, 4, True, " MB"),
        Claim(
            "portrait 1280x960, published",
            lambda f: next(row["published"] for name, row in f["ms"].items() if "portrait" in name),
            3000,
            True,
            " ms",
        ),
    ),
    "cartoon-quality": (
        Claim("whole pictures, mean", _mean_drawing("background"), 27, unit=" dB"),
        Claim("faces, mean", _mean_drawing("head"), 24, unit=" dB"),
        Claim(
            "the least of all styles",
            lambda f: min(each["psnr"] for part in f["quality"].values() for each in part.values()),
            23,
            unit=" dB",
        ),
    ),
    "cartoon-flicker": (
        Claim("most change of a drawing / its frames", lambda f: max(f["flicker"].values()), 1.5, True),
    ),
    "interpolation": (
        Claim("Middlebury", _psnr("middlebury"), 33.0, unit=" dB"),
        Claim("UCF101", _psnr("ucf101"), 34.8, unit=" dB"),
        Claim("DAVIS", _psnr("davis"), 26.8, unit=" dB"),
        Claim("640x480", lambda f: f["ms_640x480"]["builtin"], 90, True, " ms"),
    ),
    "video-speed": (
        Claim("512x512, the slowest motion", _slowest("512x512", "fps"), 120, unit=" frames/s"),
        Claim("1080p, the slowest motion", _slowest("1080p", "fps"), 24, unit=" frames/s"),
        Claim("1080p, the slowest motion / zoompan 4x", _slowest("1080p", "against_zoompan"), 1.0),
    ),
    "video-jitter": (
        Claim(
            "1080p as written (crf 17)",
            lambda f: f["jitter"]["inkframe, crf 17"]["rms"],
            0.02,
            True,
            " px/frame²",
        ),
    ),
    "video-memory": (
        Claim(
            "most of both motions",
            lambda f: max(each["peak_mb"] for each in f["memory"].values()),
            700,
            True,
            " MB",
        ),
    ),
    "live-speed": (
        Claim(
            "a painting at 384x288", lambda f: f["speed"]["painting-05"]["384"]["fps"], 15, unit=" frames/s"
        ),
        Claim(
            "a cartoon at 384x288", lambda f: f["speed"]["cartoon-anime"]["384"]["fps"], 30, unit=" frames/s"
        ),
    ),
    "live-sessions": (Claim("four alike: least rate / greatest", lambda f: f["sessions"][0]["share"], 0.8),),
    "live-page": (
        Claim(
            "no style: frames a second / Gradio's",
            lambda f: _page("WebSocket, no style", "fps")(f) / _page("Gradio", "fps")(f),
            5,
        ),
        Claim("no style: age p95", _page("WebSocket, no style", "age_p95_ms"), 60, True, " ms"),
        Claim("a painting: frames a second", _page("WebSocket, a painting", "fps"), 15),
        Claim("a painting: age p95", _page("WebSocket, a painting", "age_p95_ms"), 150, True, " ms"),
        Claim("WebRTC, 20 fps camera: frames a second", _page("WebRTC", "fps"), 19),
    ),
    "smoothing": (
        Claim(
            "strong: flicker", lambda f: 100 * f["smoothing"]["means"]["strong"]["flicker"], -40, True, " %"
        ),
        Claim(
            "strong: ghosting", lambda f: 100 * f["smoothing"]["means"]["strong"]["ghosting"], 10, True, " %"
        ),
    ),
    "load": (
        Claim("failures other than 429 and 503", lambda f: f["failures"], 0, True),
        Claim("tracebacks in the server's log", lambda f: f["tracebacks"], 0, True),
    ),
}
"""Everything the table of the summary says."""
