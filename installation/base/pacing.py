"""When the next frame is due: absolute deadlines, so that small errors never add up; and which thread goes first."""

from __future__ import annotations

import contextlib
import math
import os
import sys
import threading


def step_back(nice: int = 10) -> None:
    """Let other threads go before this one, ``nice`` steps behind the process's first, where the system can say so for one
    thread (Linux)."""
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError):
            first = os.getpriority(os.PRIO_PROCESS, os.getpid())
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), min(first + nice, 19))


class Pacer:
    """Deadlines ``interval_s`` apart. A frame that is late by more than one interval starts a new row of deadlines
    instead of hurrying to catch up. ``on_grid``: all of them are multiples of the interval, as on other machines."""

    def __init__(self, interval_s: float, now_s: float, on_grid: bool = False) -> None:
        if not interval_s > 0:
            raise ValueError(f"the interval must be above 0 seconds, not {interval_s}")
        self.interval_s = interval_s
        self.deadline_s = now_s
        self._on_grid = on_grid

    def advance(self, now_s: float) -> float:
        """The frame is done at ``now_s``: gives the next deadline in seconds."""
        if self._on_grid:
            behind_s = max(self.deadline_s, now_s - self.interval_s)
            self.deadline_s = (math.floor(behind_s / self.interval_s + 0.5) + 1) * self.interval_s
            return self.deadline_s
        self.deadline_s += self.interval_s
        if now_s > self.deadline_s + self.interval_s:
            self.deadline_s = now_s
        return self.deadline_s


class Every:
    """Says once every ``period_s`` seconds that it is time; the first call says yes."""

    def __init__(self, period_s: float) -> None:
        self.period_s = period_s
        self._next_s: float | None = None

    def due(self, now_s: float) -> bool:
        """Whether a period has passed since this last said yes; a long gap counts once."""
        if self._next_s is not None and now_s < self._next_s:
            return False
        self._next_s = now_s + self.period_s
        return True
