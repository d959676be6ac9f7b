from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import live
from benchmarks.live_client import TwoInFlight
from benchmarks.synthetic import SyntheticScene, encode_frames
from benchmarks.table import Report
from pipelines.errors import InvalidOption
from pipelines.studio import Studio
from pipelines.webcam.frames import Rgb
from pipelines.webcam.options import LiveOptions


class Same:
    multiple, leaves = 8, False

    def draw(self, rgb: Rgb) -> Rgb:
        return rgb

    def adjust(self, options: LiveOptions) -> Same:
        return self


@pytest.fixture
def drawing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every style is the camera's picture."""
    monkeypatch.setattr(live, "open_drawer", lambda studio, options: Same())
    monkeypatch.setattr(live, "STYLES", ("none", "painting-05"))
    monkeypatch.setattr(live, "FRAMES_OFFERED", 4)
    monkeypatch.setattr(live, "SOURCE", (192, 144))
    yield


@pytest.mark.usefixtures("drawing")
def test_speed_is_told_by_style_and_size(studio: Studio) -> None:
    report = Report()
    live.add_speed(report, studio, 0.3, (128, 192))
    found = report.figures["speed"]
    assert {style: list(sizes) for style, sizes in found.items()} == {
        "none": ["128", "192"],
        "painting-05": ["128", "192"],
    }
    assert found["none"]["192"]["size"] == "192x144"
    assert found["none"]["192"]["fps"] > 5
    assert "192x144" in report.text()


@pytest.mark.usefixtures("drawing")
def test_the_size_that_holds_a_rate_is_told_with_its_reason(studio: Studio) -> None:
    report = Report()
    live.add_adaptive(report, studio, 0.2, (15.0,))
    assert report.figures["adaptive"]["painting-05 at 15"]["why"].startswith("Started at")


@pytest.mark.usefixtures("drawing")
def test_sessions_at_once_are_told_each(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "AT_ONCE", (("none", "painting-05"),))
    report = Report()
    live.add_sessions(report, studio, 0.3)
    (found,) = report.figures["sessions"]
    assert len(found["fps"]) == 2 and min(found["fps"]) > 0
    assert found["share"] == min(found["fps"]) / max(found["fps"])
    assert "none, painting-05" in report.text()


@pytest.mark.usefixtures("drawing")
def test_memory_is_told_of_the_rounds(studio: Studio) -> None:
    report = Report()
    live.add_memory(report, studio, minutes=0.01)
    figures = report.figures["memory"]
    assert figures["frames"] > 0
    assert figures["grown_mb"] == figures["last_mb"] - figures["second_mb"]


@pytest.mark.usefixtures("drawing")
def test_smoothing_is_told_by_clip_and_in_the_mean(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "QUICK_FRAMES", 8)
    report = Report()
    live.add_smoothing(report, studio, tmp_path, quick=True)
    assert set(report.figures["smoothing"]["clips"]) == {"made up, painting-05"}
    assert {"off", "light", "strong", "moving average 0.5"} <= set(report.figures["smoothing"]["means"])


def test_the_client_keeps_two_frames_on_their_way() -> None:
    frames = encode_frames(SyntheticScene((64, 48)), 2)
    with TwoInFlight(lambda options: Same(), LiveOptions(), frames) as client:
        client.wait()
    assert client.loop.stats().delivered >= client.loop.stats().received - 3


def test_the_client_says_why_nothing_came() -> None:
    def refuse(options: LiveOptions) -> Same:
        raise InvalidOption("There is no such style.", "Choose another.")

    with TwoInFlight(refuse, LiveOptions(), [b"x"]) as client, pytest.raises(InvalidOption):
        client.wait()
