"""Homographies of known cameras: people stand where they stand, and are as tall in the show's picture as they would be."""

import math

import numpy as np
import pytest

from installation.base.homography import corners_of, homography, mapped
from installation.perception.several.floor import Floor, feet_of
from installation.types import Box, Person
from tests.perception.several.virtual import AREA_M, Camera, Tracker, Walker, settings

LEFT, RIGHT = Camera("left", (-2.0, 5.5, 2.2)), Camera("right", (8.0, 5.5, 2.2))
BACK = Camera("back", (3.0, -3.0, 2.2), mirror=False)


@pytest.mark.parametrize("camera", [LEFT, RIGHT, BACK], ids=lambda camera: camera.name)
def test_every_point_of_the_floor_is_found(camera: Camera) -> None:
    to_floor = homography(camera.corners(), corners_of(AREA_M))
    for x, y in [(0.0, 0.0), (6.0, 4.0), (3.0, 2.0), (1.3, 3.1)]:
        u, v = camera.project(np.array([[x, y, 0.0]]))[0][0]
        assert mapped(to_floor, float(u), float(v)) == pytest.approx((x, y), abs=1e-6)


@pytest.mark.parametrize("camera", [LEFT, RIGHT, BACK], ids=lambda camera: camera.name)
@pytest.mark.parametrize("spot", [(1.0, 1.0), (3.0, 2.0), (5.0, 3.0)])
def test_who_stands_somewhere_is_found_there_and_is_as_tall_as_seen_from_the_front(
    camera: Camera, spot: tuple[float, float]
) -> None:
    config = settings([camera])
    floor = Floor(config.join[0].place, config.area_m, config.picture)
    seen, _ = Tracker(camera, 1, noise=0.0, misses=0.0).observe([Walker([spot, spot], 0.0)], 1.0, 1)
    person = seen.people[0]
    found = floor.spot(person)
    assert found is not None
    assert math.dist(found, spot) < 0.12
    shown = floor.shown(person, found, seen.frame_size, 7)
    assert shown is not None
    assert shown.id == 7
    # The shipped picture is seen from 6 m before the front edge, which is as wide as the picture.
    tall = shown.pose[31, 1] - shown.pose[0, 1]  # type: ignore[index]
    far_m = 6.0 + AREA_M[1] - spot[1]
    assert tall == pytest.approx(1.65 / far_m * 16 / 9, rel=0.12)
    assert feet_of(shown)[0] == pytest.approx(0.5 + (spot[0] - 3.0) / far_m, abs=0.03)


def test_who_shows_no_feet_is_placed_by_hips_and_who_shows_a_head_by_the_head() -> None:
    camera = BACK
    floor = Floor(settings([camera]).join[0].place, AREA_M, settings([camera]).picture)
    seen, _ = Tracker(camera, 1, noise=0.0, misses=0.0).observe([Walker([(3.0, 2.0), (3.0, 2.0)], 0.0)], 1.0, 1)
    pose = np.array(seen.people[0].pose)
    pose[25:, 3] = 0.1
    hips = floor.spot(Person(1, seen.people[0].box, 1.0, pose=pose))
    assert hips is not None
    assert math.dist(hips, (3.0, 2.0)) < 0.4
    left, top = pose[7, 0], pose[0, 1] - 0.02
    head = Box(float(left) - 0.02, float(top), float(left) + 0.02, float(top) + 0.06)
    assert feet_of(Person(1, head, 1.0, face_box=head))[1] == pytest.approx(top + 7.5 * 0.06, abs=1e-6)


def test_beyond_the_horizon_nobody_stands() -> None:
    floor = Floor(settings([BACK]).join[0].place, AREA_M, settings([BACK]).picture)
    sky = Box(0.4, 0.0, 0.5, 0.05)
    assert floor.spot(Person(1, sky, 1.0)) is None


def test_corners_on_a_line_are_none() -> None:
    with pytest.raises(ValueError, match="line"):
        homography([[0.0, 0.0], [0.3, 0.3], [0.6, 0.6], [1.0, 1.0]], corners_of(AREA_M))
