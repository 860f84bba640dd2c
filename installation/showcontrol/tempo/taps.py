"""A tempo from taps."""

from __future__ import annotations

from installation.base.tempo import LEAST_BPM, MOST_BPM, Tempo

KEPT = 8
FORGOTTEN_S = 60.0 / LEAST_BPM
"""A tap after a longer pause begins anew."""


class Taps:
    """The last taps. One alone sets where the beat is, from the second on they say how fast it goes, too."""

    def __init__(self) -> None:
        self._times: list[float] = []

    def tap(self, t_s: float, before: Tempo) -> Tempo:
        """The tempo with a tap at ``t_s`` seconds; ``before`` it, this one."""
        if self._times and t_s - self._times[-1] > FORGOTTEN_S:
            self._times.clear()
        self._times = [*self._times[1 - KEPT :], t_s]
        steps = len(self._times) - 1
        bpm = before.bpm
        if steps:
            bpm = min(max(60.0 * steps / max(t_s - self._times[0], 1e-3), LEAST_BPM), MOST_BPM)
        return Tempo(t_s, float(round(before.beat_at(t_s))), bpm)
