"""What a body shows over time, without a face: the posture of the moment, and how it moves. Speeds count depth half.

``posture.py`` measures one moment, ``motion.py`` the joints' speeds, ``affect_map.py`` says what the cues mean.
"""

from __future__ import annotations

import math

import numpy as np

from installation.base import landmarks as lm
from installation.base.easing import eased_share, smooth_step
from installation.emotion.motion import JointMotion, MotionReader
from installation.emotion.posture import REST, BodyCues, body_axes, clip, posture, seen, visibility
from installation.types import POSE_LANDMARKS, FloatArray

ENERGY_FULL = 2.0
"""Torso lengths a second of mean joint speed that count as full energy (vigorous dancing)."""
DEPTH_SHARE = 0.5
"""Depth is guessed by the network: heads and shoulders that hardly move in the picture wander in depth three to eight
times as fast (footage of signing people). Speeds count it half."""
STILL_S = 1.5
"""Time constant in which a body that stopped becomes still."""
_MOVING = (lm.NOSE, lm.LEFT_ELBOW, lm.RIGHT_ELBOW, lm.LEFT_WRIST, lm.RIGHT_WRIST, lm.LEFT_SHOULDER, lm.RIGHT_SHOULDER)
_WRISTS_MOVING = [_MOVING.index(lm.LEFT_WRIST), _MOVING.index(lm.RIGHT_WRIST)]


class BodyReader:
    """Cues of one person over time. Feed it every observation of that person, with rising time."""

    def __init__(self) -> None:
        self._motion = MotionReader()
        self._stillness = REST.stillness
        self._last_s: float | None = None

    def read(self, t_s: float, world: FloatArray) -> BodyCues:
        """Cues at ``t_s`` seconds of world landmarks (33, 4). ValueError for another shape or what is not finite."""
        if world.shape != (POSE_LANDMARKS, 4) or not np.isfinite(world).all():
            raise ValueError(f"world landmarks must be finite and (33, 4), not {world.shape}")
        xyz, weight = world[:, :3].astype(np.float64), seen(world[:, 3])
        axes = body_axes(xyz, weight)
        motion = None
        if axes is not None:
            motion = self._motion.read(
                t_s, xyz[list(_MOVING)] * [1.0, 1.0, DEPTH_SHARE], weight[list(_MOVING)], axes.unit
            )
        energy, jerk = _energy(motion), _jerk(motion)
        stillness = self._still(t_s, energy if motion is not None and motion.weight.sum() > 0 else None)
        return BodyCues(
            **posture(world), energy=energy, jerk=jerk, stillness=stillness, visible=visibility(world) if axes else 0.0
        )

    def _still(self, t_s: float, energy: float | None) -> float:
        dt_s = 0.0 if self._last_s is None else clip(t_s - self._last_s, 0.0, 0.5)
        self._last_s = t_s
        now = REST.stillness if energy is None else 1.0 - smooth_step(energy, 0.04, 0.16)
        self._stillness += (now - self._stillness) * eased_share(dt_s, STILL_S)
        return clip(self._stillness)


def _energy(motion: JointMotion | None) -> float:
    if motion is None or motion.weight.sum() <= 0:
        return REST.energy
    return clip(float((motion.speed * motion.weight).sum() / motion.weight.sum()) / ENERGY_FULL)


def _jerk(motion: JointMotion | None) -> float:
    """Acceleration over speed of the wrists: the frequency in hertz that a swing of this roughness would have.

    Like the dimensionless jerk of Hogan and Sternad (2009) it does not depend on a movement's size; it goes without the
    third derivative, in which landmarks that jitter by a centimetre drown out everything else.
    """
    if motion is None:
        return REST.jerk
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
