"""How light a picture is, and the people in it."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from installation.base import landmarks as lm
from installation.base.sizes import fit_within
from installation.types import Box, ByteArray, FloatArray, Observation

BURNT, DROWNED = 250, 5
"""Grey levels at which a camera has nothing more to say (as ``face_quality`` has them)."""
SEEN = 0.5
"""Least visibility of a joint that counts."""
INNER = 0.15
"""Share of a face's box on every side that is left out: hair and background."""


class Light(NamedTuple):
    """Of one picture, in grey levels [0, 255] as the camera gives them (sRGB): ``brightest``, the level that a twentieth of the
    picture passes, ``background``, the median of what is no person, and ``burnt``, the share [0, 1] that is burnt out."""

    brightest: float
    background: float
    burnt: float


class PersonLight(NamedTuple):
    """Of a person's face, or (not ``is_face``) of where it must be: median grey level [0, 255], standard deviation in grey
    levels, and the share [0, 1] that is burnt out."""

    level: float
    contrast: float
    burnt: float
    is_face: bool


def grey_of(rgb: ByteArray, most_across: int) -> ByteArray:
    """(H, W, 3) uint8 RGB -> grey uint8, at most ``most_across`` pixels wide."""
    height, width = rgb.shape[:2]
    size = fit_within(width, height, most_across, height)
    if size != (width, height):
        rgb = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)


def light_of(grey: ByteArray, observation: Observation | None = None) -> Light:
    """The light of a picture (h, w) as ``grey_of`` gives it, with the people of ``observation`` in it."""
    outside = np.ones(grey.shape, bool)
    for person in observation.people if observation is not None else ():
        outside[_within(person.box, grey.shape)] = False
    beside = grey[outside] if outside.mean() > 0.1 else grey
    return Light(float(np.percentile(grey, 95)), float(np.median(beside)), float((grey >= BURNT).mean()))


def light_of_people(grey: ByteArray, observation: Observation) -> list[PersonLight]:
    """Of everybody whose face is seen, or whose body faces the camera: against the light no face is found. Clothes do not
    count, they may be black."""
    found = []
    for person in observation.people:
        box, is_face = person.face_box, person.face_box is not None
        if box is None and person.pose is not None:
            box = _face_place(person.pose)
        if box is None:
            continue
        part = grey[_within(_inner(box), grey.shape)]
        if part.size >= 25:
            burnt = float((part >= BURNT).mean())
            found.append(PersonLight(float(np.median(part)), float(part.std()), burnt, is_face))
    return found


def _face_place(pose: FloatArray) -> Box | None:
    """Where eyes, nose and mouth of ``pose`` (33, 4) are; None of who turns away."""
    left, right = pose[lm.LEFT_SHOULDER], pose[lm.RIGHT_SHOULDER]
    face = pose[: lm.MOUTH_RIGHT + 1]
    if min(left[3], right[3], float(face[:, 3].min())) < SEEN or left[0] <= right[0]:
        return None
    low, high = face[:, :2].min(axis=0), face[:, :2].max(axis=0)
    return Box(float(low[0]), float(low[1]), float(high[0]), float(high[1]))


def _inner(box: Box) -> Box:
    across, down = INNER * box.width, INNER * box.height
    return Box(box.left + across, box.top + down, box.right - across, box.bottom - down)


def _within(box: Box, shape: tuple[int, ...]) -> tuple[slice, slice]:
    """The rows and columns of ``box`` in a picture of ``shape``."""
    height, width = shape[:2]
    edges = np.clip([box.top, box.bottom, box.left, box.right], 0.0, 1.0)
    top, bottom, left, right = (edges * [height, height, width, width]).round().astype(int)
    return slice(top, bottom), slice(left, right)


def detail_of(grey: npt.NDArray[np.uint8]) -> float:
    """How much of a picture's gradient a slight blur takes away, [0, 1]; low for a blurred picture (Crete et al. 2007, as
    ``face_quality.fine_detail``). Of its strongest gradients only, for a bare wall is not blurred."""
    level = grey.astype(np.float32)
    blurred = cv2.GaussianBlur(level, (0, 0), 1.0)
    whole, left = (np.hypot(np.gradient(one, axis=0), np.gradient(one, axis=1)) for one in (level, blurred))
    edges = whole >= np.percentile(whole, 95)
    return float(1.0 - left[edges].mean() / whole[edges].mean()) if whole[edges].mean() > 1.0 else 0.0
