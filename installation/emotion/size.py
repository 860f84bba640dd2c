"""How near a visitor is: the height of the whole body in the picture, whatever part of it is seen.

A body's landmarks are laid over MediaPipe's world landmarks, which are in metres: that gives the picture's metre where the
body is, turned away or not, and arms may be anywhere. Somebody of whom only the head is left is measured by the face. Where
both are seen the face decides: a picture's border squeezes a cut-off body (by 15 to 20 %, in footage cut off at the neck)
but not the face in it (by 1 %).
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from installation.base import landmarks as lm
from installation.base.easing import eased_share, smooth_step, smooth_steps
from installation.emotion.posture import seen
from installation.types import FloatArray, Person

Vector = npt.NDArray[np.float64]

WORLD_HEIGHT_M = 1.65
"""Height of a standing body in world landmarks: shoulders and ankles of people who stand upright in footage are 1.22 to 1.25 m
apart there, and that is 0.78 of a body's height (Drillis and Contini 1966: shoulders at 0.818, ankles at 0.039)."""
FACE_SHARE = 0.092
"""Forehead to chin, face landmarks 10 to 152, as a share of the body's height. The head, crown to chin, is 0.130 of it
(Drillis and Contini 1966); of that the landmarks span 0.7, in footage of three people whose bodies are seen as well (0.079
to 0.091 of what these give)."""
EYES_TO_SOLES = 0.936
"""Height of the eyes as a share of the body's height (Drillis and Contini 1966)."""
TORSO_SHARE = 0.288
"""Shoulders to hips, likewise (0.818 - 0.530)."""
NEAREST, FARTHEST = 12.0, 0.02
AGREE_S = 0.5
"""Time constant in which a body's measure learns from the face's."""
FAR_FACE, NEAR_FACE = 0.2, 0.35
"""Height of a face in pictures' heights: between these the face takes over from the body altogether, for of a body in whose
face the picture ends there is nothing to be measured."""
EDGE = 0.02
"""Landmarks fade out within this of the picture's border on either side: beyond it they are guessed."""
_EYES = [lm.RIGHT_EYE_CORNER, lm.LEFT_EYE_CORNER]
_LEAST = 3.0
"""Joints that must be in the picture before a body can be measured."""


def in_picture(pose: FloatArray) -> Vector:
    """(33,) how far each landmark of ``pose`` (33, 4) lies in the picture, [0, 1]."""
    xy = pose[:, :2].astype(np.float64)
    return np.asarray(smooth_steps(np.minimum(xy, 1.0 - xy).min(axis=1), -EDGE, EDGE))


def face_height(face: FloatArray, aspect: float) -> float:
    """The body's height, in pictures' heights, by face landmarks (478, 3) in a picture ``aspect`` times as wide as high."""
    x, y, z = (face[lm.CHIN].astype(np.float64) - face[lm.FOREHEAD]).tolist()
    return math.hypot(x * aspect, y, z * aspect) / FACE_SHARE


def pose_height(pose: FloatArray, world: FloatArray, aspect: float) -> float | None:
    """The same by a pose (33, 4) and its world landmarks (33, 4); None where too little of it is in the picture."""
    weight = seen(pose[:, 3]) * in_picture(pose)
    total = float(weight.sum())
    if total < _LEAST:
        return None
    share = weight / total
    image, metres = pose[:, :2] * np.array([aspect, 1.0]), world[:, :2].astype(np.float64)
    spread = [float(share @ ((points - share @ points) ** 2).sum(axis=1)) for points in (image, metres)]
    if spread[1] < 1e-6:
        return None
    return math.sqrt(spread[0] / spread[1]) * WORLD_HEIGHT_M


def face_decides(person: Person) -> float:
    """[0, 1] how far the face alone tells where somebody is."""
    return 0.0 if person.face_box is None else smooth_step(person.face_box.height, FAR_FACE, NEAR_FACE)


class HeightReader:
    """One visitor's height over time, without a jump where face or body is lost or found."""

    def __init__(self) -> None:
        self._ratio: float | None = None
        """Of the face's measure to the body's."""
        self._last = 0.0
        self._t_s = 0.0

    def read(self, t_s: float, person: Person, aspect: float) -> float:
        """The height in pictures' heights at ``t_s`` seconds. ValueError for landmarks that are not finite."""
        by_face = face_height(person.face, aspect) if person.face is not None else None
        by_pose = None
        if person.pose is not None and person.pose_world is not None:
            by_pose = pose_height(person.pose, person.pose_world, aspect)
        dt_s, self._t_s = max(t_s - self._t_s, 0.0), t_s
        if by_face is not None and by_pose is not None:
            ratio = by_face / max(by_pose, 1e-6)
            self._ratio = (
                ratio if self._ratio is None else self._ratio + (ratio - self._ratio) * eased_share(dt_s, AGREE_S)
            )
        if by_pose is not None:
            height = by_pose * (1.0 if self._ratio is None else self._ratio)
            if by_face is not None:
                height += face_decides(person) * (by_face - height)
        elif by_face is not None:
            height = by_face
        else:
            height = self._last or person.box.height
        if not math.isfinite(height):
            raise ValueError("landmarks must be finite")
        self._last = min(max(height, FARTHEST), NEAREST)
        return self._last


def place(person: Person, height: float) -> tuple[float, float]:
    """(x, y) of the middle of what the picture can show of a body of this ``height`` (in pictures' heights): where the feet are
    seen, of what is seen; else from the eyes down to the soles or the picture's border, with a body and with a lone face alike.
    """
    x, y = person.box.centre
    if person.pose is None and (person.face is None or person.face_box is None):
        return float(x), float(y)
    top, end, standing = person.box.top, person.box.bottom, 0.0
    if person.pose is not None:
        standing = float((seen(person.pose[_FEET, 3]) * in_picture(person.pose)[_FEET]).max())
    if person.face is not None and person.face_box is not None:
        alone = 1.0 if person.pose is None else face_decides(person)
        x += alone * (person.face_box.centre[0] - x)
        top += alone * (float(person.face[_EYES, 1].mean()) - top)
        standing *= 1 - alone
    bottom = standing * end + (1 - standing) * min(max(1.0, top), top + EYES_TO_SOLES * height)
    return float(x), (top + bottom) / 2


_FEET = [lm.LEFT_ANKLE, lm.RIGHT_ANKLE]
