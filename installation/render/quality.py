"""The picture's quality levels, and which one is drawn: chosen by what pictures cost, or fixed. No OpenGL here."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from installation.base.quality_ladder import Ladder, LadderRules, TimedWindow


@dataclass(frozen=True)
class Quality:
    """One quality level. ``pixels``: factor on the inner picture's pixels; ``detail`` [0, 1]: mesh density, particles
    and ray-march steps; ``bloom_levels``: each doubles the glow's reach."""

    pixels: float = 1.0
    detail: float = 1.0
    bloom_levels: int = 4


GPU = (
    Quality(0.25, 0.0, 3),
    Quality(0.5, 0.35, 3),
    Quality(0.71, 0.7, 4),
    Quality(1.0, 1.0, 4),
    Quality(1.5, 1.0, 4),
    Quality(2.25, 1.0, 4),
)
"""For 2560 x 1440 pixels at 1.0; the last is 3840 x 2160."""
SOFTWARE = (
    Quality(0.35, 0.0, 2),
    Quality(0.5, 0.1, 3),
    Quality(0.71, 0.2, 3),
    Quality(1.0, 0.35, 4),
    Quality(1.4, 0.5, 4),
    Quality(2.0, 0.7, 4),
)
"""For a scene's own ``pixels`` at 1.0, which are chosen to leave a core for perception."""
START = 3
TIERS = {"low": 1, "medium": 3, "high": 4, "ultra": 5}
RULES = LadderRules(down=0.9, up=0.44, up_after=4.0, max_patience=600.0, proved_after=30.0)
"""A level costs at most twice the one below, so that a step up from below ``up`` never lands above ``down``. In seconds."""
WINDOW_S, MIN_PICTURES, IN_TIME = 1.0, 5, 0.9
"""A level is judged by this much time and so many pictures; one picture in ten may be late for reasons of its own."""
DETAIL_PER_S = 0.4
"""Detail changes by this much in a second, so that nothing appears or vanishes at once."""


class RenderQuality:
    """The quality to draw with. ``tier`` names a fixed level; "auto" moves. Times in seconds; fed once a picture."""

    def __init__(self, levels: tuple[Quality, ...], tier: str, highest: int | None = None) -> None:
        """``highest``: the level above which "auto" does not go."""
        self._levels = levels
        self._tier = tier
        window = TimedWindow(WINDOW_S, MIN_PICTURES, IN_TIME)
        works = [level.pixels for level in levels]
        self._ladder = Ladder(works, RULES, window, TIERS.get(tier, START), highest)
        self.ceiling: int | None = None
        """No level above this one is drawn with, whatever this machine could: another one of the same wall cannot."""
        self._detail = levels[self.level].detail
        self._quality = levels[self.level]
        self._made_of = (self.level, self._detail)

    @property
    def level(self) -> int:
        """Number of the quality level that is drawn with now; 0 is the cheapest."""
        return self.own_level if self.ceiling is None else min(self.own_level, self.ceiling)

    @property
    def own_level(self) -> int:
        """The level that this machine could draw with."""
        return self._ladder.level

    @property
    def quality(self) -> Quality:
        """What to draw with now."""
        made_of = (self.level, self._detail)
        if made_of != self._made_of:
            self._made_of, self._quality = made_of, replace(self._levels[made_of[0]], detail=self._detail)
        return self._quality

    @property
    def at_the_bottom(self) -> bool:
        """Whether even the cheapest level is too slow (where the level moves)."""
        return self._tier == "auto" and self.level == 0 and self._ladder.too_slow

    def set_tier(self, tier: str) -> None:
        """Go to another tier."""
        if tier != self._tier:
            self._tier = tier
            self._ladder.reset(TIERS.get(tier, self.level))

    def feed(self, cost_s: float, allowed_s: float, now_s: float, dt_s: float) -> bool:
        """A picture took ``cost_s`` of the ``allowed_s`` it may take. Gives whether the level changed."""
        target = self._levels[self.level].detail
        step = DETAIL_PER_S * dt_s
        self._detail += min(max(target - self._detail, -step), step)
        if self.level < self.own_level and cost_s <= RULES.down * allowed_s:
            return False  # what a lower level costs tells nothing about the own one
        return self._tier == "auto" and self._ladder.feed(cost_s, allowed_s, now_s)


def rounded_pixels(pixels: float) -> float:
    """``pixels`` rounded down to a power of the root of two, so that a machine meets few sizes."""
    return float(2.0 ** (math.floor(2 * math.log2(pixels) + 1e-6) / 2))


def inner_size(size: tuple[int, int], scale: float, most_pixels: float) -> tuple[int, int]:
    """(width, height) of the inner picture: ``scale`` of the window, or, at 0, as large as ``most_pixels`` allow."""
    width, height = size
    if scale <= 0:
        scale = min(1.0, math.sqrt(most_pixels / (width * height)))
    return max(16, round(width * scale)), max(16, round(height * scale))
