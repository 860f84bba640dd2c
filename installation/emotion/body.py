"""What a body says without a face: continuous cues in body units, and what they mean for valence and arousal.

The cues are measured on MediaPipe's world landmarks (metres around the hips) and divided by the torso's length, so they do
not depend on where a person stands or how large they are. The map to valence and arousal is a choice of design after the
literature: arousal follows motion energy and expansion (Castellano, Villalba and Camurri 2007; Wallbott 1998), raised arms,
an upright trunk and an open chest read positive (de Meijer 1989; Carney, Cuddy and Yap 2010), a dropped head, contraction
and slowness read sad (Wallbott 1998; Michalak et al. 2009).
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from installation.types import (
    LEFT_EAR,
    LEFT_ELBOW,
    LEFT_HIP,
    LEFT_SHOULDER,
    LEFT_WRIST,
    NOSE,
    RIGHT_EAR,
    RIGHT_ELBOW,
    RIGHT_HIP,
    RIGHT_SHOULDER,
    RIGHT_WRIST,
    FloatArray,
)

WINDOW_S = 0.6
"""Motion is measured over this long."""
ENERGY_FULL = 2.0
"""Torso lengths a second of mean joint speed that count as full energy (vigorous dancing)."""
_MOVING = (NOSE, LEFT_ELBOW, RIGHT_ELBOW, LEFT_WRIST, RIGHT_WRIST, LEFT_SHOULDER, RIGHT_SHOULDER)


@dataclass(frozen=True, slots=True)
class BodyCues:
    """All in [0, 1] but ``lean`` and ``hands_height``, which are in [-1, 1].

    ``openness``: hands and elbows away from the trunk. ``hands_height``: -1 hanging, 0 at the shoulders, 1 high above
    the head. ``head_drop``: the head's pitch, 0 upright, 1 bowed by about 50 degrees. ``lean``: trunk forward (towards
    the camera) positive. ``energy``: mean speed of head, hands and elbows. ``visible``: share of the upper body in sight.
    """

    openness: float
    hands_height: float
    head_drop: float
    lean: float
    energy: float
    visible: float


def _clip(value: float, low: float = 0.0, high: float = 1.0) -> float:
    return float(min(max(value, low), high))


def posture(world: FloatArray) -> tuple[float, float, float, float]:
    """(openness, hands_height, head_drop, lean) of world landmarks (33, 4); y down, z away from the camera."""
    xyz = world[:, :3].astype(np.float64)
    shoulders = (xyz[LEFT_SHOULDER] + xyz[RIGHT_SHOULDER]) / 2
    hips = (xyz[LEFT_HIP] + xyz[RIGHT_HIP]) / 2
    torso = max(float(np.linalg.norm(shoulders - hips)), 1e-3)
    wrists, elbows = xyz[[LEFT_WRIST, RIGHT_WRIST]], xyz[[LEFT_ELBOW, RIGHT_ELBOW]]
    middle = (shoulders + hips) / 2
    spread = np.linalg.norm(wrists[:, :2] - middle[:2], axis=1).mean() / torso
    elbow_spread = np.abs(elbows[:, 0] - shoulders[0]).mean() / torso
    openness = _clip(0.7 * (spread - 0.55) / 0.9 + 0.3 * (elbow_spread - 0.35) / 0.5)
    hands_height = _clip(float((shoulders[1] - wrists[:, 1]).mean()) / torso, -1.0, 1.0)
    ears = (xyz[LEFT_EAR] + xyz[RIGHT_EAR]) / 2
    # An upright head carries the nose a little below the line of the ears; a bowed one turns it further down.
    forward = max(float(ears[2] - xyz[NOSE, 2]), 0.1 * torso)
    pitch = math.atan2(float(xyz[NOSE, 1] - ears[1]), forward)
    head_drop = _clip((pitch - 0.3) / 0.6)
    lean = _clip(float(hips[2] - shoulders[2]) / torso, -1.0, 1.0)
    return openness, hands_height, head_drop, lean


def visibility(world: FloatArray) -> float:
    """Mean visibility [0, 1] of shoulders, elbows, wrists and hips in world landmarks (33, 4)."""
    points = [LEFT_SHOULDER, RIGHT_SHOULDER, LEFT_ELBOW, RIGHT_ELBOW, LEFT_WRIST, RIGHT_WRIST, LEFT_HIP, RIGHT_HIP]
    return _clip(float(world[points, 3].mean()))


class BodyReader:
    """Cues of one person over time. Feed it every observation of that person, with rising time."""

    def __init__(self) -> None:
        self._history: deque[tuple[float, FloatArray]] = deque(maxlen=120)

    def read(self, t_s: float, world: FloatArray) -> BodyCues:
        """Cues at ``t_s`` seconds of world landmarks (33, 4). ValueError when they are not finite."""
        if not np.isfinite(world).all():
            raise ValueError("world landmarks must be finite")
        self._history.append((t_s, world[list(_MOVING), :3]))
        while len(self._history) > 2 and t_s - self._history[0][0] > WINDOW_S:
            self._history.popleft()
        return BodyCues(*posture(world), self._energy(world), visibility(world))

    def _energy(self, world: FloatArray) -> float:
        if len(self._history) < 3:
            return 0.0
        times = np.array([t_s for t_s, _ in self._history])
        points = np.stack([xyz for _, xyz in self._history]).astype(np.float64)
        torso = float(
            np.linalg.norm((world[LEFT_SHOULDER] + world[RIGHT_SHOULDER] - world[LEFT_HIP] - world[RIGHT_HIP])[:3])
        )
        span_s = times[-1] - times[0]
        if span_s <= 0:
            return 0.0
        # Landmarks jitter by about a centimetre a frame; averaging over thirds of the window keeps that from counting.
        thirds = [part.mean(axis=0) for part in np.array_split(points, 3)]
        moved = sum(np.linalg.norm(b - a, axis=1).mean() for a, b in pairwise(thirds))
        speed = float(moved) / (span_s * 2 / 3) / max(torso / 2, 1e-3)
        return _clip(speed / ENERGY_FULL)


def affect(cues: BodyCues) -> tuple[float, float]:
    """(valence, arousal) in [-1, 1] that a body suggests; sources in the module's head."""
    upright = 1.0 - cues.head_drop
    valence = 0.45 * (cues.openness - 0.3) + 0.35 * max(cues.hands_height, 0.0) + 0.35 * (upright - 0.8)
    valence -= 0.35 * cues.head_drop * (1.0 - cues.energy)
    arousal = 1.3 * cues.energy + 0.35 * cues.openness + 0.2 * max(cues.hands_height, 0.0) - 0.3
    arousal -= 0.25 * cues.head_drop
    return _clip(valence, -1.0, 1.0), _clip(arousal, -1.0, 1.0)
