"""How many ticks of the leader's clock lie between two pictures of the wall: as many as its slowest machine needs for one.

A machine that cannot keep the rate would fall behind its neighbours, and the picture would tear between them; so all go slower
together. Pure: no clock is read.
"""

from __future__ import annotations

import math
from collections import deque

KEPT = 24
SHARE = 0.95
"""Of the last KEPT pictures so many keep to what is told."""
SLACK = 0.1
"""Of a tick, by which a picture may take longer: it leaves one out now and then, and nobody sees it."""
CALM_S = 10.0
"""Before the wall goes faster again it must have had the room for so long."""
LONGEST_S = 5.0
"""Between two pictures, whatever a machine says."""


class Costs:
    """What pictures took on one machine, seconds."""

    def __init__(self) -> None:
        self._costs_s: deque[float] = deque(maxlen=KEPT)

    def add(self, cost_s: float) -> None:
        """One more picture."""
        self._costs_s.append(cost_s)

    @property
    def cost_s(self) -> float | None:
        """What nearly all of the last ones kept to; None before there are a few."""
        if len(self._costs_s) < 4:
            return None
        return sorted(self._costs_s)[math.ceil(SHARE * len(self._costs_s)) - 1]


class Pace:
    """Follows what pictures cost: slower at once, faster after a while, by as much as the while had room for."""

    def __init__(self) -> None:
        self._every = 1
        self._calm_from_s: float | None = None
        self._most = 1
        """Of what was wanted since then."""

    def every(self, cost_s: float | None, period_s: float, now_s: float) -> int:
        """Ticks of ``period_s`` seconds from one picture to the next, where the slowest machine takes ``cost_s`` for one (None:
        not known)."""
        most = max(1, math.floor(LONGEST_S / period_s))
        wanted = 1 if cost_s is None else min(max(1, math.ceil(cost_s / period_s - SLACK)), most)
        if wanted >= self._every:
            self._every, self._calm_from_s = wanted, None
        elif self._calm_from_s is None:
            self._calm_from_s, self._most = now_s, wanted
        else:
            self._most = max(self._most, wanted)
            if now_s - self._calm_from_s >= CALM_S:
                self._every, self._calm_from_s = self._most, None
        return self._every
