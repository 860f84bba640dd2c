"""The One Euro filter. Times in seconds."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]


def smoothing_factor(dt_s: float, cutoff_hz: Array | float) -> Array:
    """Weight of the new value in an exponential low-pass of ``cutoff_hz`` after ``dt_s`` seconds, in [0, 1]."""
    # The exact discretisation, unlike the usual r / (r + 1), gives the same curve at any frame rate.
    return np.asarray(1.0 - np.exp(-2.0 * math.pi * np.asarray(cutoff_hz) * dt_s), np.float64)


class OneEuro:
    """The 1 Euro filter (Casiez, Roussel and Vogel 2012) on a vector: slow when little moves, quick when much does.

    ``min_cutoff_hz``: cut-off at rest. ``beta``: hertz of cut-off gained per unit a second of speed; with 0 it is a plain
    low-pass. Both for all values, or an array of one for each. ``derivative_cutoff_hz``: cut-off of the speed estimate.
    Values stay within the range of what was fed.
    """

    def __init__(self, min_cutoff_hz: Array | float, beta: Array | float, derivative_cutoff_hz: float) -> None:
        self.min_cutoff_hz, self.beta, self.derivative_cutoff_hz = min_cutoff_hz, beta, derivative_cutoff_hz
        self._value: Array | None = None
        self._speed: Array | None = None
        self._t_s = 0.0

    def update(self, value: Array, t_s: float) -> Array:
        """Filtered ``value`` at ``t_s`` seconds. A time that does not rise changes nothing. ValueError when not finite."""
        if not np.isfinite(value).all():
            raise ValueError("a filter takes finite values only")
        if self._value is None or self._speed is None:
            self._value, self._speed, self._t_s = value.astype(np.float64), np.zeros(value.shape), t_s
            return self._value
        dt_s = t_s - self._t_s
        if dt_s <= 0:
            return self._value
        speed = (value - self._value) / dt_s
        self._speed = self._speed + smoothing_factor(dt_s, self.derivative_cutoff_hz) * (speed - self._speed)
        cutoff_hz = self.min_cutoff_hz + self.beta * np.abs(self._speed)
        self._value = self._value + smoothing_factor(dt_s, cutoff_hz) * (value - self._value)
        self._t_s = t_s
        return self._value
