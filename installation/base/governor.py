"""Perception comes first: painters get as much of the processor as it can spare. Knows what each costs and who is late."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from installation.base.notices import Notices

STAGE = "painters"
WANTED_PER_S = 24.0
"""Perception of more pictures a second than this is welcome, but nobody slows down for it."""
LATE_SHARE, LATE_S = 0.9, 2.0
"""Perception is late when it sees less than this share of the pictures; painters slow down when that lasts so long."""
CALM_S = 60.0
"""After so long without being late painters may take more again."""
DOWN, UP = 0.6, 2.0
TRICKLE = 0.02
"""Share of one core that all painters together keep in any case, ..."""
SLOWEST_S = 2.0
"""... and each of them makes a picture this often."""
COST_SHARE = 0.2
"""Of its difference to the last cost the known cost of a painter follows."""


@dataclass
class _Painter:
    wanted_s: float
    cost_s: float = 0.0

    @property
    def share(self) -> float:
        """Of one core, at the rate it wants."""
        return self.cost_s / self.wanted_s


class Governor:
    """Thread-safe. A painter asks ``interval_s`` before each picture and tells ``spent`` after it; the frame loop calls
    ``judge`` once a second.

    While perception is late the painters' allowance shrinks; it is shared so that the costly ones slow down first (max-min
    fairness: each gets what it wants up to a common limit). It grows again, a step a minute, when perception keeps up.
    """

    def __init__(self, notices: Notices) -> None:
        self._notices = notices
        self._lock = threading.Lock()
        self._painters: dict[str, _Painter] = {}
        self._allowance: float | None = None
        self._late_since_s: float | None = None
        self._calm_since_s: float | None = None

    @property
    def limited(self) -> bool:
        """Whether painters have to hold back now."""
        return self._allowance is not None

    def interval_s(self, painter: str, wanted_s: float) -> float:
        """Seconds between two pictures of ``painter``, which wants them ``wanted_s`` apart."""
        with self._lock:
            known = self._painters.setdefault(painter, _Painter(wanted_s))
            known.wanted_s = wanted_s
            if self._allowance is None:
                return wanted_s
            share = min(known.share, _limit([one.share for one in self._painters.values()], self._allowance))
            return wanted_s if share <= 0 else max(wanted_s, min(known.cost_s / share, SLOWEST_S))

    def spent(self, painter: str, cost_s: float) -> None:
        """A picture of ``painter`` took ``cost_s`` seconds of processor time."""
        with self._lock:
            known = self._painters.get(painter)
            if known is not None:
                known.cost_s += COST_SHARE * (cost_s - known.cost_s) if known.cost_s > 0 else cost_s

    def judge(self, now_s: float, taken_per_s: float, seen_per_s: float) -> None:
        """Of ``taken_per_s`` pictures a second perception saw ``seen_per_s``. One that sees none is not late: it is starting,
        or its source is away."""
        late = 0 < seen_per_s < LATE_SHARE * min(taken_per_s, WANTED_PER_S)
        with self._lock:
            if late:
                self._calm_since_s = None
                if self._late_since_s is None:
                    self._late_since_s = now_s
                elif now_s - self._late_since_s >= LATE_S:
                    self._late_since_s = now_s
                    self._shrink(taken_per_s, seen_per_s)
                return
            self._late_since_s = None
            if self._allowance is None:
                return
            if self._calm_since_s is None:
                self._calm_since_s = now_s
            elif now_s - self._calm_since_s >= CALM_S:
                self._calm_since_s = now_s
                self._grow()

    def _wanted(self) -> float:
        return sum(painter.share for painter in self._painters.values())

    def _shrink(self, taken_per_s: float, seen_per_s: float) -> None:
        wanted = self._wanted()
        if self._allowance is None:
            if wanted <= TRICKLE:
                return
            self._allowance = wanted
            self._notices.fallback(
                STAGE,
                f"perception comes first: it sees {seen_per_s:.0f} of {taken_per_s:.0f} pictures a second, so generated "
                "pictures come more slowly until it keeps up; less load on this machine brings them back",
            )
        self._allowance = max(TRICKLE, DOWN * min(self._allowance, wanted))

    def _grow(self) -> None:
        assert self._allowance is not None
        self._allowance *= UP
        if self._allowance >= self._wanted():
            self._allowance = None
            self._notices.resolve(STAGE)


def _limit(shares: list[float], allowance: float) -> float:
    """The common limit at which ``shares``, each cut to it, come to ``allowance``; infinite where all of them fit."""
    left, rest = allowance, sorted(shares)
    for index, share in enumerate(rest):
        fair = left / (len(rest) - index)
        if share > fair:
            return fair
        left -= share
    return float("inf")


@dataclass
class SeenRate:
    """How many pictures came, and how many of them perception saw, since this was last asked."""

    observations: int = 0
    _frames: int = 0
    _t_s: float | None = None

    def rates(self, now_s: float, frames: int) -> tuple[float, float]:
        """(taken, seen) a second; ``frames`` is the number of the newest picture. A new source counts from 0."""
        since_s = None if self._t_s is None or frames < self._frames else max(now_s - self._t_s, 1e-3)
        taken, seen = frames - self._frames, self.observations
        self._frames, self._t_s, self.observations = frames, now_s, 0
        return (0.0, 0.0) if since_s is None else (taken / since_s, seen / since_s)
