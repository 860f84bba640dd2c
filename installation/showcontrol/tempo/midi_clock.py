"""A tempo from MIDI: the 24 clocks of a beat, or time code."""

from __future__ import annotations

from collections import deque

import numpy as np

from installation.base.tempo import LEAST_BPM, MOST_BPM, Tempo

CLOCKS = 24
"""In a beat (MIDI 1.0, System Real Time)."""
CLOCKS_IN_SIXTEENTH = 6
KEPT = 4 * CLOCKS
FEWEST = 12
"""Clocks that are waited for: the first line through fewer says little."""
STRAY_S = 0.02
"""Clocks further from the line than this, two in a row, are another tempo."""
QUARTERS = 8
"""Messages that one time of time code takes (MIDI Time Code, quarter frames)."""
_SHARE = 1 / 8
"""Of what a time differs from those before it, so much is believed."""
_RATES = (24.0, 25.0, 30.0 / 1.001, 30.0)


class MidiClock:
    """Start, stop, position and clocks in, a tempo out: a straight line through the last four beats' clocks."""

    def __init__(self) -> None:
        self.tempo: Tempo | None = None
        """None while nothing plays."""
        self._plays = True
        """A machine that never said start plays as long as its clocks come."""
        self._next = 0
        """The number of the next clock."""
        self._clocks: deque[tuple[int, float]] = deque(maxlen=KEPT)
        self._strays = 0

    def feed(self, message: list[int], t_s: float) -> None:
        """Take a message (its bytes) that came at ``t_s`` seconds; others than those of the clock are passed over."""
        match message:
            case [0xF8]:
                self._clock(t_s)
            case [0xFA]:
                self._go(0)
            case [0xFB]:
                self._go(self._next)
            case [0xFC]:
                self._plays, self.tempo = False, None
            case [0xF2, low, high]:
                self._next = (low + 128 * high) * CLOCKS_IN_SIXTEENTH
                self._clocks.clear()

    def silent_since(self, t_s: float) -> bool:
        """Whether no clock has come for two beats of the slowest tempo, at ``t_s`` seconds; then nothing plays."""
        if self._clocks and t_s - self._clocks[-1][1] > 2 * 60.0 / LEAST_BPM:
            self._clocks.clear()
            self.tempo = None
        return self.tempo is None

    def _go(self, clock: int) -> None:
        self._plays, self._next = True, clock
        self._clocks.clear()
        self.tempo = None

    def _clock(self, t_s: float) -> None:
        if not self._plays:
            return
        number, self._next = self._next, self._next + 1
        if len(self._clocks) >= FEWEST and self.tempo is not None:
            is_stray = abs(self.tempo.time_of(number / CLOCKS) - t_s) > STRAY_S
            self._strays = self._strays + 1 if is_stray else 0
            if self._strays > 1:  # Until there are enough of the new ones, the old tempo holds.
                self._clocks.clear()
        self._clocks.append((number, t_s))
        if len(self._clocks) < FEWEST:
            return
        numbers, times = np.array(self._clocks).T
        per_clock_s, begin_s = np.polyfit(numbers - number, times, 1)
        bpm = 60.0 / max(float(per_clock_s) * CLOCKS, 1e-6)
        if LEAST_BPM <= bpm <= MOST_BPM:
            self.tempo = Tempo(float(begin_s), number / CLOCKS, bpm)


class MidiTimeCode:
    """Quarter frames in, seconds of time code out as a tempo of ``bpm``: beat 0 is at 00:00:00:00."""

    def __init__(self, bpm: float) -> None:
        self.tempo: Tempo | None = None
        self._bpm = bpm
        self._parts: list[int] = []
        self._last_s = 0.0

    def feed(self, message: list[int], t_s: float) -> None:
        """Take a message (its bytes) that came at ``t_s`` seconds; others than quarter frames are passed over."""
        if len(message) != 2 or message[0] != 0xF1:
            return
        part, value = message[1] >> 4, message[1] & 0xF
        self._last_s = t_s
        if part != len(self._parts):
            self._parts.clear()
            if part != 0:
                return
        self._parts.append(value)
        if len(self._parts) == QUARTERS:
            self._whole(t_s)
            self._parts.clear()

    def silent_since(self, t_s: float) -> bool:
        """Whether time code stands still, or is gone, at ``t_s`` seconds."""
        if t_s - self._last_s > 0.5:
            self.tempo = None
        return self.tempo is None

    def _whole(self, t_s: float) -> None:
        low = self._parts
        frames, seconds, minutes = (low[at] + 16 * low[at + 1] for at in (0, 2, 4))
        hours, rate = low[6] + 16 * (low[7] & 1), _RATES[low[7] >> 1 & 3]
        # The time is that of the first of the eight, seven quarters of a frame ago.
        told_s = 3600 * hours + 60 * minutes + seconds + (frames + 7 / 4) / rate
        if self.tempo is not None:
            off_s = told_s - self.tempo.beat_at(t_s) * 60.0 / self._bpm
            # Messages come early and late by their way through the machine.
            told_s -= off_s * (1.0 - _SHARE) if abs(off_s) < STRAY_S else 0.0
        self.tempo = Tempo(t_s, told_s * self._bpm / 60.0, self._bpm)
