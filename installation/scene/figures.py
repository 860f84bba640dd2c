"""What a scene knows of a visitor beyond the joints: how much of the body is seen, the head, the expression; and joints that
are not seen, completed from the head."""

from __future__ import annotations

import numpy as np

from installation.base.easing import eased_share
from installation.types import EXPRESSION, EXTENTS, FIGURE_COLUMNS, JOINTS, NO_BLENDSHAPES, EmotionState, FloatArray

EXTENT_S = 0.6
"""Time constant in which a picture goes over from a bust to a body."""
KNOWN_S = 0.25
ASSUMED = 0.8
"""How well a joint is known that is completed from the head."""
BORDER = 0.1
"""Half pictures' heights within which a joint fades towards the camera picture's border: beyond it landmarks are guessed."""
_WHOLE = float(len(EXTENTS) - 1)

# MediaPipe's blendshapes by number; "left" there is on the screen's right. Factors bring each to about 1 in a face that shows
# it plainly: frowns and wrinkled noses are read weakly.
_SOURCES: dict[str, dict[int, float]] = {
    "brow_up_inner": {3: 1.0},
    "brow_up_outer": {4: 0.6, 5: 0.6},
    "brow_down": {1: 0.8, 2: 0.8},
    "brow_apart": {4: 1.0, 5: -1.0, 1: -0.7, 2: 0.7},
    "eye_closed_left": {10: 1.2},
    "eye_closed_right": {9: 1.2},
    "eye_wide": {21: 1.5, 22: 1.5},
    "squint": {19: 0.6, 20: 0.6},
    "jaw_open": {25: 1.3},
    "smile": {44: 0.6, 45: 0.6},
    "frown": {30: 2.0, 31: 2.0, 42: 0.5},
    "pucker": {38: 0.8, 32: 1.5},
    "mouth_wide": {46: 1.0, 47: 1.0, 28: 0.5, 29: 0.5},
    "nose_wrinkled": {50: 4.0, 51: 4.0, 48: 0.5, 49: 0.5},
    "gaze_x": {15: 0.7, 14: 0.7, 13: -0.7, 16: -0.7},
    "gaze_y": {17: 0.6, 18: 0.6, 11: -0.4, 12: -0.4},
}
_WEIGHTS = np.zeros((len(EXPRESSION), 52), np.float32)
for _row, _name in enumerate(EXPRESSION):
    for _number, _factor in _SOURCES[_name].items():
        _WEIGHTS[_row, _number] = _factor
_LOW = np.array([-1.0 if name in ("brow_apart", "gaze_x", "gaze_y") else 0.0 for name in EXPRESSION], np.float32)
_FACE = FIGURE_COLUMNS.index(EXPRESSION[0])

# From the head's middle in half heads, of a body that stands upright (Drillis and Contini 1966: crown 1, shoulders 0.818, hips
# 0.530 of the body's height, shoulders 0.259 wide, the head 0.130 high), with the joints' own weights (scene/joints.py).
_COMPLETED = {
    "head": (0.0, 0.0),
    "neck": (0.0, -1.35),
    "chest": (0.0, -3.1),
    "left_shoulder": (2.0, -1.8),
    "right_shoulder": (-2.0, -1.8),
}
_ROWS = np.array([JOINTS.index(name) for name in _COMPLETED])
_OFFSETS = np.array(list(_COMPLETED.values()), np.float32)


def expression(blendshapes: FloatArray) -> FloatArray:
    """(16,) float32, EXPRESSION of MediaPipe's ``blendshapes`` (52,)."""
    return np.asarray(np.minimum(np.maximum(_WEIGHTS @ blendshapes, _LOW), np.float32(1.0)))


class Figure:
    """One visitor's eased row of ``SceneState.figures``."""

    def __init__(self) -> None:
        self.row = np.zeros(len(FIGURE_COLUMNS), np.float32)
        self.row[0] = _WHOLE
        self._is_new = True
        self._blendshapes: FloatArray = NO_BLENDSHAPES
        """Those whose expression stands in the row."""

    def leave(self) -> None:
        """The visitor is gone: the next one begins anew."""
        self._is_new = True
        self._blendshapes = NO_BLENDSHAPES
        self.row[1] = self.row[3] = 0.0
        self.row[8:] = 0.0

    def see(self, state: EmotionState, aspect: float, dt_s: float) -> None:
        """``state`` ``dt_s`` seconds later, in a camera picture ``aspect`` times as wide as high."""
        row, head = self.row, state.head
        x, y, half, yaw, pitch, roll, face = head.tolist()
        extent = float(EXTENTS.index(state.extent))
        row[0] += (extent - row[0]) * (1.0 if self._is_new else eased_share(dt_s, EXTENT_S))
        self._is_new = False
        known = eased_share(dt_s, KNOWN_S)
        row[3] += ((1.0 if half > 0 else 0.0) - row[3]) * known
        if half > 0:
            row[1:3] = face, 2.0 * half
            row[4:11] = (x - 0.5) * 2.0 * aspect, (0.5 - y) * 2.0, roll, 0.0, yaw, pitch, roll
        # Published arrays do not change: between two readings of a face they are the same.
        if state.blendshapes is not self._blendshapes:
            self._blendshapes = state.blendshapes
            row[_FACE:] = expression(state.blendshapes)

    def completed(self, joints: FloatArray | None, aspect: float) -> FloatArray | None:
        """``joints`` (len(JOINTS), 4), changed in place: faded towards the camera picture's border, with what belongs to the
        head put in where it is not seen; None where neither is known."""
        known = float(self.row[3]) * ASSUMED
        if joints is None:
            if known < 1e-3:
                return None
            joints = np.zeros((len(JOINTS), 4), np.float32)
        else:
            across, up = np.maximum.reduce(np.abs(joints[:, :2])).tolist()
            if across > aspect - BORDER or up > 1.0 - BORDER:
                inside = np.minimum(aspect - np.abs(joints[:, 0]), 1.0 - np.abs(joints[:, 1])) / BORDER
                joints[:, 3] *= np.clip(inside, 0.0, 1.0)
        rows = joints.take(_ROWS, 0)
        seen = rows[:, 3:]
        if min(rows[:, 3].tolist()) >= ASSUMED:
            return joints
        x, y, roll = self.row[4:7].tolist()
        assumed = _OFFSETS * self.row[2]
        # A leaning head takes its neck along, and less of the shoulders.
        lean = 0.35 * roll * assumed[:, 1]
        share = np.clip(seen / ASSUMED, 0.0, 1.0)
        place = np.stack([x + assumed[:, 0] + lean, y + assumed[:, 1], np.zeros(len(lean))], axis=1)
        rows[:, :3] = place + (rows[:, :3] - place) * (share if known > 0 else 1.0)
        rows[:, 3:] = np.maximum(seen, known)
        joints[_ROWS] = rows
        return joints
