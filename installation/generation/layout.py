"""The scene's shapes as the layout of a picture: followed without flicker, and made what the painter takes."""

from __future__ import annotations

import math

import numpy as np

from installation.types import LAYOUT, ByteArray, FloatArray

FOLLOW_S = 0.7
"""Time constant in which a picture follows the shapes."""

LEAST_COVER = 1e-3
RELIEF = 2.0
"""Light and dark within the shapes, about their mean, are made so many times as strong."""
CONTRAST = 1.6
FULL, FAINT = 1.3, 0.6
"""Confidence is FULL times the setting (0.7 gives 0.9) times the cover to the power of FAINT: what covers half a cell still
stands in the landscape. All four numbers were chosen on rendered scenes, by eye and by ``agreement`` (painting_orders.py)."""


def is_layout(layout: ByteArray) -> bool:
    """Whether it is (LAYOUT, LAYOUT, 4) uint8."""
    return layout.shape == (LAYOUT, LAYOUT, 4) and layout.dtype == np.uint8


def masses(layout: ByteArray | None) -> FloatArray:
    """(LAYOUT, LAYOUT, 4) float32 in [0, 1], colours multiplied by their cover, of a layout (straight colours, uint8), or of
    none. ValueError for another shape."""
    if layout is None:
        return np.zeros((LAYOUT, LAYOUT, 4), np.float32)
    if not is_layout(layout):
        raise ValueError(f"a layout must be ({LAYOUT}, {LAYOUT}, 4) uint8, not {layout.shape} {layout.dtype}")
    unit: FloatArray = layout.astype(np.float32) / np.float32(255)
    unit[:, :, :3] *= unit[:, :, 3:]
    return unit


def painters_layout(mass: FloatArray, shapes: float) -> FloatArray:
    """(1, 4, LAYOUT, LAYOUT) float32 as the painter takes it: sRGB in [-1, 1] and confidence in [0, 1].

    ``mass`` as ``masses`` gives it; ``shapes`` [0, 1]: how far it composes the picture. Colours keep their hue; dark shapes
    become darker and light ones lighter than what the painter composes around them, so that a mass stays one. Lifting dark
    shapes to the light of paintings was tried: they dissolve.
    """
    cover = mass[:, :, 3]
    colour = mass[:, :, :3] / np.maximum(cover, LEAST_COVER)[:, :, None]
    light = colour.mean(2)
    mean = float((light * cover).sum()) / max(float(cover.sum()), LEAST_COVER)
    toned = _away_from_the_middle(np.clip(mean + RELIEF * (light - mean), 0.02, 0.98))
    colour = np.clip(colour * (toned / np.maximum(light, LEAST_COVER))[:, :, None], 0, 1)
    out = np.empty((1, 4, LAYOUT, LAYOUT), np.float32)
    out[0, :3] = (2 * colour - 1).transpose(2, 0, 1)
    out[0, 3] = np.clip(FULL * shapes * np.power(np.clip(cover, 0, 1), FAINT), 0, 1)
    return out


def _away_from_the_middle(light: FloatArray) -> FloatArray:
    """A curve through 0, 0.5 and 1 that makes dark darker and light lighter."""
    far = 0.5 * np.power(2 * np.minimum(light, 1 - light), CONTRAST)
    return np.asarray(np.where(light < 0.5, far, 1 - far), np.float32)


class SteadyMasses:
    """Masses that follow the newest ones in FOLLOW_S seconds."""

    def __init__(self) -> None:
        self._mass: FloatArray | None = None

    def follow(self, mass: FloatArray, dt_s: float) -> FloatArray:
        """``mass``, ``dt_s`` seconds after the last; the first is taken as it is."""
        if self._mass is None:
            self._mass = mass
        self._mass = self._mass + np.float32(1 - math.exp(-dt_s / FOLLOW_S)) * (mass - self._mass)
        return self._mass

    def forget(self) -> None:
        """The next one is a first one."""
        self._mass = None
