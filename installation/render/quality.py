"""The quality ladder: how much a picture may cost, moved by what pictures do cost. No OpenGL here."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Quality:
    """One rung of the ladder. ``pixels``: factor on the inner picture's pixels; ``detail`` [0, 1]: mesh density, particles
    and ray-march steps; ``bloom_levels``: each doubles the glow's reach; ``smooth``: anti-aliasing."""

    pixels: float = 1.0
    detail: float = 1.0
    bloom_levels: int = 4
    smooth: bool = True


GPU = (
    Quality(0.25, 0.0, 3, False),
    Quality(0.5, 0.35, 3),
    Quality(0.71, 0.7, 4),
    Quality(1.0, 1.0, 4),
    Quality(1.5, 1.0, 4),
    Quality(2.25, 1.0, 4),
)
"""For 2560 x 1440 pixels at 1.0; the last is 3840 x 2160."""
SOFTWARE = (
    Quality(0.35, 0.0, 2, False),
    Quality(0.5, 0.1, 3, False),
    Quality(0.71, 0.2, 3, False),
    Quality(1.0, 0.35, 4, False),
    Quality(1.4, 0.5, 4),
    Quality(2.0, 0.7, 4),
)
"""For a scene's own ``pixels`` at 1.0, which are chosen to leave a core for perception."""
START = 3
TIERS = {"low": 1, "medium": 3, "high": 4, "ultra": 5}
WINDOW_S = 1.0
"""A rung is judged by this much time."""
DOWN, UP = 0.9, 0.44
"""Shares of the time a picture may take: above the first it is too dear, below the second a dearer rung may be tried. A rung
costs at most twice the one below, so that a step up from the one never lands above the other."""
UP_AFTER_S, LONGEST_S = 4.0, 600.0
"""A dearer rung is tried after this long; each failure doubles it, up to the longest."""
PROVED_S = 30.0
"""A rung that has held this long has not failed."""
DETAIL_A_S = 0.4
"""Detail changes by this much in a second, so that nothing appears or vanishes at once."""


class Ladder:
    """Chooses a rung. ``tier`` names a fixed one; "auto" moves. Times in seconds; fed once a picture."""

    def __init__(self, rungs: tuple[Quality, ...], tier: str, highest: int | None = None) -> None:
        """``highest``: the rung above which "auto" does not go."""
        self._rungs = rungs
        self._highest = len(rungs) - 1 if highest is None else highest
        self._tier = tier
        self.rung = min(TIERS.get(tier, START), len(rungs) - 1)
        self._detail = rungs[self.rung].detail
        self._window: list[float] = []
        self._window_from_s: float | None = None
        self._changed_s: float | None = None
        self._cheap_since_s: float | None = None
        self._patience_s = UP_AFTER_S

    @property
    def quality(self) -> Quality:
        """What to draw with now."""
        return replace(self._rungs[self.rung], detail=self._detail)

    @property
    def at_the_bottom(self) -> bool:
        """Whether even the cheapest rung is too dear (of a ladder that moves)."""
        return self._tier == "auto" and self.rung == 0 and self._too_dear

    _too_dear = False

    def set_tier(self, tier: str) -> None:
        """Go to another tier."""
        if tier != self._tier:
            self._tier = tier
            if tier in TIERS:
                self.rung = min(TIERS[tier], len(self._rungs) - 1)
            self._forget()

    def feed(self, cost_s: float, allowed_s: float, now_s: float, dt_s: float) -> bool:
        """A picture took ``cost_s`` of the ``allowed_s`` it may take. Gives whether the rung changed."""
        target = self._rungs[self.rung].detail
        step = DETAIL_A_S * dt_s
        self._detail += min(max(target - self._detail, -step), step)
        if self._tier != "auto" or not math.isfinite(cost_s):
            return False
        if self._window_from_s is None:
            self._window_from_s = now_s
        self._window.append(cost_s)
        if now_s - self._window_from_s < WINDOW_S or len(self._window) < 5:
            return False
        # One picture in ten may be late for reasons of its own.
        cost = sorted(self._window)[int(0.9 * (len(self._window) - 1))] / allowed_s
        self._window, self._window_from_s = [], now_s
        self._too_dear = cost > DOWN
        if cost > DOWN:
            return self._step_down(now_s)
        return self._maybe_up(cost, now_s)

    def _step_down(self, now_s: float) -> bool:
        self._cheap_since_s = None
        if self.rung == 0:
            return False
        if self._changed_s is not None and now_s - self._changed_s < PROVED_S:
            self._patience_s = min(2 * self._patience_s, LONGEST_S)
        self.rung -= 1
        self._changed_s = None
        return True

    def _maybe_up(self, cost: float, now_s: float) -> bool:
        if self._changed_s is not None and now_s - self._changed_s >= PROVED_S:
            self._patience_s, self._changed_s = UP_AFTER_S, None
        if cost >= UP or self.rung >= self._highest:
            self._cheap_since_s = None
            return False
        if self._cheap_since_s is None:
            self._cheap_since_s = now_s
        if now_s - self._cheap_since_s < self._patience_s:
            return False
        self.rung += 1
        self._changed_s, self._cheap_since_s = now_s, None
        return True

    def _forget(self) -> None:
        self._window, self._window_from_s = [], None
        self._changed_s = self._cheap_since_s = None
        self._patience_s, self._too_dear = UP_AFTER_S, False


def rounded_pixels(pixels: float) -> float:
    """``pixels`` rounded down to a power of the root of two, so that a machine meets few sizes."""
    return float(2.0 ** (math.floor(2 * math.log2(pixels) + 1e-6) / 2))
