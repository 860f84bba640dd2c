"""The expression network at run time: from face landmarks to a crop, from a crop to seven probabilities."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from installation.base import landmarks as lm
from installation.base.onnx_sessions import Expected, OnnxModel, UnusableModelError
from installation.types import EMOTIONS, ByteArray, FloatArray

FACE_SIZE = 48
"""Pixels a side the network sees; FER-2013's size."""
STD_FLOOR = 8.0
"""Grey levels; keeps an almost uniform picture from being blown up into noise."""
SUM_MARGIN = 0.02
"""Seven probabilities sum to 1 but for rounding."""
MESH_POINTS = 468
"""Face landmarks without the ten iris points that end the list of 478."""
SIDE_PER_EXTENT = 1 / 0.867
CENTRE_UP = 0.076
_RIGHT_EYE_CORNERS, _LEFT_EYE_CORNERS = (33, 133), (362, 263)


def face_square(landmarks_px: npt.ArrayLike) -> FloatArray:
    """The tilted square that frames a face as FER-2013's pictures do.

    ``landmarks_px`` (478, 2) or more columns (only x and y are read): MediaPipe face landmarks in pixels. Gives the
    corners (4, 2) float32 in pixels: the square's top left, top right, bottom right and bottom left, as the face itself
    stands, for the eye line becomes horizontal. Raises ValueError for anything not finite, too short a list or a face
    of no extent.

    The framing was measured, with the same landmarker, on 464 faces found in 500 random FER-2013 training pictures
    (enlarged five times). Medians in sides of the square, in brackets the middle half of the pictures:

    * geometric mean of the upright mesh's width and height 0.867 (0.79 to 0.94). It varies less than the distance
      between the eyes (0.37, 0.33 to 0.41) or from eyes to mouth (0.38, 0.34 to 0.43), for it neither shrinks so much
      with a turned head nor grows so much with an open mouth;
    * mean of the mesh 0.076 below the square's middle and 0.001 beside it;
    * tilt 0 degrees; 90 % lie between -21 and 18 degrees. Here all are made upright.
    """
    points = np.asarray(landmarks_px, np.float64)
    if points.ndim != 2 or len(points) < MESH_POINTS or points.shape[1] < 2:
        raise ValueError(f"face landmarks must be (478, 2), not {points.shape}")
    points = points[:MESH_POINTS, :2]
    if not np.isfinite(points).all():
        raise ValueError("face landmarks must be finite")
    eyes = points[list(_LEFT_EYE_CORNERS)].mean(axis=0) - points[list(_RIGHT_EYE_CORNERS)].mean(axis=0)
    length = float(np.hypot(*eyes))
    if length < 1e-6:
        raise ValueError("face landmarks have no extent")
    across = eyes / length
    down = np.array([-across[1], across[0]])
    # Landmarks mirrored after they were found have the eyes swapped; the chin tells where down is all the same.
    if (points[lm.CHIN] - points[list(_RIGHT_EYE_CORNERS)].mean(axis=0)) @ down < 0:
        across, down = -across, -down
    extent = math.sqrt(float(np.ptp(points @ across)) * float(np.ptp(points @ down)))
    half = extent * SIDE_PER_EXTENT / 2
    centre = points.mean(axis=0) - CENTRE_UP * 2 * half * down
    corners = [centre + half * (i * across + j * down) for i, j in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    return np.array(corners, np.float32)


def crop_face(rgb: ByteArray, landmarks_px: npt.ArrayLike, size: int = 96) -> ByteArray:
    """Cut the face out upright: (size, size, 3) uint8 in the colour order of ``rgb`` (H, W, 3).

    What lies outside the picture repeats its border. Raises ValueError as ``face_square`` does.
    """
    corners = face_square(landmarks_px)
    side = float(np.hypot(*(corners[1] - corners[0])))
    # Large faces are cut at a multiple of the size and then averaged, so that nothing aliases.
    multiple = min(8, max(1, math.ceil(side / size)))
    cut = size * multiple
    # cv2 takes coordinates at pixel centres, hence the halves.
    target = np.array([[0, 0], [cut, 0], [cut, cut]], np.float32) - 0.5
    to_crop = cv2.getAffineTransform(corners[:3] - np.float32(0.5), target)
    face = cv2.warpAffine(rgb, to_crop, (cut, cut), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    if multiple > 1:
        face = cv2.resize(face, (size, size), interpolation=cv2.INTER_AREA)
    return cast(ByteArray, face)


def _face_interior() -> npt.NDArray[np.bool_]:
    """(48, 48) true inside the ellipse that skin and features fill in a face framed by ``face_square``."""
    at = (np.arange(FACE_SIZE) + 0.5) * 2 / FACE_SIZE - 1
    interior: npt.NDArray[np.bool_] = (at[None, :] / 0.75) ** 2 + ((at[:, None] - 0.1) / 0.85) ** 2 < 1
    return interior


INTERIOR = _face_interior()
"""Where exposure and contrast are measured. Over the whole square, dark hair or a bright wall would decide them:
faces in five pieces of footage then kept 0.50 to 0.74 of the square's contrast, FER-2013's (middle 80 %) 0.74 to 1."""


def prepare(crop_rgb: ByteArray) -> FloatArray:
    """Turn a face into what the network was trained on: (H, W, 3) uint8 RGB -> (1, 48, 48) float32.

    Grey, resized (averaged down or interpolated up), then mean 0 and standard deviation 1 over ``INTERIOR``, so that
    neither exposure nor contrast nor the background's brightness reaches the network. Training and evaluation do the
    same. Raises ValueError for any other shape or type.
    """
    if crop_rgb.ndim != 3 or crop_rgb.shape[2] != 3 or crop_rgb.dtype != np.uint8 or 0 in crop_rgb.shape:
        raise ValueError(f"a face must be (H, W, 3) uint8, not {crop_rgb.shape} {crop_rgb.dtype}")
    grey = cv2.cvtColor(crop_rgb, cv2.COLOR_RGB2GRAY)
    if grey.shape != (FACE_SIZE, FACE_SIZE):
        shrinks = min(grey.shape) > FACE_SIZE
        how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
        grey = cv2.resize(grey, (FACE_SIZE, FACE_SIZE), interpolation=how)
    level = grey.astype(np.float32)
    inside = level[INTERIOR]
    standard = (level - inside.mean()) / max(float(inside.std()), STD_FLOOR)
    return cast(FloatArray, standard[None])


class ExpressionNet(OnnxModel):
    """models/expression.onnx in an ONNX Runtime session. Not thread-safe: one to a thread.

    Only the first output is read: what share of people would name each emotion.

    ``threads`` is the number of processor threads a call may use. Raises UnusableModelError when the file is missing, broken,
    another network, or gives no probabilities.
    """

    def __init__(self, path: Path, threads: int = 1) -> None:
        super().__init__(path, "cpu", threads)
        if len(self.inputs) != 1 or next(iter(self.inputs.values()))[1:] != [1, FACE_SIZE, FACE_SIZE]:
            raise UnusableModelError(f"{path} is not an expression network: its inputs are {dict(self.inputs)}")
        (self._input,) = self.inputs
        total = float(self._read(np.zeros((1, 1, FACE_SIZE, FACE_SIZE), np.float32)).sum())
        if abs(total - 1) > SUM_MARGIN:
            raise UnusableModelError(f"{path} is not an expression network: its probabilities sum to {total:.3g}")

    def probabilities(self, crop_rgb: ByteArray) -> FloatArray:
        """(H, W, 3) uint8 RGB face -> (7,) float32 over EMOTIONS, sum 1. Raises ValueError as ``prepare`` does, and as
        ``answer``."""
        return cast(FloatArray, self.batch_probabilities([crop_rgb])[0])

    def batch_probabilities(self, crops_rgb: Sequence[ByteArray]) -> FloatArray:
        """N faces, each (H, W, 3) uint8 RGB of any size -> (N, 7) float32; none gives (0, 7)."""
        if not crops_rgb:
            return np.zeros((0, len(EMOTIONS)), np.float32)
        return self._read(np.stack([prepare(crop) for crop in crops_rgb]))

    def _read(self, faces: FloatArray) -> FloatArray:
        """(N, 1, 48, 48) as ``prepare`` gives them -> (N, 7)."""
        return self.answer({self._input: faces}, Expected((len(faces), len(EMOTIONS))))
