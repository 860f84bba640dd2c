"""A drawing of the figures in an observation: the camera's stand-in when nobody but the simulated performer is there."""

from __future__ import annotations

from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from installation.base import landmarks as body
from installation.types import ByteArray, Observation

Points: TypeAlias = npt.NDArray[np.float64]

# (from, to, width there, width here) in shares of the torso's length: limbs taper like a drawing's.
_LIMBS = (
    (body.LEFT_HIP, body.LEFT_KNEE, 0.17, 0.12),
    (body.RIGHT_HIP, body.RIGHT_KNEE, 0.17, 0.12),
    (body.LEFT_KNEE, body.LEFT_ANKLE, 0.12, 0.07),
    (body.RIGHT_KNEE, body.RIGHT_ANKLE, 0.12, 0.07),
    (29, 31, 0.07, 0.05),
    (30, 32, 0.07, 0.05),
    (body.LEFT_SHOULDER, body.LEFT_ELBOW, 0.12, 0.085),
    (body.RIGHT_SHOULDER, body.RIGHT_ELBOW, 0.12, 0.085),
    (body.LEFT_ELBOW, body.LEFT_WRIST, 0.085, 0.055),
    (body.RIGHT_ELBOW, body.RIGHT_WRIST, 0.085, 0.055),
    (body.LEFT_WRIST, 19, 0.055, 0.035),
    (body.RIGHT_WRIST, 20, 0.055, 0.035),
)
_TRUNK = (body.LEFT_SHOULDER, body.RIGHT_SHOULDER, body.RIGHT_HIP, body.LEFT_HIP)
_TONES = ((226, 214, 196), (176, 196, 214), (214, 180, 190))
"""sRGB of one figure after another: chalk, mist, rose."""
_SHIFT = 4
"""Drawing in sixteenths of a pixel: a slow figure glides instead of hopping."""


def figure_picture(observation: Observation, width: int, height: int) -> ByteArray:
    """(height, width, 3) uint8 sRGB: the people of ``observation`` as tapered limbs over black."""
    picture = np.zeros((height, width, 3), np.uint8)
    size = np.array([width, height], np.float64)
    for person in observation.people:
        if person.pose is not None:
            tone = _TONES[(person.id - 1) % len(_TONES)]
            _draw(picture, person.pose[:, :2].astype(np.float64) * size, tone)
    return picture


def figure_silhouette(observation: Observation, width: int, height: int) -> ByteArray:
    """(height, width) uint8: 255 where ``figure_picture`` draws a figure, as ``Silhouette.alpha``; made from the same limbs."""
    alpha = np.zeros((height, width), np.uint8)
    size = np.array([width, height], np.float64)
    for person in observation.people:
        if person.pose is not None:
            _draw(alpha, person.pose[:, :2].astype(np.float64) * size, (255, 255, 255))
    return alpha


def _draw(picture: ByteArray, points: Points, tone: tuple[int, int, int]) -> None:
    shoulders, hips = (
        points[[a, b]].mean(axis=0)
        for a, b in ((body.LEFT_SHOULDER, body.RIGHT_SHOULDER), (body.LEFT_HIP, body.RIGHT_HIP))
    )
    torso = max(float(np.hypot(*(shoulders - hips))), 2.0)
    _fill(picture, points[list(_TRUNK)], tone)
    for a, b in ((0, 1), (1, 2), (2, 3), (3, 0)):
        _capsule(picture, points[_TRUNK[a]], points[_TRUNK[b]], 0.06 * torso, 0.06 * torso, tone)
    for a, b, wide, narrow in _LIMBS:
        _capsule(picture, points[a], points[b], wide * torso / 2, narrow * torso / 2, tone)
    # The far side of the head is as far behind the ears as the nose is before them, so it turns with them.
    head = (points[body.LEFT_EAR] + points[body.RIGHT_EAR] + 0.3 * points[body.NOSE]) / 2.3
    _capsule(picture, shoulders, head, 0.07 * torso, 0.07 * torso, tone)
    across, down = 0.17 * torso, 0.23 * torso
    lean = float(np.degrees(np.arctan2(*(head - shoulders)[::-1]))) + 90.0
    axes = tuple(int(value * (1 << _SHIFT)) for value in (across, down))
    cv2.ellipse(picture, _fixed(head), axes, lean, 0, 360, tone, -1, cv2.LINE_AA, _SHIFT)


def _fixed(point: Points) -> tuple[int, int]:
    x, y = (round(float(value) * (1 << _SHIFT)) for value in point)
    return x, y


def _fill(picture: ByteArray, corners: Points, tone: tuple[int, int, int]) -> None:
    fixed = np.round(corners * (1 << _SHIFT)).astype(np.int32)
    cv2.fillConvexPoly(picture, cv2.convexHull(fixed), tone, cv2.LINE_AA, _SHIFT)


def _capsule(
    picture: ByteArray, start: Points, end: Points, radius: float, end_radius: float, tone: tuple[int, int, int]
) -> None:
    """A limb with round ends; radii in pixels."""
    along = end - start
    length = float(np.hypot(*along))
    if length > 0.5:
        across = np.array([-along[1], along[0]]) / length
        corners = [
            start + across * radius,
            end + across * end_radius,
            end - across * end_radius,
            start - across * radius,
        ]
        _fill(picture, np.array(corners), tone)
    for centre, size in ((start, radius), (end, end_radius)):
        cv2.circle(picture, _fixed(centre), int(size * (1 << _SHIFT)), tone, -1, cv2.LINE_AA, _SHIFT)
