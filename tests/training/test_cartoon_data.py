"""Pairs for the cartoon net: teachers, crops, batches, going on after a stop."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch")

from pipelines.cartoon.options import STYLES  # noqa: E402
from training import cartoon_data  # noqa: E402
from training.cartoon_crops import SIDES, Source, cut_head, draw_crop, read_photo  # noqa: E402
from training.cartoon_data import CartoonBatches, blend, draw_styles  # noqa: E402
from training.cartoon_pairs import ask_all, draw_held_back, draw_pairs, plan  # noqa: E402
from training.cartoon_targets import TARGETS, targets_of  # noqa: E402
from training.cartoon_teachers import find_file, open_teacher  # noqa: E402
from training.folders import HELD_BACK, HELD_BACK_SCENES, read_names  # noqa: E402
from weights.nets.dctnet_layers import LAYERS  # noqa: E402


def write_photo(path: Path, height: int = 300, width: int = 400) -> Source:
    y, x = np.mgrid[:height, :width]
    cv2.imwrite(str(path), np.dstack([x % 256, y % 256, (x + y) % 256]).astype(np.uint8))
    points = np.array([[150, 120], [250, 120], [200, 170], [160, 220], [240, 220]], np.float64)
    return Source(path, points)


def teachers() -> dict[str, object]:
    """Style k answers with k everywhere."""
    return {style: lambda rgb, k=k: np.full_like(rgb, k) for k, style in enumerate(STYLES)}


def write_pairs(folder: Path, side: int = 64) -> None:
    photo = np.full((1, side, side, 3), 200, np.uint8)
    drawings = np.stack([np.full((side, side, 3), 10 * k, np.uint8) for k in range(7)])
    for part in ("background", "head"):
        np.save(folder / f"{part}-00000.npy", np.concatenate([photo, drawings]))


def test_targets_are_seven_backgrounds_then_seven_heads() -> None:
    assert len(TARGETS) == 14 and list(TARGETS) == targets_of("background") + targets_of("head")


def test_a_teacher_of_plain_arrays_draws_a_picture_of_its_own_size(tmp_path: Path) -> None:
    rng, arrays = np.random.default_rng(0), {}
    for place, layer in enumerate(LAYERS):
        shape = layer.size, layer.size, layer.channels, layer.filters
        arrays[f"w{place:02}"] = rng.normal(0, 0.05, shape).astype(np.float16)
        arrays[f"b{place:02}"] = np.zeros(layer.filters, np.float16)
    np.savez(tmp_path / "3d_head.npz", **arrays)
    path = find_file(tmp_path, "3d", "head")
    drawing = open_teacher(path)(rng.integers(0, 256, (32, 48, 3), np.uint8))
    assert drawing.shape == (32, 48, 3) and drawing.dtype == np.uint8


def test_the_published_graph_is_preferred_and_a_missing_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"cartoon_bg\.pb"):
        find_file(tmp_path, "anime", "background")
    (tmp_path / "anime_background.npz").touch()
    (tmp_path / "anime").mkdir()
    published = tmp_path / "anime" / "cartoon_bg.pb"
    published.touch()
    assert find_file(tmp_path, "anime", "background") == published


@pytest.mark.parametrize("part", ["background", "head"])
def test_crops_are_the_same_each_time_and_differ_by_number(tmp_path: Path, part: str) -> None:
    whole = write_photo(tmp_path / "a.png")
    source = whole if part == "head" else Source(whole.path)
    first, again, other = (draw_crop([source], part, number, 1) for number in (0, 0, 1))
    assert first.shape == (SIDES[part], SIDES[part], 3) and first.dtype == np.uint8
    assert np.array_equal(first, again) and not np.array_equal(first, other)


def test_a_photo_smaller_than_a_crop_is_enlarged(tmp_path: Path) -> None:
    source = Source(write_photo(tmp_path / "small.png", 90, 120).path)
    assert draw_crop([source], "background", 0, 1).shape == (256, 256, 3)


def test_a_face_lands_near_its_place(tmp_path: Path) -> None:
    # given a photo that is black but for its nose
    photo = np.zeros((300, 400, 3), np.uint8)
    points = write_photo(tmp_path / "a.png").points
    assert points is not None
    cv2.circle(photo, (200, 170), 12, (255, 0, 0), -1)
    # then the red spot is in the middle of every crop
    for seed in range(6):
        crop = cut_head(photo, points, 288, np.random.default_rng(seed)).astype(int)
        y, x = np.nonzero(crop[..., 0] - crop[..., 1] > 128)
        assert abs(x.mean() - 144) < 45 and abs(y.mean() - 160) < 50


def test_large_photos_are_shrunk(tmp_path: Path) -> None:
    assert max(read_photo(write_photo(tmp_path / "a.png", 900, 2000).path).shape) == 1280


def test_pairs_are_drawn_once_and_parts_stay_in_step(tmp_path: Path) -> None:
    source = write_photo(tmp_path / "a.png")
    sources = {"background": [Source(source.path)], "head": [source]}
    both = {"background": teachers(), "head": teachers()}
    assert list(plan(sources, {"background": 2, "head": 1}))[:2] == [("background", 0), ("head", 0)]
    out = tmp_path / "pairs"
    out.mkdir()
    # given one pair that was drawn before
    np.save(out / "head-00000.npy", np.zeros(1))
    draw_pairs(sources, {"background": 2, "head": 1}, both, out)
    draw_held_back(sources, both, out)
    # then it was left alone, and the others hold the crop and seven drawings
    assert np.load(out / "head-00000.npy").shape == (1,)
    assert np.load(out / "background-00001.npy")[:, 0, 0, 0].tolist()[1:] == list(range(7))
    assert np.load(out / "background-a.npy").shape == (8, 304, 400, 3)
    assert np.load(out / "head-a.npy").shape == (8, 288, 288, 3)
    assert not list(out.glob("*.partial"))


def test_style_weights_are_convex_and_of_one_part() -> None:
    rng = np.random.default_rng(0)
    drawn = np.stack([draw_styles("head", rng) for _ in range(400)])
    assert np.allclose(drawn.sum(axis=1), 1) and (drawn >= 0).all() and not drawn[:, :7].any()
    assert 0.05 < np.mean((drawn > 0).sum(axis=1) == 2) < 0.25
    assert (drawn.max(axis=0)[7:] == 1).all()


def test_a_mixed_sample_s_drawing_is_the_blend() -> None:
    drawings = ask_all(np.zeros((4, 4, 3), np.uint8), teachers())[1:]
    weights = np.array([0, 0, 0.5, 0, 0.5, 0, 0], np.float32)
    assert (blend(drawings * 10, weights) == 30).all()


def test_batches_belong_together_and_repeat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cartoon_data, "NOISE", 0.0)
    write_pairs(tmp_path)
    photos, styles, drawings = CartoonBatches(tmp_path, 3, side=32, count=12)[5]
    assert photos.shape == drawings.shape == (12, 3, 32, 32) and styles.shape == (12, 14)
    assert (photos == 200).all()
    wanted = (styles.reshape(12, 2, 7).sum(dim=1) * torch.arange(7) * 10).sum(dim=1)
    assert torch.allclose(drawings.float().mean(dim=(1, 2, 3)), wanted, atol=0.6)
    again = CartoonBatches(tmp_path, 3, side=32, count=12)[5]
    assert all(torch.equal(one, other) for one, other in zip((photos, styles, drawings), again, strict=True))


def test_pairs_drawn_meanwhile_are_taken_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cartoon_data, "NOISE", 0.0)
    write_pairs(tmp_path)
    batches = CartoonBatches(tmp_path, 3, side=32, count=16)
    assert batches[0][0].unique().tolist() == [200]
    np.save(tmp_path / "head-00001.npy", np.full((8, 64, 64, 3), 50, np.uint8))
    assert 50 in batches[cartoon_data.LOOK_AGAIN][0].unique().tolist()


def test_without_pairs_the_command_to_draw_them_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"training\.cartoon_pairs"):
        CartoonBatches(tmp_path, 3)


def test_held_back_names_are_read() -> None:
    assert len(read_names(HELD_BACK)) == 48 and {"07", "15", "23"} <= read_names(HELD_BACK_SCENES)
