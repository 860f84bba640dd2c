"""What comes after a run of the piece: again, when, and with which settings. Pure: reads no clock, starts nothing."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from installation.base.backoff import Backoff
from installation.base.exit_codes import AS_ASKED, BROKEN
from installation.guard.hooks import EndedRun

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 30.0
"""Before the piece is started again: twice as long after each failure."""
QUIET_S = 300.0
"""A run of so long proves that all is well: pauses and counts begin anew."""
QUICK_S, QUICK_FAILURES = 60.0, 3
"""So many failures in a row, each within so many seconds, and the settings are no longer trusted."""
RESTART_S = 1.0
"""A piece that asks to be started again sooner than this is not started more often."""
LIMIT, LIMIT_S = 12, 900.0
"""So many failures within so many seconds are the limit of starts: whoever started the guard is to do something."""
LONGEST_RETRY_S = 3600.0


@dataclass(frozen=True)
class Next:
    """What to do after a run. ``end``: the guard's exit code; None: the piece is started after ``pause_s`` seconds."""

    pause_s: float = 0.0
    end: int | None = None
    news: str = ""
    """For the log, where something changes."""


class Policy:
    """``safe`` says why safe settings are to be used for the next run; empty: the artist's own.

    ``retry_s``: after so long with safe settings the artist's own are tried again, after twice that when it was in vain, and
    so on up to an hour; at once when the settings files change. One quick failure on trial, and safe settings it is again.
    ``has_master``: somebody started the guard who does something when it gives up, as systemd does.
    """

    def __init__(self, retry_s: float, has_master: bool = False) -> None:
        self.safe = ""
        self._has_master = has_master
        self._pauses = Backoff(FIRST_PAUSE_S, LONGEST_PAUSE_S, QUIET_S)
        self._trials = Backoff(retry_s, max(retry_s, LONGEST_RETRY_S))
        self._failures: deque[float] = deque(maxlen=LIMIT)
        self._quick = 0
        self._on_trial = False

    def ended(self, run: EndedRun) -> Next:
        """A run is over."""
        if run.why in ("ended", "asked"):
            return Next(end=AS_ASKED)
        if run.lasted_s >= QUIET_S:
            self._quick = 0
            self._failures.clear()
            if not run.safe:
                self._on_trial = False
                self._trials.reset()
        if run.why == "restart":
            return Next(0.0 if run.lasted_s >= RESTART_S else RESTART_S)
        self._failures.append(run.ended_s)
        if self._is_at_limit(run.ended_s):
            if self._has_master:
                return Next(end=BROKEN, news=f"{LIMIT} failures within {LIMIT_S:g} s: giving up, to be started again")
            return Next(LONGEST_PAUSE_S)
        return Next(self._pause(run), news=self._trust(run))

    def try_own_settings(self) -> None:
        """The next run is to be with the artist's own settings again."""
        self.safe, self._on_trial, self._quick = "", True, 0

    def is_time_to_try(self, now_s: float) -> bool:
        """Whether safe settings have been in use for long enough."""
        return bool(self.safe) and self._trials.due(now_s)

    def _is_at_limit(self, now_s: float) -> bool:
        return len(self._failures) == LIMIT and now_s - self._failures[0] <= LIMIT_S

    def _pause(self, run: EndedRun) -> float:
        self._pauses.succeed(run.started_s)
        return self._pauses.fail(run.ended_s)

    def _trust(self, run: EndedRun) -> str:
        """Count quick failures; gives the news when the settings are trusted no longer."""
        self._quick = self._quick + 1 if run.lasted_s < QUICK_S or not run.was_ready else 0
        if run.safe or self._quick == 0:
            return ""
        # What was refused will be refused again.
        if self._quick < QUICK_FAILURES and not self._on_trial and run.why != "refused":
            return ""
        times = (
            "once more" if self._on_trial else "at once" if run.why == "refused" else f"{self._quick} times in a row"
        )
        self._quick, self._on_trial = 0, False
        pause_s = self._trials.fail(run.ended_s)
        again = f"its own settings are tried again in {pause_s / 60:.0f} min, or when changed"
        self.safe = f"the piece failed {times} ({run.text}); {again}"
        return f"safe settings from now on: {self.safe}"
