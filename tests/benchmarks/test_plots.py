"""The plots: lengths that are in proportion, and none that is stale."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from benchmarks.bars import Bar, Chart, draw_bars
from benchmarks.matting_speed import LIKE
from benchmarks.results_plots import CHARTS, write_plots

SVG = "{http://www.w3.org/2000/svg}"


def read_widths(svg: str) -> list[float]:
    _, *bars = ElementTree.fromstring(svg).iter(f"{SVG}rect")
    return [float(bar.get("width", "")) for bar in bars]


def test_bars_are_as_long_as_their_values() -> None:
    chart = Chart("a & b", "note", [("", [Bar("<one>", 2.0, "2"), Bar("two", 1.0, "1", ours=False)])])
    first, second = read_widths(draw_bars(chart))
    assert first == pytest.approx(2 * second, abs=0.1)


def test_ratios_start_at_one_and_go_both_ways() -> None:
    chart = Chart("", "", [("", [Bar("", 4.0, ""), Bar("", 0.25, ""), Bar("", 2.0, "")])], even=True)
    four, quarter, two = read_widths(draw_bars(chart))
    assert four == pytest.approx(quarter, abs=0.1)
    assert four == pytest.approx(2 * two, abs=0.1)


def test_every_plot_is_drawn_from_the_figures_and_goes_with_them(tmp_path: Path) -> None:
    # given the figures of all sections
    write_plots({name: {"figures": figures} for name, figures in FIGURES.items()}, tmp_path)
    assert {path.stem for path in tmp_path.iterdir()} == set(CHARTS)
    for path in tmp_path.iterdir():
        assert len(read_widths(path.read_text())) >= 2
    # when one section has failed
    write_plots(
        {name: {"figures": figures} for name, figures in FIGURES.items() if name != "batch"}, tmp_path
    )
    # then what was drawn from it is gone
    assert {path.stem for path in tmp_path.iterdir()} == set(CHARTS) - {"batch", "overview"}
    # and nothing is drawn of a quick run
    write_plots({name: {"figures": figures, "quick": True} for name, figures in FIGURES.items()}, tmp_path)
    assert not list(tmp_path.iterdir())


FILM = {"fps": 36.0, "against_zoompan": 1.2}
SPEED = {"1 Mpx": {"warm": 0.3}, "12 Mpx": {"warm": 1.5}}
FIGURES: dict[str, Any] = {
    "matting-speed": {"speed": {name: SPEED for name in ("rembg", LIKE, "off", "fast", "fine")}},
    "batch": {
        "speed": {
            "rembg": {"pictures_per_second": 1.5},
            LIKE: {"pictures_per_second": 2.0},
            "inkframe": {"pictures_per_second": 3.0, "against_rembg": 2.0},
        }
    },
    "cartoon-speed": {"ms": {"512x512": {"builtin": 18.0, "published": 160.0}}},
    "video-speed": {"speed": {"1080p": {"zoompan": {"fps": 30.0}, "zoom-in": FILM, "parallax": FILM}}},
    "interpolation": {"sets": {"middlebury": {"builtin": {"psnr": 33.6}, "blend": {"psnr": 27.1}}}},
    "live-page": {"page": {"Gradio streaming, no style": {"fps": 2.0}, "WebSocket, no style": {"fps": 48.0}}},
    "live-speed": {"speed": {"none": {"384": {"fps": 60.0, "size": "384x288"}}}},
}
