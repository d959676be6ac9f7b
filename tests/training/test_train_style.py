"""Style training end to end on made-up pictures: it learns, stops, goes on; motion is known; the net is judged."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from tests.training.style_samples import write_features, write_pictures  # noqa: E402
from training import evaluate_style, write_style_card  # noqa: E402
from training.checkpoints import read_step  # noqa: E402
from training.style_data import Sources, StyleBatches  # noqa: E402
from training.style_losses import steady_loss  # noqa: E402
from training.style_motion import follow, move  # noqa: E402
from training.style_pictures import find_styles, name_style, read_names_of  # noqa: E402
from training.train_style import learning_lead, left_alone, main  # noqa: E402

pytestmark = pytest.mark.usefixtures("one_thread")


def scene(side: int, seed: int = 0) -> np.ndarray:
    small = np.random.default_rng(seed).integers(0, 256, (side // 8, side // 8, 3), np.uint8)
    return np.asarray(cv2.resize(small, (side, side), interpolation=cv2.INTER_CUBIC), np.uint8)


def test_a_made_up_motion_says_where_each_pixel_came_from() -> None:
    moved = move(scene(128), np.random.default_rng(1))
    carried = cv2.remap(moved.before, moved.origin, None, cv2.INTER_LINEAR).astype(float)
    wrong = np.abs(carried - moved.after).mean(axis=2)
    assert moved.sure.mean() > 0.8
    assert wrong[moved.sure > 0].mean() < 12
    assert np.abs(moved.before.astype(float) - moved.after).mean() > 2 * wrong[moved.sure > 0].mean()


def test_a_films_motion_is_found_and_what_came_into_view_is_not_believed() -> None:
    whole = scene(160, 2)
    before, after = whole[16:144, 16:144], whole[16:144, 20:148].copy()
    after[:32, :32] = 255 - after[:32, :32]
    moved = follow(np.ascontiguousarray(before), after)
    assert np.median(moved.origin[64, 64:100, 0] - np.arange(64, 100)) == pytest.approx(4, abs=0.5)
    assert moved.sure[48:112, 16:112].mean() > 0.7 and moved.sure[4:28, 4:28].mean() < 0.3


def test_batches_are_the_same_for_the_same_step_and_their_motion_fits_the_loss(tmp_path: Path) -> None:
    _, photos = write_pictures(tmp_path)
    sources = Sources(sorted(photos.iterdir()), [], 3, made=0.3)
    batches = StyleBatches(sources, 7, 64, 2)
    first, again = batches[5], batches[5]
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert first["style"].tolist() == [10 % 3, 11 % 3]
    floats = {name: first[name].float() / 255 for name in ("before", "after")}
    moved = steady_loss(floats["before"], floats["after"], first["origin"], first["sure"])
    still = (floats["before"] - floats["after"]).abs().mean()
    assert moved < still


def test_without_photos_all_is_made_up() -> None:
    batch = StyleBatches(Sources([], [], 1), 7, 64, 1)[0]
    assert batch["before"].shape == (1, 3, 64, 64) and batch["before"].float().std() > 1


def test_styles_are_named_by_their_files(tmp_path: Path) -> None:
    paintings, _ = write_pictures(tmp_path)
    assert list(find_styles([paintings])) == ["red-sea", "blue"]
    assert name_style(Path("Über  Größe!.jpg")) == "ber-gr-e"
    with pytest.raises(ValueError, match="both be called"):
        find_styles([paintings, paintings / "blue.png"])


def test_the_teachers_word_loses_weight_but_is_heard_to_the_end() -> None:
    assert learning_lead(5, 0) == 0
    course = [learning_lead(step, 100) for step in (0, 50, 100, 1000)]
    assert (
        course[0] == 1 and course[2] == course[3] == pytest.approx(0.3) and course[1] == pytest.approx(0.65)
    )


def test_a_child_notices_that_its_parent_is_gone() -> None:
    import os

    assert not left_alone(None) and not left_alone(os.getppid())
    assert left_alone(-1) is (os.name == "posix")


def test_training_learns_stops_goes_on_and_is_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # given two paintings, two photos, features with random weights
    paintings, photos = write_pictures(tmp_path)
    features, run = write_features(tmp_path), tmp_path / "run"
    common = ["--styles", str(paintings), "--photos", str(photos), "--features", str(features)]
    shape = ["--side", "64", "--count", "1", "--log-every", "4", "--sheet-every", "8"]
    # when it is trained for 8 steps, then for 4 more
    for steps in ("8", "12"):
        main([*common, *shape, "--run", str(run), "--steps", steps])
    # then it went on where it was, and its loss fell
    rows = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    assert [row["step"] for row in rows] == [4, 8, 12] and read_step(run / "latest.pt") == 12
    assert rows[2]["total"] < rows[0]["total"]
    assert read_names_of(run) == ("red-sea", "blue")
    assert (run / "sheet-000008.png").is_file() and not (run / "train.pid").exists()
    # and when it is judged, the figures and the card say so
    out = tmp_path / "out"
    evaluate_style.main([str(run / "latest.pt"), *common, "--out", str(out), "--most", "2", "--threads", "1"])
    figures = json.loads((out / "figures.json").read_text())
    assert figures["photos"] == 2 and set(figures["nets"]) == {"photo", "ours"}
    assert figures["nets"]["photo"]["content"] == pytest.approx(0, abs=1e-6)
    assert figures["nets"]["ours"]["ms"] > 0 and (out / "sheet.png").is_file()
    (tmp_path / "style.onnx").write_bytes(b"net")
    card = write_style_card.fill_card(tmp_path / "style.onnx", out / "figures.json", ("red-sea", "blue"), 12)
    assert "red-sea, blue" in card and "12 training steps" in card and "{" not in card


def test_training_without_anything_to_learn_from_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(SystemExit):
        main(["--styles", str(tmp_path), "--photos", str(tmp_path)])
    assert "--features" in capsys.readouterr().err
