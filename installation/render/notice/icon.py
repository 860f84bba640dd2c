"""The notice's icon: a camera with a face in its lens. Drawn by distances, so that it is sharp at any size."""

from __future__ import annotations

import numpy as np

from installation.types import FloatArray

_LENS = 0.10
"""How far below the icon's middle the lens is, in half sizes."""


def icon(size_px: int) -> FloatArray:
    """(size_px, size_px) float32 in [0, 1], row 0 on top: how much of each pixel the icon covers. It fills the width."""
    half = size_px / 2
    middles = (np.arange(size_px, dtype=np.float32) + 0.5) / half - 1.0
    x, y = np.meshgrid(middles, middles)
    body = np.minimum(_round_box(x, y - 0.12, 0.97, 0.66, 0.20), _round_box(x, y + 0.55, 0.34, 0.20, 0.10))
    lens = np.hypot(x, y - _LENS)
    body = np.maximum(body, 0.53 - lens)
    body = np.maximum(body, 0.075 - np.hypot(x - 0.72, y + 0.30))
    face = lens - 0.44
    for side in (-1.0, 1.0):
        face = np.maximum(face, 0.065 - np.hypot(x - side * 0.16, (y - _LENS + 0.11) * 0.8))
    face = np.maximum(face, -_smile(x, y - _LENS))
    return np.asarray(np.clip(0.5 - np.minimum(body, face) * half, 0.0, 1.0), np.float32)


def _round_box(x: FloatArray, y: FloatArray, wide: float, high: float, radius: float) -> FloatArray:
    """Distance to a box of half sizes ``wide`` and ``high`` with round corners; negative inside."""
    across, down = np.abs(x) - wide + radius, np.abs(y) - high + radius
    outside = np.hypot(np.maximum(across, 0.0), np.maximum(down, 0.0))
    return np.asarray(outside + np.minimum(np.maximum(across, down), 0.0) - radius, np.float32)


def _smile(x: FloatArray, y: FloatArray) -> FloatArray:
    """Distance to a bow with round ends below the face's middle."""
    radius, thick, reach = 0.24, 0.038, 0.19
    ring = np.abs(np.hypot(x, y + 0.02) - radius) - thick
    end = np.sqrt(radius**2 - reach**2)
    ends = np.hypot(np.abs(x) - reach, y + 0.02 - end) - thick
    return np.asarray(np.where(np.abs(x) * end < reach * (y + 0.02), ring, ends), np.float32)
