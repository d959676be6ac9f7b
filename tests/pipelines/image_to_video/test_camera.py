from __future__ import annotations

import numpy as np
import pytest

from pipelines.image_to_video.camera import FOCAL, Plane, Pose, Stage, meet, place, project


def test_a_film_at_rest_shows_as_much_as_its_shape_allows() -> None:
    stage = place((400, 100), (160, 90), (0.5, 0.5))
    corners = stage.corners(stage.map(Pose()))
    assert corners[0] == pytest.approx([200 - 80 * 100 / 90, 0])
    assert corners[2] == pytest.approx([200 + 80 * 100 / 90, 100])


def test_a_focus_near_the_edge_stays_inside() -> None:
    stage = place((400, 100), (100, 100), (0.0, 0.9))
    assert stage.centre == (50, 50)


@pytest.mark.parametrize("plane", [Plane(0.6, 0.3), Plane(1.0), Plane(0.2, -0.1)])
def test_rays_meet_a_plane_where_geometry_says(plane: Plane) -> None:
    # given a camera that walked, and a ray of it
    pose, ray = Pose(side=0.12, rise=-0.06, push=0.2), np.array([0.1, 0.2, 1.0])
    camera = np.array([pose.side / FOCAL, pose.rise / FOCAL, pose.push])
    # when the ray is followed until 1 / Z is what the plane has there
    steps = np.linspace(0.05, 20, 400_001)
    x, y, z = camera[:, None] + steps * ray[:, None]
    off = np.abs(1 / z - plane.nearness - plane.slope * FOCAL * y / z)
    hit = int(off.argmin())
    # then the camera at rest sees that point where `meet` says
    seen = project(meet(plane, pose, 0.0), ray[None, :2])[0]
    assert seen == pytest.approx([FOCAL * x[hit] / z[hit], FOCAL * y[hit] / z[hit]], abs=1e-4)


def test_what_is_at_the_pivot_keeps_its_place_and_size() -> None:
    stage = Stage((400, 300), (200, 150), (200, 150), 2.0, pivot=0.7)
    walked = Pose(side=0.2, rise=-0.1, push=0.3)
    assert stage.map(walked, Plane(0.7)) == pytest.approx(stage.map(Pose(), Plane(0.7)))
    near, far = (stage.map(walked, Plane(nearness)) for nearness in (1.0, 0.3))
    # The camera goes right: near things show more of their right, far ones less, than the pivot.
    middle = np.array([[100.0, 75.0]])
    assert project(near, middle)[0, 0] > 200 > project(far, middle)[0, 0]
    assert stage.scale_of(near) < 2 < stage.scale_of(far)


def test_a_cropped_stage_shows_the_same() -> None:
    stage = place((400, 300), (160, 90), (0.5, 0.5))
    window = stage.seen([stage.map(Pose(zoom=2))])
    moved = project(stage.cropped(window).map(Pose(zoom=2)), np.array([[10.0, 20.0]]))
    assert moved + np.array([window[1].start, window[0].start]) == pytest.approx(
        project(stage.map(Pose(zoom=2)), np.array([[10.0, 20.0]]))
    )
