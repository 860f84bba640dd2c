"""Where people stand: from a camera's picture to the floor of the room, and from there into the show's picture.

Four corners of an area on the floor, known in a camera's picture, give the homography between the two. It holds for what
touches the floor, so people are placed by their feet; the body above them is moved and scaled as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from installation.base.homography import Matrix, Points, corners_of, homography, mapped
from installation.types import Box, FloatArray, Person, read_only

SHOULDERS, HIPS, FEET = slice(11, 13), slice(23, 25), slice(29, 33)
SEEN = 0.5
"""Visibility from which a landmark counts."""
LEG_OF_TORSO = 1.84
"""From the hips down to the floor, in lengths of shoulders to hips, of an adult who stands (Winter 2009, figure 4.1)."""
BODY_OF_HEAD = 7.5
"""A standing adult's height in heads, for who shows no more than a head."""
PICTURE_ASPECT = 16 / 9
"""Of the show's picture."""
PICTURE_SIZE = (1280, 720)
STEP = 1e-3


class Spot(NamedTuple):
    """Where somebody stands: metres from the area's back left corner to the right and to the front."""

    x_m: float
    y_m: float


def seen_feet_of(person: Person) -> tuple[float, float] | None:
    """x, y in image coordinates of the middle of the feet; None where they are not seen."""
    if person.pose is None:
        return None
    feet = person.pose[FEET]
    if not (feet[:, 3] > SEEN).all():
        return None
    x, low = float(feet[:, 0].mean()), float(feet[:, 1].max())
    # Who jumps or lifts a foot stands where the lower foot is.
    return x, (low + float(feet[:, 1].mean())) / 2


def feet_of(person: Person) -> tuple[float, float]:
    """x, y in image coordinates where somebody stands: middle of the feet, or what hips, or a head, say of it."""
    feet, pose = seen_feet_of(person), person.pose
    if feet is not None:
        return feet
    if pose is not None:
        hips, shoulders = pose[HIPS], pose[SHOULDERS]
        if (hips[:, 3] > SEEN).all() and (shoulders[:, 3] > SEEN).all():
            down = hips[:, :2].mean(axis=0) - shoulders[:, :2].mean(axis=0)
            middle = hips[:, :2].mean(axis=0)
            return float(middle[0]), float(middle[1]) + LEG_OF_TORSO * abs(float(down[1]))
    if person.face_box is not None:
        return person.face_box.centre[0], person.face_box.top + BODY_OF_HEAD * person.face_box.height
    return person.box.centre[0], person.box.bottom


class Floor:
    """One camera's way to the floor, and the show's way back. Raises ValueError for corners on a line."""

    def __init__(self, corners: Points, area_m: Sequence[float], picture: Points, marks_m: Points = ()) -> None:
        area = corners_of(area_m)
        self._to_floor = homography(corners, marks_m or area)
        self._from_picture = homography(picture, area)
        self._to_picture: Matrix = np.asarray(np.linalg.inv(self._from_picture), np.float64)

    def spot(self, person: Person) -> Spot | None:
        """Where ``person`` of this camera stands; None where that is beyond the horizon."""
        found = mapped(self._to_floor, *feet_of(person))
        return None if found is None else Spot(*found)

    def shown(self, person: Person, spot: Spot, frame_size: tuple[int, int], number: int) -> Person | None:
        """``person`` of this camera as the show's picture has them, standing at ``spot``; None where that is beyond its
        horizon. ``frame_size`` in pixels is the camera's."""
        at, feet = mapped(self._to_picture, spot.x_m, spot.y_m), feet_of(person)
        if at is None:
            return None
        seen, wanted = _metres_a_width(self._to_floor, *feet), _metres_a_width(self._from_picture, *at)
        if seen is None or wanted is None or wanted < 1e-6:
            return None
        across = min(max(seen / wanted, 0.02), 50.0)
        down = across * PICTURE_ASPECT / (frame_size[0] / frame_size[1])
        return moved(person, feet, at, (across, down), number)


def _metres_a_width(to_floor: Matrix, x: float, y: float) -> float | None:
    """How many metres the picture's width would be at the distance of that point."""
    left, right = mapped(to_floor, x - STEP / 2, y), mapped(to_floor, x + STEP / 2, y)
    if left is None or right is None:
        return None
    return float(np.hypot(right[0] - left[0], right[1] - left[1]) / STEP)


def moved(
    person: Person,
    feet: tuple[float, float],
    at: tuple[float, float],
    scale: tuple[float, float],
    number: int,
) -> Person:
    """``person`` with the point ``feet`` at ``at``, everything scaled around it, under another number."""
    (fx, fy), (ax, ay), (across, down) = feet, at, scale

    def points(array: FloatArray | None) -> FloatArray | None:
        if array is None:
            return None
        found = array.copy()
        found[:, 0], found[:, 1] = ax + across * (array[:, 0] - fx), ay + down * (array[:, 1] - fy)
        found[:, 2] = across * array[:, 2]
        return read_only(found)

    def box(edges: Box) -> Box:
        return Box(
            ax + across * (edges.left - fx),
            ay + down * (edges.top - fy),
            ax + across * (edges.right - fx),
            ay + down * (edges.bottom - fy),
        )

    return replace(
        person,
        id=number,
        box=box(person.box),
        pose=points(person.pose),
        face=points(person.face),
        face_box=None if person.face_box is None else box(person.face_box),
    )
