"""Labels: the uncertain band, crumbs, and what is thrown out."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from training.folders import HELD_BACK, REFUSED, find_pictures, read_names
from training.label_checks import Checks, find_faults, read_kept
from training.portrait_labels import drop_crumbs, stretch
from training.uncertain_band import find_uncertain, inner_face
from training.write_card import fill_card

GOOD = Checks(0.5, 0.1, 0.03, 0.01, 0.01, 0.0, 0.9, 1, 1.0)


def half_plane() -> np.ndarray:
    mask = np.zeros((256, 256), np.float32)
    mask[:, 128:] = 1
    return mask


def test_the_band_is_wide_by_a_head_and_narrow_elsewhere() -> None:
    # given a straight edge and a face on it in the upper part
    face = np.array([[88, 40, 80, 100]], np.float32)
    band = find_uncertain(half_plane(), face)
    # then at the face the band reaches further than at the foot
    assert band[90].sum() > band[250].sum() > 0
    assert not band[:, :100].any()


def test_without_a_face_the_band_follows_the_outline() -> None:
    band = find_uncertain(half_plane(), np.zeros((0, 4), np.float32))
    assert band[:, 126:130].all() and band.mean() < 0.05


def test_small_pieces_and_small_holes_go_and_big_ones_stay() -> None:
    alpha = np.zeros((100, 100), np.float32)
    alpha[20:90, 20:90] = 1
    alpha[30:60, 30:60] = 0
    alpha[80:83, 80:83] = 0
    alpha[2:5, 2:5] = 1
    cleaned = drop_crumbs(alpha)
    assert cleaned[45, 45] == 0 and cleaned[81, 81] == 1 and cleaned[3, 3] == 0 and cleaned[25, 25] == 1


def test_the_veil_is_taken_off() -> None:
    assert stretch(np.array([[0.05, 0.5, 0.95]], np.float32)).round(3).tolist() == [[0, 0.5, 1]]


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"band": 0.5}, "band"),
        ({"soft": 0.2}, "soft"),
        ({"face_kept": 0.8}, "face_kept"),
        ({"person": 0.0}, "person"),
    ],
)
def test_a_doubtful_label_is_thrown_out_for_its_reason(changed: dict[str, float], fault: str) -> None:
    assert find_faults(GOOD) == []
    assert find_faults(replace(GOOD, **changed)) == [fault]


def test_without_a_face_the_second_opinion_must_agree() -> None:
    assert find_faults(replace(GOOD, faces=0, salient_overlap=0.5)) == ["nobody sure"]


def test_kept_labels_come_from_all_lists(tmp_path: Path) -> None:
    for index, checks in enumerate([GOOD, replace(GOOD, band=0.9), GOOD]):
        row = {"name": f"x{index}", "faults": [], **asdict(checks)}
        (tmp_path / f"list-{index}.json").write_text(json.dumps([row]))
    assert read_kept(tmp_path) == ["x0", "x2"]


def test_of_a_label_made_anew_the_newest_list_speaks(tmp_path: Path) -> None:
    # given a first round in one list, and a second, shared by two, that found fault with one and mended another
    bad = replace(GOOD, moved=0.5)
    rounds = {
        "list-0-of-1": {"a": GOOD, "b": GOOD, "c": bad},
        "list-0-of-2": {"a": bad},
        "list-1-of-2": {"c": GOOD},
    }
    for name, rows in rounds.items():
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps([{"name": each, **asdict(checks)} for each, checks in rows.items()]))
        when = 2000 if "of-1" in name else 3000
        os.utime(path, (when, when))
    assert read_kept(tmp_path) == ["b", "c"]
    os.utime(tmp_path / "list-0-of-1.json", (4000, 4000))
    assert read_kept(tmp_path) == ["a", "b"]


def test_no_lists_is_an_error_that_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"training\.portrait_labels"):
        read_kept(tmp_path)
    with pytest.raises(FileNotFoundError, match="no pictures"):
        find_pictures([tmp_path])


def test_checks_see_a_face_that_is_left_out() -> None:
    alpha = np.zeros((80, 80), np.float32)
    alpha[:, :40] = 1
    face = np.array([[20, 20, 40, 40]], np.float32)
    views = np.stack([alpha] * 4)
    checks = Checks.of(alpha, views, alpha > 2, face, alpha)
    assert checks.face_kept == pytest.approx(0.5, abs=0.05)
    assert checks.person == 0.5 and checks.salient_overlap == 1 and checks.moved == 0
    assert inner_face((80, 80), face[0])[40, 40]


def test_the_fixed_lists_name_each_picture_once() -> None:
    held, refused = read_names(HELD_BACK), read_names(REFUSED)
    assert 40 <= len(held) <= 60 and not held & refused


def test_the_card_names_the_file_and_its_figures(tmp_path: Path) -> None:
    (tmp_path / "portrait.onnx").write_bytes(b"net")
    figures = {"mean": {"portrait": {"mad": 0.0125, "iou": 0.98}}, "pictures": {"a": {}, "b": {}}}
    (tmp_path / "figures.json").write_text(json.dumps(figures))
    row = {"name": "x0", "faults": [], **asdict(GOOD)}
    (tmp_path / "list-0.json").write_text(json.dumps([row]))
    card = fill_card(tmp_path / "portrait.onnx", tmp_path / "figures.json", tmp_path, 1234)
    assert "3 bytes" in card and "1234 training steps" in card and "On 2 portraits" in card
    assert "| portrait | 0.0125 | 0.98 |" in card
