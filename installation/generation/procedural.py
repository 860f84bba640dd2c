"""A picture without a network: tileable waves of colour, the visible stand-in while the generator cannot run."""

from __future__ import annotations

import math

import numpy as np

from installation.types import ByteArray, FloatArray


def procedural_texture(affect: FloatArray, position: float, size_px: int) -> ByteArray:
    """(S, S, 4) uint8 sRGB, opaque and tileable, for ``affect`` (4,) in [-1, 1]; moves with ``position``.

    Sums of whole numbers of waves close on themselves in both directions, so there is no seam.
    """
    valence, arousal, warmth, roughness = (float(value) for value in affect)
    turn = np.linspace(0, 2 * np.pi, size_px, endpoint=False, dtype=np.float32)
    x, y = turn[None, :], turn[:, None]
    # All factors of it below are tenths: it goes round unseen, and single precision is enough for years.
    p = np.float32(math.fmod(position, 20 * math.pi))
    bend_x = np.sin(2 * y + p) + 0.5 * np.sin(x + 3 * y - 0.7 * p)
    bend_y = np.sin(2 * x - 0.8 * p) + 0.5 * np.sin(3 * x - y + 0.9 * p)
    field = np.sin(2 * x + bend_x) * np.cos(3 * y + bend_y)
    fine = np.sin(9 * x + 2 * bend_y) * np.sin(8 * y - 2 * bend_x)
    field = field + np.float32(0.25 + 0.25 * roughness) * fine
    light = 0.42 + 0.22 * valence - 0.08 * arousal + 0.16 * field
    colour = 0.10 + 0.10 * arousal + 0.05 * np.cos(bend_x)
    red = light + colour * (0.9 * warmth + 0.5 * field)
    green = light * (0.92 + 0.04 * valence)
    blue = light - colour * (0.9 * warmth - 0.4 * field)
    rgba = np.stack([red, green, blue, np.ones_like(red)], axis=2)
    return np.asarray(np.clip(rgba, 0, 1) * 255 + 0.5, np.uint8)
