"""A posture as a row of named numbers that do not depend on place, size, turn, or on which way round it is seen.

Directions of the limbs in the frame of the body itself: ``side`` along the shoulders to the body's left, ``up`` against
gravity, ``forward`` where the chest points, all as parts of a unit vector. The frame turns with the body about the vertical,
so that turning a little towards or away from the camera changes almost nothing, while bowing or leaning stays visible.
For arms and legs ``out`` replaces ``side``: away from the body's middle on either side. Distances are in torso lengths.

What the picture does not show must not count: the less of a limb is seen, the more it reads as at rest (arms hanging, legs
standing, a forearm in line with the upper arm, a face at rest).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from installation.base import landmarks as lm
from installation.types import BLENDSHAPES, POSE_LANDMARKS, FloatArray, Person

Vector: TypeAlias = npt.NDArray[np.float64]

_CENTRE = (
    *("trunk_side", "trunk_up", "trunk_forward", "facing"),
    *("head_side", "head_up", "head_forward", "gaze_side", "gaze_up", "gaze_forward"),
)
_ARM = (
    *("upper_arm_out", "upper_arm_up", "upper_arm_forward", "forearm_out", "forearm_up", "forearm_forward"),
    *("elbow_bend", "hand_to_head", "hand_to_hip"),
)
_LEG = ("thigh_out", "thigh_up", "thigh_forward", "shank_out", "shank_up", "shank_forward", "knee_bend")
_LEG_REST = (0.0, -1.0, 0.0, 0.0, -1.0, 0.0, 0.0)

LEG_COLUMNS = tuple(f"{side}_{name}" for side in ("left", "right") for name in _LEG)
"""Two legs of direction and bend."""
LEG_REST = np.array(_LEG_REST * 2, np.float32)
"""(14,) how LEG_COLUMNS read for legs that stand, or that the picture does not show."""
BODY_COLUMNS = (
    *_CENTRE,
    *(f"{side}_{name}" for side in ("left", "right") for name in _ARM),
    "hands_apart",
    *LEG_COLUMNS,
)
"""What ``pose_features`` measures, in order. Directions [-1, 1]; bends [0, 1] from straight to folded; ``facing`` [-1, 1], 1
towards the camera, -1 away; distances [0, 3] torso lengths."""

# Numbers in MediaPipe's list of 52 blendshapes; left and right are averaged, so a mirror image reads the same.
_FACE = {
    "brows_down": (1, 2),
    "brows_up": (3, 4, 5),
    "cheeks_puffed": (6,),
    "eyes_closed": (9, 10),
    "eyes_wide": (21, 22),
    "jaw_open": (25,),
    "mouth_frown": (30, 31),
    "mouth_pucker": (32, 38),
    "mouth_smile": (44, 45),
    "nose_sneer": (50, 51),
}
FACE_COLUMNS = tuple(_FACE)
"""What ``face_features`` measures, each in [0, 1]; 0 is a face at rest, and one that is not seen."""
COLUMNS = (*BODY_COLUMNS, *FACE_COLUMNS)
"""All columns of a recorded row, in order."""
MEASURE_COLUMNS = tuple(name for name in BODY_COLUMNS if name.startswith("hands_") or "_hand_to_" in name)
"""The distances among BODY_COLUMNS."""

MAX_LENGTHS = 3.0
"""Distances end here, torso lengths."""
_VISIBLE_FROM, _VISIBLE_FULLY = 0.3, 0.7
_MARGIN = 0.08
"""A point so far out of the picture, in picture widths or heights, is not seen at all; at the border it is."""
_ENOUGH = 0.5
"""A point seen less than this does not count where it is needed."""
_SHOULDERS_PER_TORSO = 0.76
"""Shoulder joints' distance over the torso's length of an adult: Winter (2009), figure 4.1, 0.38 m over 0.50 m."""
_REST_UPPER_ARM, _REST_FOREARM, _REST_HEAD = 0.60, 0.52, 0.48
"""Lengths in torso lengths, after the same figure."""
_UP, _DOWN = np.array([0.0, 1.0, 0.0]), np.array([0.0, -1.0, 0.0])
_REST_GAZE = np.array([0.0, -0.2, 0.98])
"""From the line of the ears the nose of an upright head lies ahead and a little down."""
_LEAST_M = 0.02


def pose_features(pose_world: FloatArray, pose: FloatArray) -> FloatArray:
    """BODY_COLUMNS of a body, float32.

    ``pose_world`` (33, 4) metres, x right, y down, z away, visibility; ``pose`` (33, 4) x, y in [0, 1] of the picture,
    which says what lies outside it. Raises ValueError for other shapes, numbers that are not finite and a body of no size.
    """
    if pose_world.shape != (POSE_LANDMARKS, 4) or pose.shape != (POSE_LANDMARKS, 4):
        raise ValueError(f"a pose must be (33, 4) and (33, 4), not {pose_world.shape} and {pose.shape}")
    if not (np.isfinite(pose_world).all() and np.isfinite(pose[:, :2]).all()):
        raise ValueError("pose landmarks must be finite")
    seen = seen_shares(pose_world, pose)
    points, facing = _body_frame(pose_world[:, :3].astype(np.float64), seen)
    shoulders = (points[lm.LEFT_SHOULDER] + points[lm.RIGHT_SHOULDER]) / 2
    hips = (points[lm.LEFT_HIP] + points[lm.RIGHT_HIP]) / 2
    hips_seen = float(min(seen[lm.LEFT_HIP], seen[lm.RIGHT_HIP]))
    across = float(np.linalg.norm(points[lm.LEFT_SHOULDER] - points[lm.RIGHT_SHOULDER])) / _SHOULDERS_PER_TORSO
    torso = hips_seen * float(np.linalg.norm(shoulders - hips)) + (1 - hips_seen) * across
    if torso < 2 * _LEAST_M:
        raise ValueError(f"a body must have a size; this torso is {torso:.3f} m long")
    points = (points - shoulders) / torso
    trunk = _faded(-(points[lm.LEFT_HIP] + points[lm.RIGHT_HIP]), hips_seen, _UP)
    ears = (points[lm.LEFT_EAR] + points[lm.RIGHT_EAR]) / 2
    head = _faded(ears, float(seen[lm.NOSE]), _UP)
    gaze = _faded(points[lm.NOSE] - ears, float(seen[lm.NOSE]), _REST_GAZE)
    head_at = head * _length(ears, float(seen[lm.NOSE]), _REST_HEAD)
    left, left_hand = _arm(points, seen, 1.0, (lm.LEFT_SHOULDER, lm.LEFT_ELBOW, lm.LEFT_WRIST), head_at, trunk)
    right, right_hand = _arm(points, seen, -1.0, (lm.RIGHT_SHOULDER, lm.RIGHT_ELBOW, lm.RIGHT_WRIST), head_at, trunk)
    features = [
        *(*trunk, facing, *head, *gaze),
        *(*left, *right),
        min(float(np.linalg.norm(left_hand - right_hand)), MAX_LENGTHS),
        *_leg(points, seen, 1.0, (lm.LEFT_HIP, lm.LEFT_KNEE, lm.LEFT_ANKLE)),
        *_leg(points, seen, -1.0, (lm.RIGHT_HIP, lm.RIGHT_KNEE, lm.RIGHT_ANKLE)),
    ]
    return np.array(features, np.float32)


def face_features(blendshapes: FloatArray | None) -> FloatArray:
    """FACE_COLUMNS of MediaPipe's ``blendshapes`` (52,), float32; all 0 without a face. ValueError for another shape."""
    if blendshapes is None:
        return np.zeros(len(FACE_COLUMNS), np.float32)
    if blendshapes.shape != (BLENDSHAPES,) or not np.isfinite(blendshapes).all():
        raise ValueError(f"blendshapes must be {BLENDSHAPES} finite numbers, not {blendshapes.shape}")
    return np.array([blendshapes[list(numbers)].mean() for numbers in _FACE.values()], np.float32)


def person_features(person: Person) -> FloatArray | None:
    """COLUMNS of a person; None where there is no body or its shoulders are not seen. ValueError as above."""
    if person.pose is None or person.pose_world is None:
        return None
    body = pose_features(person.pose_world, person.pose)
    seen = seen_shares(person.pose_world, person.pose)
    if min(seen[lm.LEFT_SHOULDER], seen[lm.RIGHT_SHOULDER]) < _ENOUGH:
        return None
    return np.concatenate([body, face_features(person.blendshapes)])


def arms_seen(person: Person) -> bool:
    """Whether at least one arm is in sight down to the elbow; without one, hanging arms are only assumed."""
    if person.pose is None or person.pose_world is None:
        return False
    seen = seen_shares(person.pose_world, person.pose)
    return bool(max(seen[lm.LEFT_ELBOW], seen[lm.RIGHT_ELBOW]) >= _ENOUGH)


def seen_shares(pose_world: FloatArray, pose: FloatArray) -> Vector:
    """(33,) in [0, 1]: how far each point is visible and in the picture; it changes without jumps."""
    visible = np.clip((pose_world[:, 3] - _VISIBLE_FROM) / (_VISIBLE_FULLY - _VISIBLE_FROM), 0.0, 1.0)
    outside = np.maximum(np.abs(pose[:, :2] - 0.5).max(axis=1) - 0.5, 0.0)
    return np.asarray(visible * np.clip(1.0 - outside / _MARGIN, 0.0, 1.0), np.float64)


def mirror_columns(columns: tuple[str, ...]) -> tuple[npt.NDArray[np.intp], FloatArray]:
    """(order, sign) that turn rows of ``columns`` into those of the mirror image: ``rows[:, order] * sign``."""
    swap = {"left": "right", "right": "left"}
    order, sign = [], []
    for name in columns:
        side, _, rest = name.partition("_")
        order.append(columns.index(f"{swap[side]}_{rest}" if side in swap else name))
        sign.append(-1.0 if name.endswith("_side") else 1.0)
    return np.array(order, np.intp), np.array(sign, np.float32)


def _body_frame(points: Vector, seen: Vector) -> tuple[Vector, float]:
    """(33, 3) points as (side, up, forward) in metres, and how far the body faces the camera, [-1, 1]."""
    across = points[lm.LEFT_SHOULDER] - points[lm.RIGHT_SHOULDER]
    across = across + min(seen[lm.LEFT_HIP], seen[lm.RIGHT_HIP]) * (points[lm.LEFT_HIP] - points[lm.RIGHT_HIP])
    x, z = float(across[0]), float(across[2])
    length = float(np.hypot(x, z))
    # Lying on the side, shoulders and hips are one above the other and say nothing about the turn.
    x, z = (x / length, z / length) if length > _LEAST_M else (1.0, 0.0)
    axes = np.array([[x, 0.0, z], [0.0, -1.0, 0.0], [z, 0.0, -x]])
    return points @ axes.T, x


def _faded(direction: Vector, seen: float, rest: Vector) -> Vector:
    """(3,) unit vector: ``direction`` as far as it is ``seen``, else ``rest``."""
    length = float(np.linalg.norm(direction))
    if length < 1e-6:
        return rest
    mixed = seen * direction / length + (1 - seen) * rest
    mixed_length = float(np.linalg.norm(mixed))
    return mixed / mixed_length if mixed_length > 1e-6 else rest


def _length(limb: Vector, seen: float, rest: float) -> float:
    return seen * float(np.linalg.norm(limb)) + (1 - seen) * rest


def _bend(upper: Vector, lower: Vector) -> float:
    return float(1.0 - upper @ lower) / 2


def _arm(
    points: Vector, seen: Vector, side: float, joints: tuple[int, int, int], head_at: Vector, trunk: Vector
) -> tuple[list[float], Vector]:
    """The columns of _ARM, and where the hand is, both as far as the arm is seen."""
    shoulder, elbow, wrist = joints
    out = np.array([side, 1.0, 1.0])
    elbow_seen, wrist_seen = float(seen[elbow]), float(min(seen[elbow], seen[wrist]))
    upper = _faded(points[elbow] - points[shoulder], elbow_seen, _DOWN)
    fore = _faded(points[wrist] - points[elbow], wrist_seen, upper)
    hand = points[shoulder] + upper * _length(points[elbow] - points[shoulder], elbow_seen, _REST_UPPER_ARM)
    hand = hand + fore * _length(points[wrist] - points[elbow], wrist_seen, _REST_FOREARM)
    hip = np.array([0.2 * side, 0.0, 0.0]) - trunk
    distances = [min(float(np.linalg.norm(hand - at)), MAX_LENGTHS) for at in (head_at, hip)]
    return [*(upper * out), *(fore * out), _bend(upper, fore), *distances], hand


def _leg(points: Vector, seen: Vector, side: float, joints: tuple[int, int, int]) -> list[float]:
    hip, knee, ankle = joints
    out = np.array([side, 1.0, 1.0])
    knee_seen = float(min(seen[hip], seen[knee]))
    thigh = _faded(points[knee] - points[hip], knee_seen, _DOWN)
    shank = _faded(points[ankle] - points[knee], float(min(knee_seen, seen[ankle])), _DOWN)
    return [*(thigh * out), *(shank * out), _bend(thigh, shank)]
