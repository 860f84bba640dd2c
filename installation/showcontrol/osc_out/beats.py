"""When each beat of a tempo is sent."""

from __future__ import annotations

import math

from installation.base.tempo import Tempo

LATE_BEATS, LATE_S = 0.1, 0.1
"""A beat that has just been is still sent when its tempo is told; one so long ago is left out."""


class Beats:
    """The beats of a tempo, each once, also where it is told anew in between. ``due_s`` is when the next one is."""

    def __init__(self, prefix: str, tempo: Tempo, now_s: float, before: Beats | None) -> None:
        self.prefix, self.tempo = prefix, tempo
        self._next = math.ceil(tempo.beat_at(now_s) - LATE_BEATS)
        if before is not None and self._next == before._next - 1:
            self._next += 1
        self.due_s = tempo.time_of(self._next)

    def turn(self, now_s: float) -> int | None:
        """The number of the beat that is now, and go on to the next; None where it is over already, or before the first."""
        number, late_s = self._next, now_s - self.due_s
        self._next = max(number + 1, math.ceil(self.tempo.beat_at(now_s)))
        self.due_s = self.tempo.time_of(self._next)
        return number % 2**31 if number >= 0 and late_s < LATE_S else None
