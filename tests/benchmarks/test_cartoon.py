"""The cartoon benchmark on pictures made here, the published nets stood in for."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks import cartoon
from benchmarks import data as test_data
from pipelines.cartoon.options import STYLES
from tests.conftest import draw_disc


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of photos; nothing else is here."""
    monkeypatch.setattr(test_data, "DATA", tmp_path / "nothing")
    monkeypatch.setattr(cartoon, "SIZES", ((64, 48),))
    monkeypatch.setattr(cartoon, "PORTRAIT", (96, 64))
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(2):
        cv2.imwrite(str(folder / f"{number}.png"), draw_disc(80 + number, 120))
    return folder


def test_without_the_published_nets_their_part_is_left_out(photos: Path) -> None:
    report = cartoon.run(photos, quick=True)
    assert report.figures["ms"]["64x48"]["builtin"] > 0
    assert "quality" not in report.figures and "left out" in report.text()
    assert set(report.figures["flicker"]) == set(STYLES)


def test_the_published_nets_weigh_what_one_fetches(
    photos: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # given the nets packed smaller, as test data may have them
    for style in STYLES:
        for part in ("background", "head"):
            (tmp_path / f"{style}_{part}.npz").write_bytes(b"packed")
    monkeypatch.setenv("INKFRAME_TEACHERS", str(tmp_path))
    monkeypatch.setattr(cartoon, "open_teacher", lambda path, threads: lambda rgb: rgb)
    text = cartoon.run(photos, quick=True, only="speed").text()
    assert "| published, by the catalogue | 82.6 |" in text


def test_without_photos_each_part_says_what_it_leaves_out(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("INKFRAME_TEACHERS", raising=False)
    for part, count in ("quality", 1), ("flicker", 1), (None, 3):
        report = cartoon.run(None, quick=True, only=part)
        assert report.text().count("left out") == count
    assert report.made_up
    assert list(report.figures["ms"]) == ["64x48"] and "flicker" not in report.figures


def test_each_time_says_of_how_many_runs_it_is_the_best(photos: Path) -> None:
    text = cartoon.run(photos, quick=False, only="speed").text()
    assert f"| 64x48 | {cartoon.RUNS} |" in text
    assert f"| {cartoon.PORTRAIT_TITLE} | {cartoon.PORTRAIT_RUNS} |" in text


def test_likeness_is_that_of_the_drawings(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # given published nets that draw exactly what the net that comes with the app draws, but for one
    def open_alike(folder: Path, part: str, threads: int) -> dict[str, object]:
        def alike(style: str) -> object:
            return lambda rgb: net.draw(rgb, {style: 1.0}, part)

        return {**{style: alike(style) for style in STYLES}, "sketch": np.copy}

    monkeypatch.setenv("INKFRAME_TEACHERS", str(photos))
    monkeypatch.setattr(cartoon, "open_teachers", open_alike)
    held = cartoon.open_net

    def remember(store: object) -> object:
        nonlocal net
        net = held(store)  # type: ignore[arg-type]
        return net

    net: object = None
    monkeypatch.setattr(cartoon, "open_net", remember)
    scores = cartoon.run(photos, quick=True, only="quality").figures["quality"]["background"]
    assert scores["3d"]["psnr"] == 100 and scores["3d"]["ssim"] == pytest.approx(1)
    assert scores["sketch"]["psnr"] < 40 and scores["sketch"]["photo_psnr"] == 100


def test_photos_that_training_saw_are_left_out(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(test_data, "DATA", photos.parent)
    monkeypatch.setattr(cartoon, "DATA", photos.parent)
    monkeypatch.setattr(cartoon, "FOLDERS", (photos.name,))
    assert cartoon.find_photos(None) == []
    cv2.imwrite(str(photos / "07.png"), draw_disc(30, 30))
    assert [path.stem for path in cartoon.find_photos(None)] == ["07"]
