"""A visitor's body in the scene's units."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from installation.base import landmarks as lm
from installation.types import JOINTS, FloatArray, read_only

# Each joint is a weighted mean of landmarks.
_PARTS: dict[str, dict[int, float]] = {
    "head": {lm.LEFT_EAR: 0.4, lm.RIGHT_EAR: 0.4, lm.NOSE: 0.2},
    "neck": {lm.LEFT_SHOULDER: 0.37, lm.RIGHT_SHOULDER: 0.37, lm.LEFT_EAR: 0.13, lm.RIGHT_EAR: 0.13},
    "chest": {lm.LEFT_SHOULDER: 0.35, lm.RIGHT_SHOULDER: 0.35, lm.LEFT_HIP: 0.15, lm.RIGHT_HIP: 0.15},
    "pelvis": {lm.LEFT_HIP: 0.5, lm.RIGHT_HIP: 0.5},
    "left_shoulder": {lm.LEFT_SHOULDER: 1},
    "right_shoulder": {lm.RIGHT_SHOULDER: 1},
    "left_elbow": {lm.LEFT_ELBOW: 1},
    "right_elbow": {lm.RIGHT_ELBOW: 1},
    "left_wrist": {lm.LEFT_WRIST: 1},
    "right_wrist": {lm.RIGHT_WRIST: 1},
    "left_hip": {lm.LEFT_HIP: 1},
    "right_hip": {lm.RIGHT_HIP: 1},
    "left_knee": {lm.LEFT_KNEE: 1},
    "right_knee": {lm.RIGHT_KNEE: 1},
    "left_ankle": {lm.LEFT_ANKLE: 1},
    "right_ankle": {lm.RIGHT_ANKLE: 1},
}
_WEIGHTS = np.zeros((len(JOINTS), 33), np.float32)
for _row, _name in enumerate(JOINTS):
    for _landmark, _weight in _PARTS[_name].items():
        _WEIGHTS[_row, _landmark] = _weight
_MIDDLE = np.array([0.5, 0.5, 0.0], np.float32)


def picture_joints(pose: FloatArray | None, aspect: float) -> FloatArray | None:
    """(len(JOINTS), 4): x, y, z and visibility of a pose (33, 4) in a picture ``aspect`` times as wide as high.

    Units: half the picture's height is 1, y up, z towards the viewer. None without a pose.
    """
    if pose is None:
        return None
    joints = _WEIGHTS @ pose
    places = joints[:, :3]
    places -= _MIDDLE
    places *= _units(aspect)
    return np.asarray(joints, np.float32)


@lru_cache(maxsize=8)
def _units(aspect: float) -> FloatArray:
    """(3,): what image coordinates are multiplied with. The pose network's z is in picture widths, nearer is smaller."""
    return np.asarray(read_only(np.array([2 * aspect, -2, -2 * aspect], np.float32)))
