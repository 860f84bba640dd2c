"""The numbers of a scene before they go to a graphics card: are they finite, and small enough for its single precision?"""

from __future__ import annotations

import math

import numpy as np

from installation.types import SceneState

TIME_WRAP_S = 2000 * math.pi
"""Seconds after which ``u_time`` is 0 again: a sine of 0.001 times it, or of a multiple of that, goes on unmoved."""
_total = np.add.reduce


def is_finite(scene: SceneState) -> bool:
    """Whether all that is drawn is."""
    # A sum is finite only where all its parts are: one step an array instead of two.
    numbers = sum(scene.look.values(), scene.blend + scene.welcome)
    numbers += _total(scene.shapes, None) + _total(scene.joints, None) + _total(scene.figures, None)
    numbers += _total(scene.palette, None) + _total(scene.own_palettes, None) + _total(scene.moods, None)
    if len(scene.births):
        numbers += _total(scene.births, None)
    return math.isfinite(numbers)
