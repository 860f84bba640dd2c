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
    arrays = (scene.shapes, scene.palette, scene.own_palettes, scene.joints, scene.figures, scene.moods)
    for array in arrays if not len(scene.births) else (*arrays, scene.births):
        numbers += _total(array, None)
    return math.isfinite(numbers)
