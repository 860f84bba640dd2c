"""A ladder of quality levels, moved by measured time: down when pictures take too long, up when there is room. No clock."""

from __future__ import annotations

import itertools
import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class CostWindow(Protocol):
    """Turns the costs of single pictures into the cost that a quality level is judged by."""

    def add(self, cost_s: float, now: float) -> float | None:
        """One more picture: gives the cost to judge by in seconds, None while there are too few pictures."""

    @property
    def full(self) -> bool:
        """Whether there are as many pictures as the window takes."""

    def clear(self) -> None:
        """Another quality level: forget what pictures cost."""


class TimedWindow:
    """Judges once for every ``seconds`` of pictures (at least ``min_count``), by the cost that ``share`` of them keep to."""

    full = True

    def __init__(self, seconds: float, min_count: int, share: float) -> None:
        self._seconds, self._min_count, self._share = seconds, min_count, share
        self._costs_s: list[float] = []
        self._from: float | None = None

    def add(self, cost_s: float, now: float) -> float | None:
        """As in ``CostWindow``; after a judgement the next window begins at ``now``."""
        if self._from is None:
            self._from = now
        self._costs_s.append(cost_s)
        if now - self._from < self._seconds or len(self._costs_s) < self._min_count:
            return None
        judged_s = sorted(self._costs_s)[int(self._share * (len(self._costs_s) - 1))]
        self._costs_s, self._from = [], now
        return judged_s

    def clear(self) -> None:
        """As in ``CostWindow``."""
        self._costs_s, self._from = [], None


class RollingWindow:
    """Judges with every picture by the last ``count`` (at least ``min_count``): the slowest but for ``ignored`` of them."""

    def __init__(self, count: int, min_count: int, ignored: int) -> None:
        self._costs_s: deque[float] = deque(maxlen=count)
        self._min_count, self._ignored = min_count, ignored

    @property
    def full(self) -> bool:
        """As in ``CostWindow``."""
        return len(self._costs_s) == self._costs_s.maxlen

    def add(self, cost_s: float, now: float) -> float | None:  # noqa: ARG002 - pictures count here, not time
        """As in ``CostWindow``."""
        self._costs_s.append(cost_s)
        if len(self._costs_s) < self._min_count:
            return None
        return sorted(self._costs_s)[-1 - self._ignored]

    def clear(self) -> None:
        """As in ``CostWindow``."""
        self._costs_s.clear()


@dataclass(frozen=True)
class LadderRules:
    """When a ladder moves. Shares are of the time that a picture may take.

    Waits (``up_after``, ``max_patience``, ``proved_after``, ``first_bar``) are in the unit of the ``now`` that the ladder is
    fed with: seconds, or pictures where pictures are counted.
    """

    down: float
    """A level that costs a larger share is left."""
    up_after: float
    """The next level is tried once there was room for it for so long; each try that fails doubles the wait ..."""
    max_patience: float
    """... up to this."""
    proved_after: float
    """A level that held for so long after a step up has not failed: the wait is ``up_after`` again."""
    up: float = math.inf
    """There is room where this level costs a smaller share ..."""
    fits: float = math.inf
    """... and the next one is expected to cost a smaller share than this."""
    many_down: bool = False
    """Step down as many levels at once as their expected costs ask for; False: one level at a time."""
    learns: bool = False
    """Learn what a step up really costs; False: the guessed costs stay."""
    first_bar: float = 0.0
    """A level that cannot be had at all is barred for so long, each time twice as long; 0: it is never barred."""


class Ladder:
    """Chooses the best quality level that keeps to the time. Level 0 is the cheapest.

    ``works`` are the levels' guessed costs in any unit, the cheapest first. ``start``: the level to begin with (None: the
    best); ``highest``: no level above this one is tried.
    """

    def __init__(
        self,
        works: Sequence[float],
        rules: LadderRules,
        window: CostWindow,
        start: int | None = None,
        highest: int | None = None,
    ) -> None:
        if not works or not all(math.isfinite(work) and work > 0 for work in works):
            raise ValueError(f"a ladder needs quality levels with a cost above 0, not {list(works)}")
        self._top = len(works) - 1
        self._highest = self._top if highest is None else highest
        self._rules, self._window = rules, window
        self._ratios = [above / below for below, above in itertools.pairwise(works)]
        self._barred: dict[int, float] = {}
        self._bar = rules.first_bar
        self._came: float | None = None
        self._came_from_s: float | None = None
        self._room_since: float | None = None
        self.level = 0
        self.reset(self._top if start is None else start)

    def reset(self, level: int) -> None:
        """Begin anew on ``level``."""
        self.too_slow = False
        """Whether the level was too slow when it was last judged; on level 0 nothing cheaper is left."""
        self._patience = self._rules.up_after
        self._go(min(max(level, 0), self._top))

    def feed(self, cost_s: float, allowed_s: float, now: float) -> bool:
        """A picture took ``cost_s`` of the ``allowed_s`` that it may take. Gives whether the level changed."""
        if not (math.isfinite(cost_s) and cost_s >= 0 and allowed_s > 0):
            return False
        judged_s = self._window.add(cost_s, now)
        if judged_s is None:
            return False
        if self._window.full:
            self._learn(judged_s)
        self.too_slow = judged_s > self._rules.down * allowed_s
        return self._down(judged_s, allowed_s, now) if self.too_slow else self._maybe_up(judged_s, allowed_s, now)

    def fail(self, now: float) -> bool:
        """The level cannot be had at all (memory): one down, and barred with growing patience. False on level 0."""
        self._barred[self.level] = now + self._bar
        self._bar = min(2 * self._bar, self._rules.max_patience)
        if self.level == 0:
            return False
        self._go(self.level - 1)
        return True

    def _down(self, cost_s: float, allowed_s: float, now: float) -> bool:
        self._room_since = None
        if self.level == 0:
            return False
        if self._came is not None and now - self._came < self._rules.proved_after:
            self._patience = min(2 * self._patience, self._rules.max_patience)
            self._learn(cost_s)
        level = self.level - 1
        if self._rules.many_down:
            cost_s /= self._ratios[level]
            while level > 0 and cost_s > self._rules.down * allowed_s:
                level -= 1
                cost_s /= self._ratios[level]
        self._go(level)
        return True

    def _maybe_up(self, cost_s: float, allowed_s: float, now: float) -> bool:
        rules = self._rules
        if self._came is not None and now - self._came >= rules.proved_after:
            self._patience, self._came, self._bar = rules.up_after, None, rules.first_bar
        if not self._room_above(cost_s, allowed_s, now):
            self._room_since = None
            return False
        if self._room_since is None:
            self._room_since = now
        if now - self._room_since < self._patience:
            return False
        self._go(self.level + 1)
        self._came, self._came_from_s = now, cost_s
        return True

    def _room_above(self, cost_s: float, allowed_s: float, now: float) -> bool:
        above = self.level + 1
        if above > self._highest or now < self._barred.get(above, now):
            return False
        expected_s = cost_s * self._ratios[self.level]
        return cost_s < self._rules.up * allowed_s and expected_s < self._rules.fits * allowed_s

    def _learn(self, cost_s: float) -> None:
        """This level costs ``cost_s``: by so much more than the one it was reached from."""
        if self._rules.learns and self._came_from_s is not None:
            self._ratios[self.level - 1] = max(1.0, cost_s / max(self._came_from_s, 1e-6))
        self._came_from_s = None

    def _go(self, level: int) -> None:
        self.level = level
        self._window.clear()
        self._came = self._came_from_s = self._room_since = None
