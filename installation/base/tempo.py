"""A tempo as a value: where the beats lie on the piece's clock, and how motion surges with them."""

from __future__ import annotations

import math
from dataclasses import dataclass

LEAST_BPM, MOST_BPM = 20.0, 400.0
_STEEP = 4.0
"""How much of a beat's motion is in its beginning: the pace falls by exp(-_STEEP) until the next."""


@dataclass(frozen=True, slots=True)
class Tempo:
    """Beats at an even pace: at ``at_s`` seconds of the piece's clock it is ``beat`` (a fraction between two), ``bpm`` follow a
    minute."""

    at_s: float
    beat: float
    bpm: float

    def beat_at(self, t_s: float) -> float:
        """The beat at ``t_s`` seconds."""
        return self.beat + (t_s - self.at_s) * self.bpm / 60.0

    def time_of(self, beat: float) -> float:
        """When it is ``beat``, seconds."""
        return self.at_s + (beat - self.beat) * 60.0 / self.bpm

    def differs(self, other: Tempo | None, t_s: float) -> bool:
        """Whether it is another tempo than ``other`` for who listens: by a millisecond at ``t_s``, or in a quarter of a
        minute."""
        if other is None:
            return True
        off = (self.beat_at(at_s) - other.beat_at(at_s) for at_s in (t_s, t_s + 15.0))
        return max(map(abs, off)) * 60.0 / self.bpm > 0.001


def surged(tempo: Tempo, begin_s: float, end_s: float) -> float:
    """Seconds of motion from ``begin_s`` to ``end_s`` when all of it surges with the beat: as many as went by over whole
    beats, more of them right after a beat, few before the next."""
    return (_surge(tempo.beat_at(end_s)) - _surge(tempo.beat_at(begin_s))) * 60.0 / tempo.bpm


def _surge(beat: float) -> float:
    whole = math.floor(beat)
    return whole + math.expm1(-_STEEP * (beat - whole)) / math.expm1(-_STEEP)
