"""What one moment of a body shows: its posture as continuous cues in body units. ``affect_map.py`` says what they mean.

The cues are measured on MediaPipe's world landmarks (metres around the hips), in units of the torso's length and in the
body's own directions (its left, its front, and the vertical). They do not depend on where a person stands, how large they
are or which way they face. A cue whose joints are not seen has its resting value, ``REST``, and slides there as they fade;
so unseen cues do not count. docs/body.md describes every cue with its source.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from installation.base import landmarks as lm
from installation.base.easing import smooth_steps
from installation.types import FloatArray

Vector = npt.NDArray[np.float64]

UNSEEN, SEEN = 0.3, 0.6
"""A joint of less visibility than the first does not count; from the second on it counts in full."""
SHOULDERS_PER_TORSO = 1.4
"""Torso length over shoulder width: the torso of a body whose hips are not seen is measured by its shoulders."""
_UPPER = [
    lm.LEFT_SHOULDER,
    lm.RIGHT_SHOULDER,
    lm.LEFT_ELBOW,
    lm.RIGHT_ELBOW,
    lm.LEFT_WRIST,
    lm.RIGHT_WRIST,
    lm.LEFT_HIP,
    lm.RIGHT_HIP,
]
_WRISTS, _ELBOWS, _ANKLES = (
    [lm.LEFT_WRIST, lm.RIGHT_WRIST],
    [lm.LEFT_ELBOW, lm.RIGHT_ELBOW],
    [lm.LEFT_ANKLE, lm.RIGHT_ANKLE],
)
_PAIRS = (
    (lm.LEFT_WRIST, lm.RIGHT_WRIST, 1.0),
    (lm.LEFT_ELBOW, lm.RIGHT_ELBOW, 1.0),
    (lm.LEFT_KNEE, lm.RIGHT_KNEE, 0.5),
)


@dataclass(frozen=True, slots=True)
class BodyCues:
    """All in [0, 1] but ``hands_height`` and ``lean``, which are in [-1, 1].

    ``openness``: hands and elbows away from the trunk, to the sides. ``expansion``: how far hands, elbows and feet reach
    from the trunk in any direction. ``hands_height``: -1 hanging, 0 at the shoulders, 1 high above the head. ``lean``:
    sine of the trunk's angle, forward positive. ``head_drop``: the head's pitch, 0 upright, 1 bowed by about 50 degrees.
    ``energy``: mean speed of head, hands and elbows. ``jerk``: how sudden and rough the hands move, whatever their speed;
    0 while they rest. ``symmetry``: 1 where the left side mirrors the right. ``stillness``: 1 once nothing moved for
    some seconds. ``visible``: share of the upper body in sight.
    """

    openness: float
    expansion: float
    hands_height: float
    lean: float
    head_drop: float
    energy: float
    jerk: float
    symmetry: float
    stillness: float
    visible: float


REST = BodyCues(
    openness=0.15,
    expansion=0.15,
    hands_height=-0.9,
    lean=0.0,
    head_drop=0.0,
    energy=0.0,
    jerk=0.0,
    symmetry=0.85,
    stillness=0.5,
    visible=0.0,
)
"""Somebody standing upright with hanging arms, not known to be still; also the value of a cue that cannot be seen."""


@dataclass(frozen=True, slots=True)
class BodyAxes:
    """Of a body: ``middle`` of the trunk, ``shoulders`` and ``hips`` (3,), ``unit`` the torso's length in metres, and unit
    vectors: ``left`` and ``front`` are horizontal, ``up`` points along the trunk."""

    shoulders: Vector
    hips: Vector
    unit: float
    left: Vector
    front: Vector
    up: Vector


def clip(value: float, low: float = 0.0, high: float = 1.0) -> float:
    return float(min(max(value, low), high))


def seen(visibility: npt.ArrayLike) -> Vector:
    """How far joints of this visibility [0, 1] count, same shape, [0, 1]."""
    return smooth_steps(visibility, UNSEEN, SEEN)


def body_axes(xyz: Vector, weight: Vector) -> BodyAxes | None:
    """None where the landmarks have no extent."""
    shoulders = (xyz[lm.LEFT_SHOULDER] + xyz[lm.RIGHT_SHOULDER]) / 2
    hips = (xyz[lm.LEFT_HIP] + xyz[lm.RIGHT_HIP]) / 2
    torso = float(np.linalg.norm(shoulders - hips))
    width = float(np.linalg.norm(xyz[lm.LEFT_SHOULDER] - xyz[lm.RIGHT_SHOULDER]))
    hips_seen = float(weight[[lm.LEFT_HIP, lm.RIGHT_HIP]].max())
    unit = hips_seen * torso + (1 - hips_seen) * SHOULDERS_PER_TORSO * width
    if unit < 1e-3 or torso < 1e-3:
        return None
    if hips_seen < 1:
        # Hips out of the picture are guessed; arms are then measured from a trunk that hangs straight down.
        hips = hips_seen * hips + (1 - hips_seen) * (shoulders + [0.0, unit, 0.0])
        torso = float(np.linalg.norm(shoulders - hips))
        if torso < 1e-3:
            return None
    across = xyz[lm.LEFT_SHOULDER] - xyz[lm.RIGHT_SHOULDER] + xyz[lm.LEFT_HIP] - xyz[lm.RIGHT_HIP]
    across[1] = 0.0
    length = float(np.linalg.norm(across))
    # Shoulders and hips one above the other (a body lying on its side) have no left: the picture's is used.
    left = across / length if length > 0.1 * unit else np.array([1.0, 0.0, 0.0])
    front = np.cross(left, [0.0, -1.0, 0.0])
    return BodyAxes(shoulders, hips, unit, left, front, (shoulders - hips) / torso)


def _blend(values: Vector, weights: Vector, rest: float, low: float = 0.0) -> float:
    """Weighted mean of one value a side, within [low, 1]; the resting value where neither side is seen."""
    total = float(weights.sum())
    if total <= 0:
        return rest
    return rest + float(weights.max()) * (clip(float((values * weights).sum()) / total, low) - rest)


def _openness(xyz: Vector, weight: Vector, axes: BodyAxes) -> float:
    """Hands away from the trunk's middle and elbows away from its midline, in the frontal plane."""
    hands = xyz[_WRISTS] - (axes.shoulders + axes.hips) / 2
    spread = np.hypot(hands @ axes.left, hands[:, 1]) / axes.unit
    elbows = np.abs((xyz[_ELBOWS] - axes.shoulders) @ axes.left) / axes.unit
    value = 0.7 * (spread - 0.55) / 0.9 + 0.3 * (elbows - 0.35) / 0.5
    return _blend(value, weight[_WRISTS] * weight[_ELBOWS], REST.openness)


def _from_trunk(points: Vector, axes: BodyAxes) -> Vector:
    """(K,) distance in torso lengths of points (K, 3) from the line between hips and shoulders."""
    trunk = axes.shoulders - axes.hips
    along = np.clip((points - axes.hips) @ trunk / float(trunk @ trunk), 0.0, 1.0)
    nearest = axes.hips + along[:, None] * trunk
    return np.asarray(np.linalg.norm(points - nearest, axis=1) / axes.unit)


def _expansion(xyz: Vector, weight: Vector, axes: BodyAxes) -> float:
    """The kinesphere's radius: hands 0.6, elbows 0.25, and how far the feet stand apart 0.15."""
    hands = (_from_trunk(xyz[_WRISTS], axes) - 0.4) / 0.9
    elbows = (_from_trunk(xyz[_ELBOWS], axes) - 0.35) / 0.5
    arms = _blend((0.6 * hands + 0.25 * elbows) / 0.85, weight[_WRISTS] * weight[_ELBOWS], REST.expansion)
    apart = abs(float((xyz[lm.LEFT_ANKLE] - xyz[lm.RIGHT_ANKLE]) @ axes.left)) / axes.unit
    stance = np.full(2, (apart - 0.4) / 1.0)
    feet = _blend(stance, np.full(2, weight[_ANKLES].min()), REST.expansion)
    return 0.85 * arms + 0.15 * feet


def _hands_height(xyz: Vector, weight: Vector, axes: BodyAxes) -> float:
    height = (axes.shoulders[1] - xyz[_WRISTS, 1]) / axes.unit
    return _blend(height, weight[_WRISTS], REST.hands_height, -1.0)


def _head_drop(xyz: Vector, weight: Vector, axes: BodyAxes) -> float:
    # An upright head carries the nose a little below the line of the ears (0.1 to 0.35 rad in seven pieces of footage); a
    # bowed one turns it further down.
    ears = (xyz[lm.LEFT_EAR] + xyz[lm.RIGHT_EAR]) / 2
    way = xyz[lm.NOSE] - ears
    forward = max(float(np.hypot(way[0], way[2])), 0.1 * axes.unit)
    pitch = math.atan2(float(way[1]), forward)
    known = min(float(weight[lm.NOSE]), float(weight[[lm.LEFT_EAR, lm.RIGHT_EAR]].max()))
    return REST.head_drop + known * (clip((pitch - 0.4) / 0.6) - REST.head_drop)


def _symmetry(xyz: Vector, weight: Vector, axes: BodyAxes) -> float:
    """Distance of the left limbs from the mirror image of the right ones; the mirror stands in the trunk's middle."""
    left = axes.left - (axes.left @ axes.up) * axes.up
    left /= max(float(np.linalg.norm(left)), 1e-6)
    away = total = 0.0
    for one, other, share in _PAIRS:
        counts = share * float(weight[one] * weight[other])
        across = xyz[other] - axes.hips
        mirrored = axes.hips + across - 2 * (across @ left) * left
        away += counts * float(np.linalg.norm(xyz[one] - mirrored)) / axes.unit
        total += counts
    if total <= 0:
        return REST.symmetry
    # A tenth of a torso is landmark noise and the way anyone stands.
    value = 1.0 - clip((away / total - 0.1) / 0.9)
    return REST.symmetry + min(total, 1.0) * (value - REST.symmetry)


def posture(world: FloatArray) -> dict[str, float]:
    """The six cues that one moment shows, by name, of world landmarks (33, 4): x, y down, z away from the camera,
    visibility. All at rest where the landmarks have no extent."""
    xyz = world[:, :3].astype(np.float64)
    weight = seen(world[:, 3])
    axes = body_axes(xyz, weight)
    if axes is None:
        return {
            name: getattr(REST, name) for name in ("openness", "expansion", "hands_height", "lean", "head_drop")
        } | {"symmetry": REST.symmetry}
    # Without both ends of the trunk in sight, the landmarks' depth is a guess and so is a lean read from it.
    ends = float(weight[[lm.LEFT_SHOULDER, lm.RIGHT_SHOULDER]].min() * weight[[lm.LEFT_HIP, lm.RIGHT_HIP]].min())
    return {
        "openness": _openness(xyz, weight, axes),
        "expansion": _expansion(xyz, weight, axes),
        "hands_height": _hands_height(xyz, weight, axes),
        "lean": REST.lean + ends * (clip(float(axes.up @ axes.front), -1.0) - REST.lean),
        "head_drop": _head_drop(xyz, weight, axes),
        "symmetry": _symmetry(xyz, weight, axes),
    }


def visibility(world: FloatArray) -> float:
    """Mean visibility [0, 1] of shoulders, elbows, wrists and hips in world landmarks (33, 4)."""
    return clip(float(world[_UPPER, 3].mean()))
