"""How a picture is made when time is short, and which way is taken: a small ladder moved by measured time. No clock here."""

from __future__ import annotations

import itertools
import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

STYLE_PX = 256
"""The style network sees a picture of this size with its surroundings."""
LEAST_PX = 64
ENLARGE_WORK, STYLE_WORK = 2.0, 2.8 * STYLE_PX**2
"""Guesses until it was measured, in generated pixels: of enlarging one pixel to sixteen, and of styling one picture."""


@dataclass(frozen=True)
class Rung:
    """One way to a picture of ``shown_px``: generated at ``made_px``, styled or not, then made larger."""

    made_px: int
    shown_px: int
    styled: bool = False

    @property
    def name(self) -> str:
        """As the log and the screen show it."""
        grown = f"{self.made_px}>{self.shown_px}" if self.made_px != self.shown_px else f"{self.made_px}"
        return f"{grown} px{' styled' if self.styled else ''}"

    @property
    def work(self) -> float:
        """A guess of what it costs, in generated pixels."""
        enlarged = ENLARGE_WORK if 4 * self.made_px <= self.shown_px else 0.05
        return self.made_px**2 * (1 + (enlarged if self.made_px < self.shown_px else 0)) + STYLE_WORK * self.styled


def rungs(shown_px: int, cell_px: int, styles: bool) -> tuple[Rung, ...]:
    """The ways to a picture of ``shown_px``, the cheapest first; with ``styles`` the dearest of them are styled."""
    sizes = [shown_px // share for share in (8, 4, 2, 1) if shown_px % (share * cell_px) == 0]
    made = [size for size in sizes if size >= min(LEAST_PX, shown_px)] or [shown_px]
    if not styles:
        return tuple(Rung(size, shown_px) for size in made)
    small = [size for size in made if size <= STYLE_PX] or made[:1]
    styled = [Rung(size, shown_px, True) for size in small[-2:]]
    plain = [Rung(size, shown_px) for size in made]
    return (*(rung for rung in plain if rung.work < styled[0].work), *styled)


DOWN, UP = 0.9, 0.65
"""Shares of the allowed time: a rung that costs more than the first is left; one expected below the second is tried."""
LEAST_PICTURES, WINDOW = 3, 8
UP_AFTER_S, LONGEST_S = 3.0, 600.0
"""A dearer rung is tried after this long; each failure doubles it, up to the longest."""
PROVED_S = 20.0
"""A rung that has held this long has not failed."""


class RateLadder:
    """Chooses the dearest rung that keeps the rate. ``works`` are the rungs' guessed costs in any unit, the cheapest first.

    Fed once a picture. What a step up really costs is learned: the guess only serves the first time.
    """

    def __init__(self, works: Sequence[float], start: int | None = None) -> None:
        if not works or not all(math.isfinite(work) and work > 0 for work in works):
            raise ValueError(f"a ladder needs rungs with a cost above 0, not {list(works)}")
        self.rung = len(works) - 1 if start is None else min(max(start, 0), len(works) - 1)
        self._ratios = [dearer / cheaper for cheaper, dearer in itertools.pairwise(works)]
        self._count = len(works)
        self._costs_s: deque[float] = deque(maxlen=WINDOW)
        self._came_s: float | None = None
        self._came_from_s: float | None = None
        self._cheap_since_s: float | None = None
        self._patience_s = UP_AFTER_S
        self._barred: dict[int, float] = {}
        self._bar_s = 2 * UP_AFTER_S

    def feed(self, cost_s: float, allowed_s: float, now_s: float) -> bool:
        """A picture took ``cost_s`` of the ``allowed_s`` that it may take. Gives whether the rung changed."""
        if not (math.isfinite(cost_s) and cost_s >= 0 and allowed_s > 0):
            return False
        self._costs_s.append(cost_s)
        if len(self._costs_s) < LEAST_PICTURES:
            return False
        # One late picture of a window is the system's doing, two are the rung's.
        cost_s = sorted(self._costs_s)[-2]
        if self._came_from_s is not None and len(self._costs_s) == WINDOW:
            self._ratios[self.rung - 1] = max(1.0, cost_s / max(self._came_from_s, 1e-6))
            self._came_from_s = None
        if cost_s > DOWN * allowed_s:
            return self._leave(cost_s, allowed_s, now_s)
        return self._maybe_up(cost_s, allowed_s, now_s)

    def fail(self, now_s: float) -> bool:
        """The rung cannot be had at all (memory): it is barred with growing patience. False where there is no cheaper one."""
        self._barred[self.rung] = now_s + self._bar_s
        self._bar_s = min(2 * self._bar_s, LONGEST_S)
        if self.rung == 0:
            return False
        self._go(self.rung - 1)
        return True

    def _leave(self, cost_s: float, allowed_s: float, now_s: float) -> bool:
        if self.rung == 0:
            self._cheap_since_s = None
            return False
        if self._came_s is not None and now_s - self._came_s < PROVED_S:
            self._patience_s = min(2 * self._patience_s, LONGEST_S)
            if self._came_from_s is not None:
                self._ratios[self.rung - 1] = max(1.0, cost_s / max(self._came_from_s, 1e-6))
        # As far down as it takes, by what the rungs between are known or guessed to cost.
        rung = self.rung
        while rung > 0 and cost_s > DOWN * allowed_s:
            rung -= 1
            cost_s /= self._ratios[rung]
        self._go(rung)
        return True

    def _maybe_up(self, cost_s: float, allowed_s: float, now_s: float) -> bool:
        if self._came_s is not None and now_s - self._came_s >= PROVED_S:
            self._patience_s, self._came_s, self._bar_s = UP_AFTER_S, None, 2 * UP_AFTER_S
        above = self.rung + 1
        if above >= self._count or now_s < self._barred.get(above, now_s) or not self._fits(cost_s, allowed_s):
            self._cheap_since_s = None
            return False
        if self._cheap_since_s is None:
            self._cheap_since_s = now_s
        if now_s - self._cheap_since_s < self._patience_s:
            return False
        self._go(above)
        self._came_s, self._came_from_s = now_s, cost_s
        return True

    def _fits(self, cost_s: float, allowed_s: float) -> bool:
        return cost_s * self._ratios[self.rung] < UP * allowed_s

    def _go(self, rung: int) -> None:
        self.rung = rung
        self._costs_s.clear()
        self._came_s = self._came_from_s = self._cheap_since_s = None
