"""What of a visitor is in the picture: the face alone, a bust, half of the body or all of it. Times in seconds."""

from __future__ import annotations

import numpy as np

from installation.base import landmarks as lm
from installation.base.easing import eased_share
from installation.types import EXTENTS, Box, FloatArray

HOLD_S, LOST_S = 0.5, 1.5
"""Time constants in which readings count; the second while the pose network sees no body. Another extent that is read all the
time takes over after about as long."""
LEAD = 0.3
"""By this share of the readings another extent must lead the present one."""
LONGEST_STEP_S = 0.2
SEEN, GONE = 0.6, 0.4
"""Visibility from which a joint counts, and below which one that counted no longer does."""
OVER = 0.03
"""A joint that counted may be this far beyond the picture's border, in pictures."""
NECK = 0.25
"""Shoulders lie at least this far below the chin, in heights of the face. Where the picture ends before, the pose network
squeezes the shoulders into it (seen when footage is cut off below the chin)."""
NECK_ALONE = 0.4
"""The same for a face without a body. Between chin and shoulder joints footage shows 0.35 (near) to 0.7 (far)."""
_PARTS = (
    (lm.LEFT_SHOULDER, lm.RIGHT_SHOULDER),
    (lm.LEFT_HIP, lm.RIGHT_HIP),
    (lm.LEFT_KNEE, lm.RIGHT_KNEE, lm.LEFT_ANKLE, lm.RIGHT_ANKLE),
)
"""The joints of which one must be in the picture for a bust, a half and a whole."""


class ExtentReader:
    """One of EXTENTS for one body over time. The first reading counts at once, another one once it has led for a while."""

    def __init__(self) -> None:
        self._level: int | None = None
        self._shares = np.zeros(len(EXTENTS))
        self._t_s = 0.0

    def read(self, t_s: float, pose: FloatArray | None, face: Box | None) -> str:
        """What is in the picture at ``t_s``, of ``pose`` (33, 4) in image coordinates and the face's box; None: not seen."""
        dt_s, self._t_s = min(max(t_s - self._t_s, 0.0), LONGEST_STEP_S), t_s
        if pose is not None or face is not None:
            level = _level(pose, face, self._level)
            share = 1.0 if self._level is None else eased_share(dt_s, LOST_S if pose is None else HOLD_S)
            self._shares *= 1.0 - share
            self._shares[level] += share
            best = int(self._shares.argmax())
            if self._level is None or self._shares[best] > self._shares[self._level] + LEAD:
                self._level = best
        return EXTENTS[-1 if self._level is None else self._level]


def _level(pose: FloatArray | None, face: Box | None, now: int | None) -> int:
    """0 to 3, the place in EXTENTS; what counts ``now`` counts a little longer."""
    kept = now is not None and now > 0
    if pose is None:
        assert face is not None
        return int(face.bottom + NECK_ALONE * face.height < 1 + OVER * kept)
    if face is not None and face.bottom + NECK * face.height > 1 + OVER * kept:
        return 0
    best = 0
    for level, joints in enumerate(_PARTS, start=1):
        keep = now is not None and level <= now
        if any(_in_picture(pose[joint].tolist(), keep) for joint in joints):
            best = level
    return best


def _in_picture(joint: list[float], keep: bool) -> bool:
    x, y, _, visibility = joint
    over = OVER if keep else 0.0
    return visibility > (GONE if keep else SEEN) and -over <= x <= 1 + over and -over <= y <= 1 + over
