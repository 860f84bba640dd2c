"""What is counted over all runs of the piece since the guard began. The piece's own counts begin anew with each run."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from installation.base.clock import Clock
from installation.guard.figures import Figures
from installation.guard.hooks import EndedRun, StartedRun

COUNTED = ("frames", "arrivals", "seen_s", "pictures")
"""Fields of Figures that only grow while the piece runs."""
FRESH_S = 3.0
"""A beat older than this is that of a piece that hangs or is gone."""


@dataclass(frozen=True)
class Counts:
    """Since the guard began."""

    frames: float = 0
    arrivals: float = 0
    seen_s: float = 0
    pictures: float = 0
    faults: int = 0
    """How often one appeared."""
    runs: int = 0
    ends: Mapping[str, int] = field(default_factory=dict)
    """How often a run ended, by why."""

    @property
    def restarts(self) -> int:
        """Runs after the first."""
        return max(self.runs - 1, 0)


@dataclass(frozen=True)
class Standing:
    """How it stands now. Times are seconds."""

    counts: Counts
    figures: Figures | None
    """The newest of this run; None while it has told none."""
    is_up: bool
    """Whether the piece runs, ready or not."""
    is_ready: bool
    """Whether it has shown a picture."""
    beat_age_s: float | None
    """Since its last beat with figures."""
    tick_age_s: float
    """Since the guard last went round."""
    guard_age_s: float
    safe: str = ""
    """Why it runs on safe settings."""

    @property
    def trouble(self) -> str:
        """Why it is not to be called ready; empty where it is."""
        if not self.is_up:
            return "the piece does not run"
        if not self.is_ready:
            return "the piece is starting"
        if self.beat_age_s is None or self.beat_age_s > FRESH_S:
            return "no beat"
        return ""


class Totals:
    """Thread-safe. Everything but ``standing`` belongs to the guard's thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._began_s = self._ticked_s = clock.now()
        self._before: Counter[str] = Counter()
        """What the runs before this one counted."""
        self._ends: Counter[str] = Counter()
        self._runs = self._faults = 0
        self._newest: Figures | None = None
        self._beat_s: float | None = None
        self._is_up = self._is_ready = False
        self._safe = ""

    def started(self, run: StartedRun) -> None:
        """A run began."""
        with self._lock:
            self._close_run()
            self._runs += 1
            self._is_up, self._is_ready, self._safe = True, False, run.safe

    def ready(self, _run: StartedRun) -> None:
        """Its first picture is shown."""
        with self._lock:
            self._is_ready = True

    def beat(self, figures: Figures) -> None:
        """Figures came."""
        with self._lock:
            known = self._newest
            if known is not None and any(getattr(figures, name) < getattr(known, name) for name in COUNTED):
                # They only grow within a run: this is another one.
                self._close_run()
                known = None
            old = set(known.faults) if known is not None else set()
            self._faults += len(set(figures.faults) - old)
            self._newest, self._beat_s = figures, self._clock.now()

    def ended(self, run: EndedRun) -> None:
        """A run is over."""
        with self._lock:
            self._close_run()
            self._ends[run.why] += 1
            self._is_up = self._is_ready = False

    def tick(self, now_s: float) -> None:
        """The guard goes round."""
        with self._lock:
            self._ticked_s = now_s

    def standing(self) -> Standing:
        """How it stands now."""
        now_s = self._clock.now()
        with self._lock:
            totals = Counter(self._before)
            if self._newest is not None:
                totals.update({name: getattr(self._newest, name) for name in COUNTED})
            counts = Counts(
                **{name: totals[name] for name in COUNTED}, faults=self._faults, runs=self._runs, ends=dict(self._ends)
            )
            return Standing(
                counts=counts,
                figures=self._newest,
                is_up=self._is_up,
                is_ready=self._is_ready,
                beat_age_s=None if self._beat_s is None else max(now_s - self._beat_s, 0.0),
                tick_age_s=max(now_s - self._ticked_s, 0.0),
                guard_age_s=max(now_s - self._began_s, 0.0),
                safe=self._safe,
            )

    def _close_run(self) -> None:
        if self._newest is not None:
            self._before.update({name: getattr(self._newest, name) for name in COUNTED})
        self._newest = self._beat_s = None
