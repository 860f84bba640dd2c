"""What a body shows over time, without a face: the posture of the moment, and how it moves. Speeds count depth half.

``posture.py`` measures one moment, ``motion.py`` the joints' speeds, ``affect_map.py`` says what the cues mean.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from installation.base import landmarks as lm
from installation.base.easing import eased_share, smooth_step
from installation.emotion.motion import JointMotion, MotionReader
from installation.emotion.posture import REST, BodyCues, Vector, body_axes, clip, posture, seen, visibility
from installation.emotion.size import TORSO_SHARE, in_picture
from installation.types import POSE_LANDMARKS, FloatArray

ENERGY_FULL = 2.0
"""Torso lengths a second of mean joint speed that count as full energy (vigorous dancing)."""
DEPTH_SHARE = 0.5
"""Depth is guessed by the network: heads and shoulders that hardly move in the picture wander in depth three to eight
times as fast (footage of signing people). Speeds count it half."""
NEAR_FULL = 0.6
"""The same for head and shoulders of somebody seen close by: where people sign or dance they move a fifth to a third as fast as
head, shoulders and arms together."""
STILL_S = 1.5
"""Time constant in which a body that stopped becomes still."""
_MOVING = (lm.NOSE, lm.LEFT_ELBOW, lm.RIGHT_ELBOW, lm.LEFT_WRIST, lm.RIGHT_WRIST, lm.LEFT_SHOULDER, lm.RIGHT_SHOULDER)
_FACE_MOVING = [lm.FOREHEAD, lm.CHIN, lm.RIGHT_CHEEK, lm.LEFT_CHEEK]
"""They move with the head, not with an expression."""
_WRISTS_MOVING = [_MOVING.index(lm.LEFT_WRIST), _MOVING.index(lm.RIGHT_WRIST)]
_ARMS_MOVING = np.isin(_MOVING, (lm.LEFT_ELBOW, lm.RIGHT_ELBOW, lm.LEFT_WRIST, lm.RIGHT_WRIST))


class InPicture(NamedTuple):
    """A body as the picture has it: ``points`` (33, 3) in pictures' heights, the third without depth; ``inside`` (33,) [0, 1]
    how far each lies in the picture; ``torso`` the torso's length in pictures' heights."""

    points: Vector
    inside: Vector
    torso: float


def as_pictured(pose: FloatArray, aspect: float, height: float) -> InPicture:
    """Of a pose (33, 4) in a picture ``aspect`` times as wide as high, and the body's ``height`` in pictures' heights."""
    points = pose[:, :3].astype(np.float64) * [aspect, 1.0, 0.0]
    return InPicture(points, in_picture(pose), TORSO_SHARE * height)


class BodyReader:
    """Cues of one person over time. Feed it every observation of that person, with rising time.

    World landmarks are measured from the hips: where these are out of the picture, speeds are those in the picture instead.
    """

    def __init__(self) -> None:
        self._motion, self._picture_motion = MotionReader(), MotionReader()
        self._stillness = REST.stillness
        self._last_s: float | None = None

    def read(self, t_s: float, world: FloatArray, picture: InPicture | None = None) -> BodyCues:
        """Cues at ``t_s`` seconds of world landmarks (33, 4). ValueError for another shape or what is not finite.

        ``picture`` None: all of the body is in the picture.
        """
        if world.shape != (POSE_LANDMARKS, 4) or not np.isfinite(world).all():
            raise ValueError(f"world landmarks must be finite and (33, 4), not {world.shape}")
        if picture is not None:
            world = np.concatenate([world[:, :3], world[:, 3:] * picture.inside[:, None]], axis=1)
        xyz, weight = world[:, :3].astype(np.float64), seen(world[:, 3])
        axes = body_axes(xyz, weight)
        hips = 1.0 if picture is None else float(weight[[lm.LEFT_HIP, lm.RIGHT_HIP]].max())
        moving = weight[list(_MOVING)]
        self._motion.see(t_s, xyz[list(_MOVING)] * [1.0, 1.0, DEPTH_SHARE], moving)
        motion = near = None
        if axes is not None and hips > 0:
            motion = self._motion.read(axes.unit)
        if picture is not None:
            self._picture_motion.see(t_s, picture.points[list(_MOVING)], moving)
            near = self._picture_motion.read(picture.torso) if hips < 1 else None
        energy = _mixed(hips, _energy(motion), _energy(near))
        jerk = _mixed(hips, _jerk(motion), _jerk(near))
        stillness = self._still(t_s, energy)
        return BodyCues(
            **posture(world),
            energy=REST.energy if energy is None else energy,
            jerk=REST.jerk if jerk is None else jerk,
            stillness=stillness,
            visible=visibility(world) if axes else 0.0,
        )

    def _still(self, t_s: float, energy: float | None) -> float:
        dt_s = 0.0 if self._last_s is None else clip(t_s - self._last_s, 0.0, 0.5)
        self._last_s = t_s
        now = REST.stillness if energy is None else 1.0 - smooth_step(energy, 0.04, 0.16)
        self._stillness += (now - self._stillness) * eased_share(dt_s, STILL_S)
        return clip(self._stillness)


class FaceMotion:
    """Energy of a visitor of whom only the face is found."""

    def __init__(self) -> None:
        self._motion = MotionReader()

    def read(self, t_s: float, face: FloatArray, aspect: float, height: float) -> float:
        """[0, 1] at ``t_s`` of face landmarks (478, 3) in a picture ``aspect`` times as wide as high."""
        points = face[_FACE_MOVING].astype(np.float64) * [aspect, 1.0, 0.0]
        self._motion.see(t_s, points, np.ones(len(points)))
        motion = self._motion.read(TORSO_SHARE * height)
        return REST.energy if motion is None else clip(float(motion.speed.mean()) / NEAR_FULL)


def _mixed(share: float, one: float | None, other: float | None) -> float | None:
    """``share`` of ``one`` and the rest of ``other``; where one of them is not known, the other."""
    if one is None or other is None:
        return other if one is None else one
    return share * one + (1 - share) * other


def _energy(motion: JointMotion | None) -> float | None:
    """Mean speed of what is seen. Hands out of sight do not make somebody quieter: head and shoulders then count for them."""
    if motion is None or motion.weight.sum() <= 0:
        return None
    hands = float(motion.weight[_WRISTS_MOVING].max())
    full = np.where(_ARMS_MOVING, ENERGY_FULL, hands * ENERGY_FULL + (1 - hands) * NEAR_FULL)
    return clip(float((motion.speed / full * motion.weight).sum() / motion.weight.sum()))


def _jerk(motion: JointMotion | None) -> float | None:
    """Acceleration over speed of the wrists: the frequency in hertz that a swing of this roughness would have.

    Like the dimensionless jerk of Hogan and Sternad (2009) it does not depend on a movement's size; it goes without the
    third derivative, in which landmarks that jitter by a centimetre drown out everything else.
    """
    if motion is None:
        return None
    weight = motion.weight[_WRISTS_MOVING]
    speed, acceleration = motion.long_speed[_WRISTS_MOVING], motion.acceleration[_WRISTS_MOVING]
    swing_hz = acceleration / np.maximum(speed, 1e-6) / (2 * math.pi)
    moves = np.array([smooth_step(float(value), 0.3, 0.9) for value in speed])
    rough = np.clip((swing_hz - 0.7) / 2.3, 0.0, 1.0) * moves
    # The hand that moves more counts for both.
    counts = weight * np.maximum(speed, 1e-6)
    if counts.sum() <= 0:
        return REST.jerk
    return clip(float(weight.max()) * float((rough * counts).sum() / counts.sum()))
