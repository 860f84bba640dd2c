"""Motion's clock is set back now and then, so that a graphics card's single precision can tell its steps apart for years.

What shaders make of the clock does not repeat, so every form would jump. For a few seconds the picture is therefore drawn
twice, by the clock as it would have gone on and as it is now, and dissolves from the one into the other.
"""

from __future__ import annotations

PHASE_WRAP = 4096.0
"""By so much the phases are set back once the scene's has reached it."""
RENEWAL_S = 4.0
"""Seconds in which the picture dissolves: no step from one picture to the next is larger than motion's own."""


class Renewal:
    """When the clock is set back, and how far the picture has dissolved since."""

    def __init__(self) -> None:
        self._since_s = RENEWAL_S

    def due(self, phase: float, is_changing: bool, dt_s: float) -> bool:
        """Whether the phases are to be set back now, ``dt_s`` seconds after the last call. Not while the scene ``is_changing``,
        which is drawn twice as it is."""
        self._since_s = min(self._since_s + dt_s, RENEWAL_S)
        if phase < PHASE_WRAP or is_changing:
            return False
        self._since_s = 0.0
        return True

    def look(self) -> dict[str, float]:
        """What the look holds while it lasts: ``renewal`` [0, 1), how far it has gone, and ``phase_before``, what the phases of
        the picture that goes are more by. Otherwise nothing."""
        if self._since_s >= RENEWAL_S:
            return {}
        return {"renewal": self._since_s / RENEWAL_S, "phase_before": PHASE_WRAP}
