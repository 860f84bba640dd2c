"""A visitor's body in the scene's units."""

from __future__ import annotations

import numpy as np

from installation.types import (
    JOINTS,
    LEFT_ANKLE,
    LEFT_EAR,
    LEFT_ELBOW,
    LEFT_HIP,
    LEFT_KNEE,
    LEFT_SHOULDER,
    LEFT_WRIST,
    NOSE,
    RIGHT_ANKLE,
    RIGHT_EAR,
    RIGHT_ELBOW,
    RIGHT_HIP,
    RIGHT_KNEE,
    RIGHT_SHOULDER,
    RIGHT_WRIST,
    FloatArray,
)

# Each joint is a weighted mean of landmarks.
_PARTS: dict[str, dict[int, float]] = {
    "head": {LEFT_EAR: 0.4, RIGHT_EAR: 0.4, NOSE: 0.2},
    "neck": {LEFT_SHOULDER: 0.37, RIGHT_SHOULDER: 0.37, LEFT_EAR: 0.13, RIGHT_EAR: 0.13},
    "chest": {LEFT_SHOULDER: 0.35, RIGHT_SHOULDER: 0.35, LEFT_HIP: 0.15, RIGHT_HIP: 0.15},
    "pelvis": {LEFT_HIP: 0.5, RIGHT_HIP: 0.5},
    "left_shoulder": {LEFT_SHOULDER: 1},
    "right_shoulder": {RIGHT_SHOULDER: 1},
    "left_elbow": {LEFT_ELBOW: 1},
    "right_elbow": {RIGHT_ELBOW: 1},
    "left_wrist": {LEFT_WRIST: 1},
    "right_wrist": {RIGHT_WRIST: 1},
    "left_hip": {LEFT_HIP: 1},
    "right_hip": {RIGHT_HIP: 1},
    "left_knee": {LEFT_KNEE: 1},
    "right_knee": {RIGHT_KNEE: 1},
    "left_ankle": {LEFT_ANKLE: 1},
    "right_ankle": {RIGHT_ANKLE: 1},
}
_WEIGHTS = np.zeros((len(JOINTS), 33), np.float32)
for _row, _name in enumerate(JOINTS):
    for _landmark, _weight in _PARTS[_name].items():
        _WEIGHTS[_row, _landmark] = _weight


def picture_joints(pose: FloatArray | None, aspect: float) -> FloatArray | None:
    """(len(JOINTS), 4): x, y, z and visibility of a pose (33, 4) in a picture ``aspect`` times as wide as high.

    Units: half the picture's height is 1, y up, z towards the viewer. None without a pose.
    """
    if pose is None:
        return None
    joints = _WEIGHTS @ pose
    joints[:, 0] = (joints[:, 0] - 0.5) * 2 * aspect
    joints[:, 1] = (0.5 - joints[:, 1]) * 2
    # The pose network's z is in picture widths, nearer is smaller.
    joints[:, 2] *= -2 * aspect
    return np.asarray(joints, np.float32)
