"""Faces over time: followed, numbered, held still, faded; forgotten at a cut."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pipelines.cartoon.one_euro import OneEuro
from pipelines.cartoon.tracks import FADE, FIND_SECONDS, Shown, Tracks
from pipelines.video.cuts import Cuts
from tests.pipelines.cartoon.drawings import Finder, Places, draw_people, face_at, pattern

RATE = 25.0


class Stage:
    """A film that is played to Tracks, frame by frame."""

    def __init__(self, jitter: float = 0.0) -> None:
        self.finder = Finder(jitter)
        self.tracks = Tracks(self.finder, RATE)
        self._first = True

    def play(self, places: Places, *, cut: bool = False, hidden: bool = False) -> list[Shown]:
        """One frame; with `hidden` the finder overlooks all heads."""
        self.finder.places = {} if hidden else places
        shown = self.tracks.follow(draw_people(places), cut or self._first)
        self._first = False
        return shown


def error(shown: Shown, x: float, y: float) -> float:
    return float(np.abs(shown.face.points - face_at(x, y).points).mean())


def test_a_moving_face_is_followed_between_the_looks() -> None:
    stage = Stage()
    for frame in range(50):
        x, y = 40 + 3.0 * frame, 60 + 30 * math.sin(frame / 8)
        (shown,) = stage.play({1: (x, y)})
        assert shown.face.number == 1
        assert error(shown, x, y) < 2.5
    assert stage.finder.asked <= 50 / (FIND_SECONDS * RATE) + 2


def test_a_face_that_the_finder_overlooks_is_followed_on() -> None:
    stage = Stage()
    stage.play({1: (40, 60)})
    for frame in range(1, 12):
        (shown,) = stage.play({1: (40 + 2 * frame, 60)}, hidden=True)
        assert shown.presence == 1
    assert error(shown, 62, 60) < 2


def test_a_still_face_stands_stiller_than_it_is_found() -> None:
    stage = Stage(jitter=1.0)
    points = [stage.play({1: (100, 80)})[0].face.points for _ in range(120)]
    steps = np.abs(np.diff(points[25:], axis=0))
    assert steps.mean() < 0.08
    assert steps.max() < 0.5
    assert error(stage.play({1: (100, 80)})[0], 100, 80) < 1.0


def test_faces_that_pass_each_other_keep_their_numbers() -> None:
    stage = Stage()
    for frame in range(60):
        left, right = (20 + 4.0 * frame, 10.0), (260 - 4.0 * frame, 140.0)
        first, second = stage.play({1: left, 2: right})
        assert (first.face.number, second.face.number) == (1, 2)
        assert error(first, *left) < 3
        assert error(second, *right) < 3


def test_a_face_that_goes_fades_out_in_small_steps() -> None:
    stage = Stage()
    for _ in range(10):
        stage.play({1: (100, 80)})
    presences = []
    for _ in range(40):
        found = stage.play({})
        presences.append(found[0].presence if found else 0.0)
    steps = -np.diff([1.0, *presences])
    assert presences[-1] == 0
    assert steps.min() >= 0
    assert steps.max() <= 1.01 / (FADE * RATE)


def test_a_face_that_comes_fades_in() -> None:
    stage = Stage()
    stage.play({})
    presences = [found[0].presence if (found := stage.play({1: (100, 80)})) else 0.0 for _ in range(20)]
    assert presences[-1] == 1
    assert max(np.diff([0.0, *presences])) <= 1.01 / (FADE * RATE)


def test_what_is_found_only_once_is_never_shown_and_takes_no_number() -> None:
    stage = Stage()
    stage.play({})
    for _ in range(4):
        assert stage.play({}) == []
    stage.finder.places = {1: (100, 80)}
    assert stage.tracks.follow(draw_people({}), False) == []
    for _ in range(10):
        assert stage.play({}) == []
    for _ in range(8):
        found = stage.play({2: (30, 30)})
    assert found[0].face.number == 1
    assert stage.tracks.count == 1


def test_a_face_that_comes_back_soon_has_its_number_again() -> None:
    stage = Stage()
    for _ in range(8):
        stage.play({1: (30, 60), 2: (220, 60)})
    for _ in range(25):
        stage.play({2: (220, 60)})
    for _ in range(15):
        found = stage.play({1: (34, 60), 2: (220, 60)})
    assert sorted(shown.face.number for shown in found) == [1, 2]
    assert stage.tracks.count == 2


def test_nothing_is_carried_over_a_cut() -> None:
    stage = Stage()
    for _ in range(10):
        stage.play({1: (100, 80)})
    (shown,) = stage.play({5: (112, 88)}, cut=True)
    assert error(shown, 112, 88) == 0
    assert shown.presence == 1
    assert shown.face.number == 2


def test_the_shot_before_a_cut_is_gone_at_once() -> None:
    stage = Stage()
    for _ in range(10):
        stage.play({1: (100, 80)})
    assert stage.play({}, cut=True) == []


def test_cuts_are_told_from_motion_light_and_noise() -> None:
    random, cuts = np.random.default_rng(1), Cuts()
    wide = pattern(7, 240, 1200)
    frames = [np.ascontiguousarray(wide[:, 12 * n : 12 * n + 360]) for n in range(20)]
    noisy = [np.clip(rgb + random.normal(0, 12, rgb.shape), 0, 255).astype(np.uint8) for rgb in frames]
    assert [cuts.is_cut(rgb) for rgb in noisy] == [True] + [False] * 19
    assert not cuts.is_cut(np.clip(frames[-1] * 0.75, 0, 255).astype(np.uint8))
    assert cuts.is_cut(pattern(8, 240, 360))
    assert cuts.is_cut(np.zeros((240, 360, 3), np.uint8))
    assert not cuts.is_cut(np.zeros((240, 360, 3), np.uint8))
    assert cuts.is_cut(frames[0])


@pytest.mark.parametrize("unit", [1.0, 50.0])
def test_one_euro_holds_what_rests_and_follows_what_moves(unit: float) -> None:
    random = np.random.default_rng(0)
    at_rest, moving = OneEuro(0.5, 4.0), OneEuro(0.5, 4.0)
    noise = random.normal(0, 0.02, (200, 5, 2)) * unit
    rests = np.array([at_rest.smooth(each, 1 / RATE, unit) for each in noise])
    moved = np.linspace(0, 8, 100)[:, None, None] * np.ones((1, 5, 2)) * unit
    follows = np.array([moving.smooth(each, 1 / RATE, unit) for each in moved])
    assert np.abs(np.diff(rests[50:], axis=0)).mean() < 0.15 * np.abs(np.diff(noise[50:], axis=0)).mean()
    assert np.abs(follows[30:] - moved[30:]).max() < 0.2 * unit
