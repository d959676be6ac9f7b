from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from pipelines.device import Device
from pipelines.errors import ModelMissing
from pipelines.image_to_video.camera import Plane, Pose, place
from pipelines.image_to_video.layers import Layer, find_floor, split_by_depth
from pipelines.image_to_video.motion_options import MotionOptions
from pipelines.image_to_video.parallax import DEPTH_MODEL, NO_SUBJECT, SEE_THROUGH, Scene, stretch
from pipelines.image_to_video.shot import open_shot
from tests.fakes import fake_loaders
from tests.pipelines.image_to_video.pictures import draw_ramp, draw_scene, fake_store
from weights.catalogue import Catalogue
from weights.spec import ModelSpec
from weights.store import ModelStore

SIZE = (160, 120)


class FakeDepth:
    """Sees what is redder than green near, and the rest farther the higher it is."""

    def nearness(self, rgb: np.ndarray) -> np.ndarray:
        ground = np.tile(np.linspace(0, 0.6, rgb.shape[0], dtype=np.float32)[:, None], (1, rgb.shape[1]))
        return np.where(rgb[..., 0].astype(int) > rgb[..., 1], np.float32(0.95), ground)


def store_with_depth(folder: Path) -> ModelStore:
    """A store in whose catalogue the depth net is there."""
    rows = [row for row in Catalogue() if row.id != DEPTH_MODEL]
    there = Catalogue()["portrait"]
    row: ModelSpec = replace(there, id=DEPTH_MODEL, task="depth", loader="fake-depth")
    loaders = {**fake_loaders(), "fake-depth": lambda request: FakeDepth()}
    return ModelStore(Catalogue([*rows, row]), folder / "weights", Device("cpu", "cpu"), loaders=loaders)


def place_of(frame: np.ndarray, colour: str) -> float:
    """Mean column of the red figure, or of the wall's marked stripe (blue)."""
    wanted = {"red": (0, 1), "blue": (2, 1)}[colour]
    mask = frame[..., wanted[0]].astype(int) > frame[..., wanted[1]].astype(int) + 40
    return float(np.argwhere(mask)[:, 1].mean())


def scene_with_mark() -> np.ndarray:
    rgb = draw_scene(320, 240)
    rgb[40:100, 60:66] = (20, 60, 220)
    return rgb


@pytest.mark.parametrize("make_store", [fake_store, store_with_depth])
def test_the_subject_moves_against_its_background(make_store: object, tmp_path: Path) -> None:
    shot = open_shot(scene_with_mark(), SIZE, MotionOptions(motion="sway", amount=0.4), make_store(tmp_path))  # type: ignore[operator]
    gaps = [place_of(shot.draw(at), "red") - place_of(shot.draw(at), "blue") for at in (0.25, 0.75)]
    assert gaps[1] - gaps[0] > 0.5


def test_at_rest_the_picture_is_as_it_was(tmp_path: Path) -> None:
    # given the moment of a circle at which the camera is nearly where the photo was taken from
    picture = draw_scene(160, 120)
    shot = open_shot(picture, SIZE, MotionOptions(motion="parallax", amount=0.0), fake_store(tmp_path))
    off = np.abs(shot.draw(0.5).astype(int) - picture).max(axis=2)
    assert np.percentile(off, 90) <= 12


def test_no_halo_and_no_hole_beside_the_subject(tmp_path: Path) -> None:
    # given red on green, with nothing else in the picture
    picture = np.full((240, 320, 3), (30, 160, 60), np.uint8)
    picture[80:200, 130:190] = (210, 30, 40)
    shot = open_shot(picture, (320, 240), MotionOptions(motion="parallax", amount=1.0), fake_store(tmp_path))
    for at in (0, 1):
        frame = shot.draw(at).astype(float)
        # then each pixel is a mixture of the two
        red = np.clip((frame[..., 0] - 30) / 180, 0, 1)[..., None]
        mixture = red * (210, 30, 40) + (1 - red) * (30, 160, 60)
        assert np.abs(frame - mixture).max() < 25


def test_too_long_a_way_is_shortened_and_said(tmp_path: Path) -> None:
    picture = draw_scene(320, 240, 0.3, 0.7)
    store = fake_store(tmp_path)
    far, near = (
        open_shot(picture, SIZE, MotionOptions(motion="parallax", amount=amount), store)
        for amount in (1.0, 0.05)
    )
    assert [note.startswith("The camera goes only") for note in far.notes] == [True]
    assert not near.notes
    assert abs(far.way(1.0).side) < 0.1


def test_the_stretch_score_grows_with_the_way() -> None:
    stage = place((160, 120), SIZE, (0.5, 0.5))
    made = np.zeros((120, 160), bool)
    made[30:90, 60:100] = True
    alpha = np.where(made, 255, 0).astype(np.uint8)
    back = Layer(np.full((120, 160, 3), 90, np.uint8), Plane(0.2), made)
    front = Layer(np.dstack([np.full((120, 160, 3), 90, np.uint8), alpha]), Plane(), ~(made | ~made))
    scene = Scene(replace(stage, pivot=1.0), (back, front))
    scores = [stretch(scene, [Pose(side=side)]) for side in (0, 0.02, 0.06, 0.12)]
    assert scores[0] == 0
    assert scores == sorted(scores)
    assert scores[1] < 1 < scores[3]


def test_the_floor_is_as_near_as_the_feet_on_it() -> None:
    alpha = np.zeros((120, 160), np.uint8)
    alpha[30:108, 60:100] = 255
    stage = place((160, 120), SIZE, (0.5, 0.5))
    floor = find_floor(alpha, stage)
    assert floor.nearness + floor.slope * (108 - 60) / 160 == pytest.approx(0.9)
    assert floor.nearness + floor.slope * (0 - 60) / 160 == pytest.approx(0.15)


def test_depth_makes_bands_on_sloping_planes() -> None:
    rgb = draw_scene(160, 120)
    stage = place((160, 120), SIZE, (0.5, 0.5))
    layers = split_by_depth(rgb, FakeDepth().nearness(rgb), None, stage, 12)
    assert [layer.pixels.shape[2] for layer in layers] == [3, 4, 4]
    # The two farther bands lie on the ground, the figure stands before it.
    for layer in layers[:2]:
        assert (layer.plane.nearness, layer.plane.slope) == pytest.approx((0.3, 0.8), abs=0.02)
    assert layers[2].plane.nearness > 0.5


@pytest.mark.parametrize(
    ("picture", "note"),
    [(draw_ramp(160, 120), NO_SUBJECT), (np.full((120, 160, 4), 128, np.uint8), SEE_THROUGH)],
)
def test_without_layers_it_moves_as_a_whole_and_says_so(
    picture: np.ndarray, note: str, tmp_path: Path
) -> None:
    shot = open_shot(picture, SIZE, MotionOptions(motion="parallax"), fake_store(tmp_path))
    assert shot.notes == [note]
    assert len(shot.sheets) == 1


def test_a_depth_net_that_is_asked_for_must_be_there(tmp_path: Path) -> None:
    rows = [row for row in Catalogue() if row.id != DEPTH_MODEL]
    missing = replace(Catalogue()["modnet"], id=DEPTH_MODEL)
    build = partial(ModelStore, cache=tmp_path, device=Device("cpu", "cpu"), loaders=fake_loaders())
    with pytest.raises(ModelMissing):
        open_shot(
            draw_scene(),
            SIZE,
            MotionOptions(motion="parallax", depth="net"),
            build(Catalogue([*rows, missing])),
        )
