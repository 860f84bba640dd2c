"""FaceOSC's messages, so that patches made for Kyle McDonald's FaceOSC hear Mien.

Addresses and types are those of ofxFaceTracker's "Osc message specification" (17 January 2013): /found always, the others in
the same bundle while a face is tracked. Everything is measured on the landmarks, in the units of ``docs/reference/osc.md``.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from installation.base import landmarks as lm
from installation.base.face_size import large_enough
from installation.showcontrol.osc_out.bundle import Seen
from installation.showcontrol.osc_out.encode import TypedMessage
from installation.types import Person

PORT = 8338
"""Where FaceOSC sends as shipped."""
_WIDTH_PX = 640.0
"""FaceOSC's capture is this wide as shipped; patches count in its pixels."""
_FACE_WIDTH = 40.0
"""FaceOSC's model of the face is about this wide in its own units: ofxFaceTracker.h, getScale, says +/-20."""

# "Left" is left in the picture, as with FaceOSC, whose numbers 36 to 41 are that eye.
_SPANS = (
    ("/gesture/mouth/width", (61,), (291,)),
    ("/gesture/mouth/height", (13,), (14,)),
    ("/gesture/eyebrow/left", (159, 145), (105,)),
    ("/gesture/eyebrow/right", (386, 374), (334,)),
    ("/gesture/eye/left", (158,), (144,)),
    ("/gesture/eye/right", (385,), (373,)),
    ("/gesture/jaw", (2,), (lm.CHIN,)),
    ("/gesture/nostrils", (98,), (327,)),
)
"""Address, and the landmarks whose middles are this far apart."""


class FaceOsc:
    """Keeps to one visitor while that face is seen: FaceOSC knows one face only."""

    def __init__(self) -> None:
        self._id: int | None = None

    def messages(self, seen: Seen) -> list[TypedMessage]:
        """FaceOSC's messages for one observation, full addresses."""
        person = self._choose(seen)
        if person is None or person.face is None:
            return [("/found", "i", [0])]
        width, height = seen.frame_size
        to_px = np.array([_WIDTH_PX, _WIDTH_PX * height / width, _WIDTH_PX])
        points = person.face.astype(np.float64) * to_px
        across = points[lm.LEFT_CHEEK] - points[lm.RIGHT_CHEEK]
        scale = float(np.linalg.norm(across)) / _FACE_WIDTH
        if not (math.isfinite(scale) and scale > 0 and np.isfinite(points).all()):
            return [("/found", "i", [0])]
        x, y = points[:, :2].mean(0).tolist()
        out: list[TypedMessage] = [
            ("/found", "i", [1]),
            ("/pose/position", "ff", [x, y]),
            ("/pose/scale", "f", [scale]),
            ("/pose/orientation", "fff", _angles(across, points[lm.CHIN] - points[lm.FOREHEAD])),
        ]
        if not seen.emotions_read:  # Mouth, brows and eyes are not in these landmarks.
            return out
        for address, ones, others in _SPANS:
            apart = points[list(ones)].mean(0) - points[list(others)].mean(0)
            out.append((address, "f", [float(np.linalg.norm(apart)) / scale]))
        return out

    def _choose(self, seen: Seen) -> Person | None:
        faces = {
            person.id: person
            for person in seen.people
            if person.face is not None and (person.face_box is None or large_enough(person.face_box, *seen.frame_size))
        }
        if self._id not in faces:
            self._id = max(faces, key=lambda key: _size(faces[key]), default=None)
        return faces.get(self._id) if self._id is not None else None


def _size(person: Person) -> float:
    return person.face_box.height if person.face_box is not None else person.box.height


def _angles(across: npt.NDArray[np.float64], down: npt.NDArray[np.float64]) -> list[float]:
    """Nod, turn and tilt in radians, about x to the right, y down and z away from the camera; 0 for a face looking ahead."""
    x = across / np.linalg.norm(across)
    z = np.cross(x, down)
    z = z / max(float(np.linalg.norm(z)), 1e-9)
    y = np.cross(z, x)
    nod = math.atan2(float(y[2]), float(z[2]))
    turn = math.asin(min(max(-float(x[2]), -1.0), 1.0))
    return [nod, turn, math.atan2(float(x[1]), float(x[0]))]
