"""A visitor's face, painted in the style of what it shows: a picture in memory that nothing could be recognised from later,
for it is never written and its crop is dropped as soon as it is painted."""

from __future__ import annotations

import cv2
import numpy as np

from installation.base.face_size import SMALLEST_FACE_PX
from installation.generation.style_networks import Stylist
from installation.types import ByteArray, FloatArray

AVATAR_PX = 256
RADII = (0.40, 0.47)
"""Half axes of the oval, of the picture's side."""
SOFT, RAGGED = 0.35, 0.5
"""Width of its soft border, and how far strokes move that border, of the half axes."""


def avatar(stylist: Stylist, rgb: ByteArray, style: FloatArray) -> ByteArray:
    """The middle square of a face's crop (H, W, 3) uint8 sRGB as (256, 256, 4), in the style of ``style`` (100,).

    Alpha (straight, not multiplied in) falls off at an oval whose border follows the strokes: with a threshold that rises
    from 0 to 1 it dissolves from the outside in. ValueError for a crop that is no picture or smaller than SMALLEST_FACE_PX.
    """
    if rgb.ndim != 3 or rgb.shape[2] < 3 or rgb.dtype != np.uint8 or min(rgb.shape[:2]) < SMALLEST_FACE_PX:
        raise ValueError(
            f"a face's crop must be (H, W, 3) uint8 of at least {SMALLEST_FACE_PX} pixels, not {rgb.shape}"
        )
    painted = stylist.picture(rgb, style)
    small = np.asarray(cv2.resize(painted, (AVATAR_PX, AVATAR_PX), interpolation=cv2.INTER_AREA), np.uint8)
    small[:, :, 3] = oval(small)
    return small


def oval(rgba: ByteArray) -> ByteArray:
    """(S, S) uint8: 255 well inside the oval, 0 outside; in between darker strokes give way first."""
    size = rgba.shape[0]
    across = (np.arange(size, dtype=np.float32) + 0.5) / size - 0.5
    radius = np.hypot(across[None] / RADII[0], across[:, None] / RADII[1])
    strokes = cv2.GaussianBlur(rgba[:, :, :3].mean(2).astype(np.float32) / 255, (0, 0), size / 64)
    strokes -= cv2.GaussianBlur(strokes, (0, 0), size / 12)
    inside = np.clip((1 - radius) / SOFT + RAGGED * np.clip(4 * strokes, -1, 1) * (radius > 0.5), 0, 1)
    inside *= np.clip((1.05 - radius) / 0.15, 0, 1)
    return np.asarray(255 * inside * inside * (3 - 2 * inside) + 0.5, np.uint8)
