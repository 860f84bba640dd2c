"""How readable a face is: what the camera gives, whatever the face shows.

Runs in the perception process on the full picture. Five factors in [0, 1] are multiplied, so one bad factor is enough.
Their thresholds come from degrading clear faces (ten pictures of five people in footage: shrunk, blurred, darkened, burnt out,
turned as textured meshes) until the expression network changed its mind, and from 1,217 FER-2013 training faces by how far
they are turned; docs/body.md has the table.

* size: sides of 32 pixels change the reading by 0.04 (total variation), of 24 by 0.05 to 0.18, of 16 by up to 0.76.
* sharpness: a share of fine detail (``fine_detail``) under 0.12 goes with changes up to 0.8, over 0.2 with none; noise
  goes beyond 0.45, which no face did (0.16 to 0.40).
* turn: accuracy falls from 0.86 straight to 0.71 at 22 to 30 degrees as the landmarks read them and 0.54 beyond 40. A true
  turn of 45 degrees is read as about 30.
* exposure: a standard deviation of 2 grey levels is lost in a camera's noise, 7 is read as before; with a fifth of the
  face burnt out or black readings begin to change.
* inside: what of the face lies in the picture.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from installation.base.easing import smooth_step
from installation.base.head_angles import STRAIGHT_PITCH, head_angles
from installation.perception.expression import FACE_SIZE, INTERIOR, MESH_POINTS, crop_face, face_square
from installation.types import ByteArray, FloatArray


@dataclass(frozen=True, slots=True)
class FaceQuality:
    """The factors, each in [0, 1]; the module's docstring says what they are."""

    size: float
    sharpness: float
    turn: float
    exposure: float
    inside: float

    @property
    def value(self) -> float:
        """All of them multiplied."""
        return self.size * self.sharpness * self.turn * self.exposure * self.inside


def face_quality(rgb: ByteArray, landmarks_px: npt.ArrayLike) -> float:
    """[0, 1] for the face with ``landmarks_px`` (478, 3) in the picture ``rgb`` (H, W, 3) uint8.

    The landmarks' three columns are in pixels of that picture; MediaPipe's z is multiplied by the width like its x.
    Raises ValueError for another shape, anything not finite or a face of no extent.
    """
    return quality_factors(rgb, landmarks_px).value


def quality_factors(rgb: ByteArray, landmarks_px: npt.ArrayLike) -> FaceQuality:
    """What ``face_quality`` multiplies; the same arguments and errors."""
    points = np.asarray(landmarks_px, np.float64)
    if points.ndim != 2 or len(points) < MESH_POINTS or points.shape[1] < 3:
        raise ValueError(f"face landmarks must be (478, 3), not {points.shape}")
    if not np.isfinite(points).all():
        raise ValueError("face landmarks must be finite")
    corners = face_square(points)
    side_px = float(np.hypot(*(corners[1] - corners[0])))
    grey = np.asarray(cv2.cvtColor(crop_face(rgb, points, FACE_SIZE), cv2.COLOR_RGB2GRAY), np.float32)
    yaw, pitch = head_angles(points)
    detail = fine_detail(grey)
    return FaceQuality(
        size=smooth_step(side_px, 14.0, 40.0),
        sharpness=smooth_step(detail, 0.09, 0.21) * smooth_step(-detail, -0.65, -0.45),
        turn=smooth_step(-math.hypot(yaw, pitch - STRAIGHT_PITCH), -math.radians(40), -math.radians(12)),
        exposure=_exposure(grey),
        inside=_inside(points, rgb.shape[1], rgb.shape[0]),
    )


def fine_detail(grey: FloatArray) -> float:
    """Share of a face's gradient that a slight blur takes away, [0, 1]: high for a sharp picture, low for a blurred one.

    ``grey`` (48, 48) is what the network sees. After the blur metric of Crete et al. (2007); as a ratio it depends on
    neither contrast nor skin. Measured inside the face.
    """
    blurred = cv2.GaussianBlur(grey, (0, 0), 1.0)
    whole = np.hypot(np.gradient(grey, axis=0), np.gradient(grey, axis=1))[INTERIOR].mean()
    left = np.hypot(np.gradient(blurred, axis=0), np.gradient(blurred, axis=1))[INTERIOR].mean()
    return float(1.0 - left / whole) if whole > 1e-6 else 0.0


def _exposure(grey: FloatArray) -> float:
    """Enough contrast above the noise, and not burnt out or drowned; how light the skin is does not count."""
    inside = grey[INTERIOR]
    lost = float(((inside >= 250) | (inside <= 5)).mean())
    return smooth_step(float(inside.std()), 3.0, 10.0) * smooth_step(-lost, -0.5, -0.2)


def _inside(points: npt.NDArray[np.float64], width: int, height: int) -> float:
    """Share of the face that lies in the picture; beyond the border landmarks are guessed."""
    x, y = points[:MESH_POINTS, 0], points[:MESH_POINTS, 1]
    return smooth_step(float(((x >= 0) & (x < width) & (y >= 0) & (y < height)).mean()), 0.6, 0.95)
