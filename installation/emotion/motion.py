"""How joints move, out of landmarks that jitter and come at any rate: speeds and accelerations with the jitter taken out.

Positions are smoothed by a local linear fit (Fan and Gijbels 1996) with a Gaussian kernel of fixed width in seconds and
read at fixed steps in seconds, so that 15 and 30 pictures a second give about the same. Every speed is then a known
linear combination of the samples. The mean square that the samples' own noise (estimated from the fit's residuals) would
add is subtracted, so that a still body that jitters by a centimetre does not seem to move.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]

WINDOW_S = 1.0
"""Samples are kept for this long; accelerations are taken over all of it."""
SPEED_WINDOW_S = 0.6
STEP_S = 0.1
KERNEL_S = 0.05
REPEAT_S = 0.2
"""A pose repeated unchanged within this time is the last one held, not a body that stood still."""
MAX_NOISE = 0.03
"""Torso lengths (1.5 cm): residuals beyond this are taken for quick movement, not for jitter."""
MAX_SPEED = 6.0
"""Torso lengths a second. Anything faster is a landmark that jumped, and counts as this."""


class JointMotion(NamedTuple):
    """For each joint (J,) in torso lengths: root mean square speed a second over the last SPEED_WINDOW_S, the same over
    WINDOW_S, and root mean square acceleration a second squared over WINDOW_S; ``weight`` [0, 1], how well it was seen."""

    speed: Vector
    long_speed: Vector
    acceleration: Vector
    weight: Vector


class MotionReader:
    """Keeps the last second of some joints of one body."""

    def __init__(self) -> None:
        self._history: deque[tuple[float, Vector, Vector]] = deque(maxlen=256)

    def see(self, t_s: float, points: Vector, weight: Vector) -> None:
        """``points`` (J, 3) at ``t_s`` seconds, seen with ``weight`` (J,) [0, 1]. When time goes back it starts again."""
        if self._history and t_s < self._history[-1][0]:
            self._history.clear()
        if self._is_new(t_s, points):
            self._history.append((t_s, points, weight))
        while len(self._history) > 2 and t_s - self._history[0][0] > WINDOW_S + 2 * KERNEL_S:
            self._history.popleft()

    def read(self, unit: float) -> JointMotion | None:
        """Motion up to what was seen last; ``unit`` is the torso's length in the points' measure. None while there are too
        few samples."""
        times = np.array([entry[0] for entry in self._history])
        if len(times) < 3 or times[-1] - times[0] < 2.5 * STEP_S:
            return None
        samples = np.stack([entry[1] for entry in self._history]) / unit
        seen = np.stack([entry[2] for entry in self._history]).min(axis=0)
        return _motion(times - times[-1], samples, seen)

    def _is_new(self, t_s: float, points: Vector) -> bool:
        if not self._history:
            return True
        last_s, last, _ = self._history[-1]
        return t_s > last_s and (t_s - last_s > REPEAT_S or not np.array_equal(points, last))


def local_linear(times: Vector, at: Vector, width_s: float) -> Vector:
    """(A, N) weights that smooth N samples at ``times`` to values at ``at``; each row sums to 1."""
    away = times[None, :] - at[:, None]
    kernel = np.exp(-0.5 * (away / width_s) ** 2)
    s0, s1, s2 = (np.sum(kernel * away**power, axis=1, keepdims=True) for power in range(3))
    # The ridge prevents a division by zero where there is only one sample near: its value is then taken.
    s2 = s2 + 1e-3 * width_s**2 * s0
    return np.asarray(kernel * (s2 - away * s1) / (s0 * s2 - s1**2))


def _motion(times: Vector, samples: Vector, seen: Vector) -> JointMotion:
    width_s = min(max(KERNEL_S, 0.75 * float(np.diff(times).max())), 0.25)
    at = np.arange(-KERNEL_S, max(times[0], -WINDOW_S - KERNEL_S) - 1e-9, -STEP_S)
    grid = local_linear(times, at, width_s)
    noise = _noise(times, samples, width_s)
    first, second = np.diff(grid, axis=0) / STEP_S, np.diff(grid, 2, axis=0) / STEP_S**2
    recent = max(1, round(SPEED_WINDOW_S / STEP_S))
    return JointMotion(
        speed=_clean(first[:recent], samples, noise, MAX_SPEED),
        long_speed=_clean(first, samples, noise, MAX_SPEED),
        acceleration=_clean(second, samples, noise, MAX_SPEED / STEP_S),
        weight=seen,
    )


def _noise(times: Vector, samples: Vector, width_s: float) -> Vector:
    """(J,) variance of one coordinate's jitter, from the fit's residuals."""
    fit = local_linear(times, times, width_s)
    left = samples - np.tensordot(fit, samples, axes=1)
    freedom = len(times) - 2 * np.trace(fit) + float((fit**2).sum())
    variance = (left**2).sum(axis=(0, 2)) / (3 * max(freedom, 1.0))
    return np.asarray(np.minimum(variance, MAX_NOISE**2))


def _clean(combination: Vector, samples: Vector, noise: Vector, limit: float) -> Vector:
    """(J,) root mean square length of ``combination`` (R, N) of ``samples`` (N, J, 3), without what ``noise`` adds."""
    if not len(combination):
        return np.zeros(samples.shape[1])
    square = (np.tensordot(combination, samples, axes=1) ** 2).sum(axis=2)
    expected = 3 * noise[None, :] * (combination**2).sum(axis=1)[:, None]
    return np.asarray(np.sqrt(np.maximum((np.minimum(square, limit**2) - expected).mean(axis=0), 0.0)))
