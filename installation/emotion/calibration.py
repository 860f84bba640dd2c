"""A visitor's own neutral: what the network reads in the face at rest, learned in the first seconds, subtracted from then on.

Many resting faces read as a little sad or angry (Zebrowitz, Kikuchi and Fellous 2010: resemblance to an expression colours
how a face is read). Seven numbers are kept: how far each emotion's logarithm exceeds what a resting face should give. They
identify nobody, are never stored, and are forgotten with the visitor.
"""

from __future__ import annotations

from collections import deque

import numpy as np
import numpy.ma  # np.median loads it when it is first called: there is no time for that, nor perhaps a disk, in mid-show
import numpy.typing as npt

from installation.types import EMOTIONS, NEUTRAL, FloatArray

Vector = npt.NDArray[np.float64]

GOOD_QUALITY = 0.5
"""Faces of less quality than this (times the share that no hand covers) are not learned from."""
FEWEST_READINGS = 6
LATEST = 3.0
"""Learning ends this many times the calibration's length after the first good reading: a lasting mood later in the visit
must not be taken for rest."""
RESTING_NEUTRAL = 0.4
"""With less neutral than this a face is not at rest: the network reads neutral as people do, so a face of which most would
say sad is sad."""
RESTING_MAX = {"happy": 0.45, "surprise": 0.45}
"""A face that shows more of these is not at rest."""
UNSTEADY = 0.15
"""Mean distance (total variation) of the readings from their median beyond which the face moved."""
REST_RATIO = 0.2
"""An emotion up to this many times as likely as neutral needs no correction: normal doubt about a neutral face."""
MAX_BIAS = 2.3
"""Natural logarithm; no emotion is made more than ten times less likely against neutral."""
FADE_S = 1.0
"""A learned correction fades in over this time, so that nothing jumps."""
_FLOOR = 1e-4


class NeutralCalibration:
    """Of one visitor. Feed it every face reading, with rising time."""

    def __init__(self) -> None:
        self._readings: deque[tuple[float, FloatArray]] = deque(maxlen=512)
        self._first_s: float | None = None
        self._learned_s: float | None = None
        self._over = False
        self._bias = np.zeros(len(EMOTIONS))

    @property
    def learned(self) -> bool:
        """Whether a resting face was found (its correction may be zero)."""
        return self._learned_s is not None

    @property
    def bias(self) -> Vector:
        """(7,) natural logarithms in [0, MAX_BIAS] by which each emotion is reduced, neutral 0; a copy."""
        return self._bias.copy()

    def apply(self, t_s: float, expression: FloatArray, quality: float, length_s: float) -> FloatArray:
        """Learn from ``expression`` (7,) probabilities read at ``t_s`` with ``quality`` [0, 1]; give it corrected.

        ``length_s`` seconds of resting face are needed; 0 gives the expression unchanged, and forgets nothing.
        """
        if length_s <= 0:
            return expression
        if not self._over:
            self._learn(t_s, expression, quality, length_s)
        if self._learned_s is None:
            return expression
        share = min(max((t_s - self._learned_s) / FADE_S, 0.0), 1.0)
        corrected = np.maximum(expression.astype(np.float64), _FLOOR) * np.exp(-share * self._bias)
        return np.asarray(corrected / corrected.sum(), np.float32)

    def _learn(self, t_s: float, expression: FloatArray, quality: float, length_s: float) -> None:
        if self._first_s is not None and t_s - self._first_s > LATEST * length_s:
            self._over = True
            self._readings.clear()
            return
        if quality < GOOD_QUALITY:
            return
        if self._first_s is None:
            self._first_s = t_s
        # Perception repeats a face until it reads a new one; each reading counts once.
        if self._readings and np.array_equal(self._readings[-1][1], expression):
            return
        # Rest lasts: readings with a gap between them do not count together.
        if self._readings and t_s - self._readings[-1][0] > 0.5 * length_s:
            self._readings.clear()
        self._readings.append((t_s, expression))
        while t_s - self._readings[0][0] > length_s:
            self._readings.popleft()
        if t_s - self._first_s < length_s or t_s - self._readings[0][0] < 0.8 * length_s:
            return
        bias = resting_bias(np.stack([reading for _, reading in self._readings]))
        if bias is not None:
            self._bias, self._learned_s, self._over = bias, t_s, True
            self._readings.clear()


def resting_bias(readings: FloatArray) -> Vector | None:
    """(7,) correction for (N, 7) probabilities of a resting face; None where it does not look like rest."""
    if len(readings) < FEWEST_READINGS:
        return None
    middle = np.median(readings.astype(np.float64), axis=0)
    middle /= middle.sum()
    unsteady = 0.5 * np.abs(readings - middle).sum(axis=1).mean()
    if unsteady > UNSTEADY or middle[NEUTRAL] < RESTING_NEUTRAL:
        return None
    if any(middle[EMOTIONS.index(name)] > most for name, most in RESTING_MAX.items()):
        return None
    ratio = np.log(np.maximum(middle, _FLOOR) / middle[NEUTRAL])
    bias = np.clip(ratio - np.log(REST_RATIO), 0.0, MAX_BIAS)
    bias[NEUTRAL] = 0.0
    return np.asarray(bias)
