"""Beats that a body makes: moments at which its motion rises quickly. Deterministic, no clock."""

from __future__ import annotations

import math

from installation.base.easing import eased_share

MEMORY_S = 1.2
"""Time constant of what counts as usual."""
FLOOR = 1.0
"""Energy a second; a slower rise is no beat, however calm it was before."""
FACTOR = 2.0
"""A beat rises faster than the usual rise by this many mean deviations."""
REFRACTORY_S = 0.2
"""Two beats of one body are at least this far apart: 300 a minute."""
FULL = 6.0
"""Energy a second at which a beat has strength 1."""
GAP_S = 0.5
"""After so long without a value everything starts anew."""


class OnsetDetector:
    """Says when a body's motion sets in: onset detection as in music, on the rise of ``energy`` instead of the spectrum's.

    The half-wave rectified difference (Bello et al. 2005, "A tutorial on onset detection in music signals", spectral flux)
    crosses a threshold that follows its own running mean and mean deviation; after a beat it must fall below the threshold
    and REFRACTORY_S must pass. It fires while the motion still rises, without looking ahead, for a beat must not be late.
    """

    def __init__(self) -> None:
        self._t_s: float | None = None
        self._energy = 0.0
        self._mean = self._deviation = 0.0
        self._above = False
        self._fired_s = -math.inf

    def update(self, energy: float, t_s: float) -> float:
        """Strength (0, 1] of a beat at ``t_s`` seconds, else 0. ``energy`` [0, 1]; what is not finite counts as unchanged."""
        if not math.isfinite(energy):
            energy = self._energy
        before_s, self._t_s = self._t_s, t_s
        rise, self._energy = energy - self._energy, energy
        if before_s is None or not 0 < t_s - before_s <= GAP_S:
            if before_s != t_s:
                self._mean = self._deviation = 0.0
                self._above = False
                self._fired_s = min(self._fired_s, t_s)
            return 0.0
        dt_s = t_s - before_s
        flux = max(rise, 0.0) / dt_s
        threshold = FLOOR + self._mean + FACTOR * self._deviation
        share = eased_share(dt_s, MEMORY_S)
        self._deviation += share * (abs(flux - self._mean) - self._deviation)
        self._mean += share * (flux - self._mean)
        was_above, self._above = self._above, flux > threshold
        if not self._above or was_above or t_s - self._fired_s < REFRACTORY_S:
            return 0.0
        self._fired_s = t_s
        return min(flux / FULL, 1.0)
