"""A clip's time stamps, made fit to be played: they rise, without long gaps."""

from __future__ import annotations

import math

MAX_GAP_S = 2.0
"""Between two pictures no more time passes than this, whatever the stamps say: clips that were joined jump by hours, and the
clock of a transport stream (33 bits at 90 kHz) begins anew every 26.5 hours."""
MAX_RATE_HZ = 1000.0
MIN_STEP_S = 1e-4
"""Stamps nearer together than this do not rise."""


def stated_rate(fps: float) -> float:
    """``fps`` as a file or driver states it, where that can be believed; 0 for what is negative, no number or too much."""
    return fps if 0 < fps <= MAX_RATE_HZ else 0.0


class MediaTime:
    """Seconds since a clip's first picture, from the stamps of its pictures one after the other.

    A stamp that is missing (NaN), does not rise or jumps back counts as one picture's interval at ``fps`` a second, a jump
    ahead of more than MAX_GAP_S as MAX_GAP_S. What follows is measured from there.
    """

    def __init__(self, fps: float) -> None:
        """``fps`` above 0."""
        self._interval_s = min(1 / fps, MAX_GAP_S)
        self._before_s: float | None = None
        self._media_s = 0.0

    def advance(self, stamp_s: float) -> float:
        """The next picture is stamped ``stamp_s`` seconds; gives its time."""
        if self._before_s is None:
            self._before_s = stamp_s if math.isfinite(stamp_s) else 0.0
            return self._media_s
        if not math.isfinite(stamp_s):
            stamp_s = self._before_s + self._interval_s
        step_s, self._before_s = stamp_s - self._before_s, stamp_s
        self._media_s += min(step_s, MAX_GAP_S) if step_s > MIN_STEP_S else self._interval_s
        return self._media_s
