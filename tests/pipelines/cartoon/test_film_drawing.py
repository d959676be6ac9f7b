"""Frames of a film drawn one after the other."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from pipelines.cartoon.cartoonize import draw
from pipelines.cartoon.film_drawing import Follower, Scene, draw_scene
from pipelines.cartoon.options import CartoonOptions
from pipelines.cartoon.tracks import Shown
from pipelines.cartoon.wishes import Wish
from tests.pipelines.cartoon.drawings import HEIGHT, WIDTH, Finder, draw_people, face_at
from tests.pipelines.cartoon.painters import GreyPainter

OPTIONS = CartoonOptions(style="anime")
HERE = (100.0, 80.0)


def draw_presence(presence: float, faces: str = "all") -> np.ndarray:
    scene = Scene(draw_people({1: HERE}), (Shown(face_at(*HERE), presence),))
    return draw_scene(scene, replace(OPTIONS, faces=faces), GreyPainter())


def test_a_frame_is_drawn_like_a_picture() -> None:
    alone = draw(draw_people({1: HERE}), [(face_at(*HERE), Wish())], OPTIONS, GreyPainter())
    np.testing.assert_array_equal(draw_presence(1.0), alone)


def test_a_head_that_fades_lies_between_there_and_gone() -> None:
    there, half, gone = (draw_presence(presence).astype(int) for presence in (1.0, 0.5, 0.0))
    assert (gone == 200).all()
    assert there.max() == 230
    assert np.abs(half - (there + gone) / 2).max() <= 1


@pytest.mark.parametrize(("faces", "brightest"), [("off", 200), ("2", 200), ("1", 230)])
def test_only_wanted_faces_are_drawn(faces: str, brightest: int) -> None:
    assert draw_presence(1.0, faces).max() == brightest


def test_faces_are_not_looked_for_when_none_is_wanted() -> None:
    finder = Finder()
    follower = Follower(replace(OPTIONS, faces="off"), finder, 25)
    assert follower.follow(draw_people({1: HERE})).faces == ()
    assert finder.asked == 0


def test_a_cut_in_the_film_begins_anew() -> None:
    finder = Finder()
    follower = Follower(OPTIONS, finder, 25)
    finder.places = {1: HERE}
    for _ in range(8):
        follower.follow(draw_people({1: HERE}))
    finder.places = {5: (112, 88)}
    frame = draw_people({5: (112, 88)}, wall=3)
    scene = follower.follow(frame)
    np.testing.assert_array_equal(scene.photo, frame)
    (shown,) = scene.faces
    np.testing.assert_allclose(shown.face.points, face_at(112, 88).points)
    assert (shown.presence, shown.face.number, follower.faces) == (1.0, 2, 2)


def test_frames_are_shrunk_to_the_wished_size() -> None:
    follower = Follower(replace(OPTIONS, size=180.0, faces="off"), Finder(), 25)
    assert follower.follow(draw_people({})).photo.shape == (HEIGHT // 2, WIDTH // 2, 3)


def test_a_still_noisy_film_is_drawn_still() -> None:
    """The drawing is the frame itself here, so all that is taken out is taken out before the nets."""

    class Copier(GreyPainter):
        def paint(self, rgb: np.ndarray, shares: object, part: object) -> np.ndarray:
            return rgb

    random, finder = np.random.default_rng(0), Finder(jitter=0.5)
    finder.places = {1: HERE}
    photo, follower = draw_people({1: HERE}), Follower(OPTIONS, finder, 25)
    frames = [
        np.clip(np.rint(photo + random.normal(0, 2, photo.shape)), 0, 255).astype(np.uint8) for _ in range(25)
    ]
    drawn = [draw_scene(follower.follow(rgb), OPTIONS, Copier()) for rgb in frames]
    before, after = (
        np.mean([np.abs(b.astype(int) - a).mean() for a, b in itertools.pairwise(film)])
        for film in (frames, drawn)
    )
    assert after < 0.5 * before
