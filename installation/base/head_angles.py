"""Where a head looks, by its face landmarks. Plain geometry."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from installation.base import landmarks as lm

STRAIGHT_PITCH = math.radians(7)
"""What ``head_angles`` gives for a face that looks straight into the camera (median of 1,217 FER-2013 faces 8 degrees, of
three frontal pieces of footage 6): forehead and chin are not equally deep."""


def head_angles(points_px: npt.ArrayLike) -> tuple[float, float]:
    """(yaw, pitch) in radians of face landmarks (478, 3) in pixels: 0, 0 looks into the camera.

    Yaw is positive where the face turns to the picture's right, pitch where it looks down. Read from the line between
    the outer eye corners and the one from forehead to chin, in three dimensions; turning in the picture's plane changes
    neither.
    """
    points = np.asarray(points_px, np.float64)
    across, down = points[lm.LEFT_EYE_CORNER] - points[lm.RIGHT_EYE_CORNER], points[lm.CHIN] - points[lm.FOREHEAD]
    normal = np.cross(across, down)
    length = float(np.linalg.norm(normal))
    if length < 1e-9:
        raise ValueError("face landmarks have no extent")
    # The face's own axes in the picture's plane, upright by the eye line as the network's crop is.
    flat = math.hypot(across[0], across[1])
    yaw = math.atan2(across[2], flat)
    tilt = down - (down @ across) / float(across @ across) * across
    pitch = math.atan2(tilt[2], math.hypot(tilt[0], tilt[1]))
    return yaw, pitch


def head_turn(points_px: npt.ArrayLike) -> tuple[float, float, float]:
    """(yaw, pitch, roll) in radians of face landmarks (478, 3) in pixels as a scene wants them: zeros look into the camera.

    Yaw is positive where the face turns to the picture's right, pitch where it looks up, roll where the head leans to the
    picture's right. Landmarks without extent look ahead.
    """
    points = np.asarray(points_px, np.float64)
    try:
        yaw, down = head_angles(points)
    except ValueError:
        return 0.0, 0.0, 0.0
    across = points[lm.LEFT_EYE_CORNER] - points[lm.RIGHT_EYE_CORNER]
    return yaw, STRAIGHT_PITCH - down, math.atan2(across[1], across[0])
