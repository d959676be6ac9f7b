"""The cartoon benchmark on pictures made here, the published nets stood in for."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks import __main__ as command
from benchmarks import cartoon
from pipelines.cartoon.options import STYLES
from tests.conftest import draw_disc


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of photos; nothing else is here."""
    monkeypatch.setattr(command, "DATA", tmp_path / "nothing")
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
    monkeypatch.setattr(command, "DATA", photos.parent)
    monkeypatch.setattr(cartoon, "FOLDERS", (photos.name,))
    assert cartoon.find_photos(None) == []
    cv2.imwrite(str(photos / "07.png"), draw_disc(30, 30))
    assert [path.stem for path in cartoon.find_photos(None)] == ["07"]
