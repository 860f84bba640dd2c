"""An articulated figure: joint angles in, the 33 pose points in metres out, and a pinhole camera that looks at it.

Axes as in ``Person.pose_world``: x right, y down, z away from the camera; at rest the figure faces the camera (-z). The
figure's left is at +x, as MediaPipe names a body that faces the camera.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from installation.types import POSE_LANDMARKS, FloatArray

Vector = npt.NDArray[np.float64]

# Lengths in metres of an adult of 1.74 m, from the body segments of Winter (2009), Biomechanics and Motor Control of Human
# Movement, figure 4.1; SHOULDER and HIP are half widths between joint centres.
TORSO, SHOULDER, HIP, NECK = 0.50, 0.19, 0.10, 0.24
UPPER_ARM, FOREARM, HAND = 0.30, 0.26, 0.09
THIGH, SHANK, ANKLE, FOOT = 0.43, 0.42, 0.07, 0.19

FRAME_SIZE = (1280, 720)
ASPECT = FRAME_SIZE[0] / FRAME_SIZE[1]
FOCAL = 1.34
"""Focal length in picture heights: a vertical field of view of 41 degrees."""
CAMERA_HEIGHT_M = 1.0
DISTANCE_M = 3.4
"""Where the figure usually stands; it then fills about two thirds of the picture's height."""

HEAD_POINTS = np.array(
    [
        # nose; left eye inner, middle, outer; right eye the same; ears left, right; mouth left, right
        [0.0, 0.015, -0.105],
        [0.018, -0.030, -0.085],
        [0.032, -0.032, -0.082],
        [0.045, -0.030, -0.075],
        [-0.018, -0.030, -0.085],
        [-0.032, -0.032, -0.082],
        [-0.045, -0.030, -0.075],
        [0.075, -0.005, 0.0],
        [-0.075, -0.005, 0.0],
        [0.025, 0.052, -0.085],
        [-0.025, 0.052, -0.085],
    ]
)
"""(11, 3) pose points 0 to 10 around the head's middle, metres."""


@dataclass(frozen=True, slots=True)
class Posture:
    """Joint angles in radians, 0 everywhere for standing upright with hanging arms.

    ``yaw`` turns the body about the vertical, positive until it faces -x. ``pitch`` bends the
    trunk forward, ``roll`` to the side; the head's likewise, on top of the trunk's. Arms: ``raise`` forward and up,
    ``spread`` sideways and up, ``twist`` about the upper arm (positive brings the bent forearm inward), ``elbow`` bends.
    Legs: ``hip`` lifts the thigh forward, ``knee`` bends; ``stance`` sets the feet apart.
    """

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    head_yaw: float = 0.0
    head_pitch: float = 0.0
    head_roll: float = 0.0
    left_raise: float = 0.0
    left_spread: float = 0.0
    left_twist: float = 0.0
    left_elbow: float = 0.0
    right_raise: float = 0.0
    right_spread: float = 0.0
    right_twist: float = 0.0
    right_elbow: float = 0.0
    left_hip: float = 0.0
    left_knee: float = 0.0
    right_hip: float = 0.0
    right_knee: float = 0.0
    stance: float = 0.0

    def vector(self) -> Vector:
        """(19,) the angles in the order of the fields, for blending."""
        return np.array([getattr(self, name) for name in ANGLES])

    @classmethod
    def of(cls, vector: Vector) -> Posture:
        """The posture of a ``vector``."""
        return cls(*(float(value) for value in vector))


ANGLES = tuple(field.name for field in fields(Posture))


def _turn_x(angle: float) -> Vector:
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]])


def _turn_y(angle: float) -> Vector:
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[c, 0.0, s], [0.0, 1.0, 0.0], [-s, 0.0, c]])


def _turn_z(angle: float) -> Vector:
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


@dataclass(frozen=True, slots=True)
class Skeleton:
    """``points`` (33, 3) metres around the hips' middle. ``head`` (3,) is the head's middle, ``head_turn`` (3, 3) its
    rotation. ``hips_height_m`` is the hips' height when the lower foot stands on the ground."""

    points: Vector
    head: Vector
    head_turn: Vector
    hips_height_m: float


def skeleton(posture: Posture) -> Skeleton:
    """The figure in ``posture``; the lengths of its parts are the same in every one."""
    points = np.zeros((POSE_LANDMARKS, 3))
    body = _turn_y(posture.yaw)
    trunk = body @ _turn_x(posture.pitch) @ _turn_z(posture.roll)
    shoulders = trunk @ np.array([0.0, -TORSO, 0.0])
    turn = trunk @ _turn_y(posture.head_yaw) @ _turn_x(posture.head_pitch) @ _turn_z(posture.head_roll)
    # The neck follows the head half way: a dropped head also comes forward.
    neck = trunk @ _turn_x(0.5 * posture.head_pitch)
    head = shoulders + neck @ np.array([0.0, -NECK, 0.0])
    points[0:11] = head + HEAD_POINTS @ turn.T
    for side, first in ((1.0, 0), (-1.0, 1)):
        _arm(points, posture, side, first, trunk, shoulders)
        _leg(points, posture, side, first, body)
    return Skeleton(points, head, turn, float(points[27:33, 1].max()))


def _arm(points: Vector, posture: Posture, side: float, first: int, trunk: Vector, shoulders: Vector) -> None:
    name = "left" if side > 0 else "right"
    lift, spread, twist, elbow = (
        getattr(posture, f"{name}_{joint}") for joint in ("raise", "spread", "twist", "elbow")
    )
    upper = trunk @ _turn_z(-side * spread) @ _turn_x(-lift) @ _turn_y(side * twist)
    fore = upper @ _turn_x(-elbow)
    points[11 + first] = shoulders + trunk @ np.array([side * SHOULDER, 0.0, 0.0])
    points[13 + first] = points[11 + first] + upper @ np.array([0.0, UPPER_ARM, 0.0])
    points[15 + first] = points[13 + first] + fore @ np.array([0.0, FOREARM, 0.0])
    # Little finger, index and thumb; a hanging hand has its thumb in front.
    for point, x, y, z in ((17, 0.0, 0.95, 0.35), (19, 0.0, 1.0, -0.25), (21, -0.2, 0.55, -0.5)):
        points[point + first] = points[15 + first] + fore @ np.array([side * x * HAND, y * HAND, z * HAND])


def _leg(points: Vector, posture: Posture, side: float, first: int, body: Vector) -> None:
    name = "left" if side > 0 else "right"
    thigh = body @ _turn_z(-side * posture.stance) @ _turn_x(-getattr(posture, f"{name}_hip"))
    shank = thigh @ _turn_x(getattr(posture, f"{name}_knee"))
    points[23 + first] = body @ np.array([side * HIP, 0.0, 0.0])
    points[25 + first] = points[23 + first] + thigh @ np.array([0.0, THIGH, 0.0])
    points[27 + first] = points[25 + first] + shank @ np.array([0.0, SHANK, 0.0])
    # Feet stay level: what an ankle does is not worth an angle here.
    points[29 + first] = points[27 + first] + body @ np.array([0.0, ANKLE, 0.05])
    points[31 + first] = points[29 + first] + body @ np.array([side * 0.2 * FOOT, 0.0, -0.98 * FOOT])


def to_image(points: Vector, hips: Vector) -> FloatArray:
    """(N, 3) metres around the hips -> (N, 3) x, y in image coordinates and z in image widths from the hips.

    ``hips`` (3,): metres from the point on the ground under the camera, y down (so that above the ground is negative). A
    pinhole camera at CAMERA_HEIGHT_M that looks horizontally.
    """
    seen = points + hips
    depth = np.maximum(seen[:, 2], 0.3)
    x = 0.5 + FOCAL * seen[:, 0] / depth / ASPECT
    y = 0.5 + FOCAL * (seen[:, 1] + CAMERA_HEIGHT_M) / depth
    z = FOCAL * points[:, 2] / float(hips[2]) / ASPECT
    return np.stack([x, y, z], axis=1).astype(np.float32)
