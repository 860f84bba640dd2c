"""How large, how upright and how sharp people are in a camera's picture."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from installation.base import landmarks as lm
from installation.base.head_angles import head_turn
from installation.perception.face_quality import quality_factors
from installation.perception.placing.light import SEEN
from installation.types import ByteArray, FloatArray, Person

BESIDE = 0.1
"""Shoulders of a bust may be so far beside the picture, as a share of its size; hips not, they are guessed straight below."""
FACE_PER_TORSO, FACE_PER_SHOULDERS = 0.36, 0.5
"""Height of a face (forehead to chin) by the torso's length and by the shoulders' width, of a body without a face."""


class Sight(NamedTuple):
    """One person in one picture; None where something cannot be told.

    ``face_px``: the longer side of the face in the camera's own pixels, read or, where no face was found (``has_face`` false),
    guessed from the body. ``face_share``: its height as a share of the picture's. ``cut``: the face passes the picture's
    border. ``roll``: how far the body leans to the picture's right, degrees (whether it leans to the camera or away cannot be
    told: with the camera turned up or down by 20 degrees the networks' answer moved by 4). ``turn``: (to the picture's right,
    up), degrees that the head is turned away. ``sharpness`` [0, 1] as ``FaceQuality`` has it.
    """

    has_face: bool
    face_px: float | None
    face_share: float | None
    cut: bool
    extent: str
    roll: float | None
    turn: tuple[float, float] | None
    sharpness: float | None


def sight_of(person: Person, size: tuple[int, int], rgb: ByteArray | None) -> Sight:
    """Measure a person in a picture of ``size`` (width, height), ``rgb`` being that picture, None where there is none."""
    width, height = size
    box = person.face_box
    face_px = share = None
    cut, sharpness, turn, points = False, None, None, None
    if box is not None and person.face is not None:
        face_px, share = max(box.width * width, box.height * height), box.height
        cut = box.top < -0.02 or box.bottom > 1.02 or box.left < -0.02 or box.right > 1.02
        points = person.face * np.array([width, height, width], np.float32)
        yaw, pitch, _ = head_turn(points)
        turn = math.degrees(yaw), math.degrees(pitch)
        if rgb is not None and person.expression is not None:
            sharpness = quality_factors(rgb, points).sharpness
    elif person.pose is not None:
        face_px = _face_by_body(person.pose, size)
        share = None if face_px is None else face_px / height
    roll = None
    if person.pose is not None:
        # Of a bust the network guesses hips, straight below the shoulders.
        roll = roll_of(person.pose, size) if person.extent in ("half", "whole") else None
        if roll is None and points is not None:
            roll = _roll_of_bust(person.pose, points, size)
    return Sight(
        box is not None,
        face_px,
        share,
        cut,
        person.extent,
        roll,
        turn,
        sharpness,
    )


def roll_of(pose: FloatArray, size: tuple[int, int]) -> float | None:
    """Degrees that a body leans to the picture's right: the median of what can be seen of trunk, legs, shoulders and hips.

    ``pose`` (33, 4) as ``Person`` has it. One who stands straight before a level camera gives 0; None without a trunk.
    """
    points = pose[:, :2].astype(np.float64) * size
    seen = (pose[:, 3] > SEEN) & (np.abs(pose[:, :2] - 0.5) <= 0.5).all(axis=1)
    pairs = (lm.LEFT_SHOULDER, lm.RIGHT_SHOULDER), (lm.LEFT_HIP, lm.RIGHT_HIP), (lm.LEFT_ANKLE, lm.RIGHT_ANKLE)
    shoulders, hips, ankles = (points[list(pair)].mean(axis=0) if seen[list(pair)].all() else None for pair in pairs)
    if shoulders is None or hips is None:
        return None
    leans = [_from_upright(hips, shoulders)]
    if ankles is not None:
        leans.append(_from_upright(ankles, hips))
    torso = float(np.hypot(*(shoulders - hips)))
    for left, right in pairs[:2]:
        across = points[left] - points[right]
        # From the side the line across says nothing.
        if abs(across[0]) > 0.35 * torso:
            leans.append(math.degrees(math.atan(across[1] / across[0])))
    return float(np.median(leans))


def _roll_of_bust(pose: FloatArray, face_px: FloatArray, size: tuple[int, int]) -> float | None:
    """The same of somebody whose trunk is out of the picture: the smaller of the shoulders' and the eyes' lean where both lean
    to one side, for people tilt their heads; 0 where they do not, None where the shoulders are out of the picture, too."""
    pair = [lm.LEFT_SHOULDER, lm.RIGHT_SHOULDER]
    if pose[pair, 3].min() < SEEN or (np.abs(pose[pair, :2] - 0.5) > 0.5 + BESIDE).any():
        return None
    leans = []
    for left, right in (pose[pair, :2] * size, face_px[[lm.LEFT_EYE_CORNER, lm.RIGHT_EYE_CORNER], :2]):
        across = left.astype(np.float64) - right
        if abs(across[0]) < 1e-6:
            return None
        leans.append(math.degrees(math.atan(across[1] / across[0])))
    return min(leans, key=abs) if leans[0] * leans[1] > 0 else 0.0


def _face_by_body(pose: FloatArray, size: tuple[int, int]) -> float | None:
    points = pose[:, :2].astype(np.float64) * size
    if pose[[lm.LEFT_SHOULDER, lm.RIGHT_SHOULDER], 3].min() < SEEN:
        return None
    shoulders = points[[lm.LEFT_SHOULDER, lm.RIGHT_SHOULDER]]
    guess = FACE_PER_SHOULDERS * float(np.hypot(*(shoulders[0] - shoulders[1])))
    if pose[[lm.LEFT_HIP, lm.RIGHT_HIP], 3].min() > SEEN:
        hips = points[[lm.LEFT_HIP, lm.RIGHT_HIP]].mean(axis=0)
        guess = max(guess, FACE_PER_TORSO * float(np.hypot(*(shoulders.mean(axis=0) - hips))))
    return guess


def _from_upright(below: npt.NDArray[np.float64], above: npt.NDArray[np.float64]) -> float:
    across, up = above[0] - below[0], below[1] - above[1]
    return math.degrees(math.atan2(across, up))
