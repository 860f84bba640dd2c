"""Blendshapes, calm at rest and quick in motion. Times in seconds."""

from __future__ import annotations

import math

import numpy as np

from installation.base.easing import eased_share
from installation.emotion.one_euro import OneEuro
from installation.types import BLENDSHAPES, NO_BLENDSHAPES, FloatArray, read_only

HELD_S = 0.3
"""A face that is lost is kept for this long, as joints are: faces are read in turns, and now and then one is missed."""
FADE_S = 0.4
"""Time constant in which a lost face then goes back to rest."""
FOUND_S = 0.1
"""Time constant in which a face that is found sets in."""
_GONE = 1e-3
_CUTOFF_HZ, _BETA = 1.0, 2.0
"""Half of the jitter of a face at rest is left (0.53 at 15 readings a second, 0.43 at 24), and of a blink of 0.2 s 0.82 and
0.87."""


class FaceFilter:
    """A One Euro filter on all 52 at once, times a gain that eases to 1 where a face is found and to 0 where it is lost."""

    def __init__(self, derivative_cutoff_hz: float) -> None:
        self.derivative_cutoff_hz = derivative_cutoff_hz
        self._filter: OneEuro | None = None
        self._gain = 0.0
        self._shown: FloatArray = NO_BLENDSHAPES
        self._seen_s = -math.inf

    def update(self, seen: FloatArray | None, t_s: float) -> None:
        """``seen`` (52,) at ``t_s``, finite; None while there is no face. A time that does not rise changes nothing."""
        if seen is None or t_s <= self._seen_s:
            return
        since_s = t_s - self._seen_s
        if self._filter is None or since_s > HELD_S:
            self._filter = OneEuro(_CUTOFF_HZ, _BETA, self.derivative_cutoff_hz)
            self._gain *= self._left(t_s)
        else:
            self._gain += (1.0 - self._gain) * eased_share(since_s, FOUND_S)
        self._filter.derivative_cutoff_hz = self.derivative_cutoff_hz
        self._seen_s = t_s
        filtered = self._filter.update(seen.astype(np.float64), t_s) * self._gain
        self._shown = read_only(np.minimum(np.maximum(filtered, 0.0), 1.0).astype(np.float32))

    def at(self, t_s: float) -> FloatArray:
        """(52,) float32 in [0, 1], read-only, at ``t_s`` seconds."""
        left = self._left(t_s)
        if left == 1.0:
            return self._shown
        return NO_BLENDSHAPES if left < _GONE else read_only(self._shown * np.float32(left))

    def _left(self, t_s: float) -> float:
        """[0, 1]: what is left at ``t_s`` of the face seen last."""
        return math.exp(-max(t_s - self._seen_s - HELD_S, 0.0) / FADE_S)


def check_blendshapes(shapes: FloatArray | None) -> None:
    """ValueError for anything but None and (52,) finite numbers."""
    if shapes is not None and not (shapes.shape == (BLENDSHAPES,) and np.isfinite(shapes).all()):
        raise ValueError(f"blendshapes are ({BLENDSHAPES},) and finite")
