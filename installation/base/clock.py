"""Time as a replaceable object. The app makes the one real clock; what needs it is handed it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


def utc_now() -> datetime:
    """The time of day as a UTC moment; it jumps when somebody, or the network, sets it."""
    return datetime.now(UTC)


class Clock(Protocol):
    """Seconds since an arbitrary start, never going back."""

    def now(self) -> float:
        """The time in seconds."""
        ...

    def local_time(self) -> datetime:
        """The time of day on the wall, for the names of files; it may jump."""
        ...


class RealClock:
    """The system's monotonic clock (the same for all processes of one machine)."""

    def now(self) -> float:
        """Seconds of ``time.monotonic``."""
        return time.monotonic()

    def local_time(self) -> datetime:
        """The system's local time, without a zone."""
        return datetime.now()


class ManualClock:
    """A clock that a test or a replay moves by hand."""

    def __init__(self, start_s: float = 0.0) -> None:
        self._now_s = start_s

    def now(self) -> float:
        """The time last set."""
        return self._now_s

    def local_time(self) -> datetime:
        """As many seconds after the first of January 2000."""
        return datetime(2000, 1, 1) + timedelta(seconds=self._now_s)

    def set(self, t_s: float) -> None:
        """Go to ``t_s`` seconds; ValueError when that is in the past."""
        if t_s < self._now_s:
            raise ValueError(f"time cannot go back from {self._now_s} to {t_s}")
        self._now_s = t_s

    def advance(self, dt_s: float) -> None:
        """Go ``dt_s`` seconds on; ValueError when negative."""
        self.set(self._now_s + dt_s)
