"""The quality levels of a texture: at what size it is generated, whether it is styled, and how it gets to its full size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from installation.base.quality_ladder import Ladder, LadderRules, RollingWindow

STYLE_PX = 256
"""The style network sees a picture of this size with its surroundings."""
MIN_PX = 64
ENLARGE_WORK, STYLE_WORK = 2.0, 2.8 * STYLE_PX**2
"""Guesses until it was measured, in generated pixels: of enlarging one pixel to sixteen, and of styling one picture."""


@dataclass(frozen=True)
class TextureLevel:
    """One way to a picture of ``shown_px``: generated at ``made_px``, styled or not, then made larger."""

    made_px: int
    shown_px: int
    styled: bool = False

    @property
    def name(self) -> str:
        """As the log and the screen show it."""
        sizes = f"{self.made_px}>{self.shown_px}" if self.made_px != self.shown_px else f"{self.made_px}"
        return f"{sizes} px{' styled' if self.styled else ''}"

    @property
    def work(self) -> float:
        """A guess of what it costs, in generated pixels."""
        enlarging = ENLARGE_WORK if 4 * self.made_px <= self.shown_px else 0.05
        return self.made_px**2 * (1 + (enlarging if self.made_px < self.shown_px else 0)) + STYLE_WORK * self.styled


def texture_levels(shown_px: int, cell_px: int, styles: bool) -> tuple[TextureLevel, ...]:
    """The levels for a picture of ``shown_px``, the cheapest first; with ``styles`` the best of them are styled."""
    sizes = [shown_px // share for share in (8, 4, 2, 1) if shown_px % (share * cell_px) == 0]
    made = [size for size in sizes if size >= min(MIN_PX, shown_px)] or [shown_px]
    if not styles:
        return tuple(TextureLevel(size, shown_px) for size in made)
    small = [size for size in made if size <= STYLE_PX] or made[:1]
    styled = [TextureLevel(size, shown_px, True) for size in small[-2:]]
    plain = [TextureLevel(size, shown_px) for size in made]
    return (*(level for level in plain if level.work < styled[0].work), *styled)


RULES = LadderRules(
    down=0.9,
    fits=0.65,
    up_after=3.0,
    max_patience=600.0,
    proved_after=20.0,
    many_down=True,
    learns=True,
    first_bar=6.0,
)
"""Times in seconds. What a step up really costs is learned; the guess only serves the first time."""
WINDOW, MIN_PICTURES = 8, 3


def texture_ladder(works: Sequence[float], start: int | None = None) -> Ladder:
    """Chooses the best level that keeps the rate; ``works`` are the levels' guessed costs, the cheapest first."""
    # One late picture of a window is the system's doing, two are the level's.
    return Ladder(works, RULES, RollingWindow(WINDOW, MIN_PICTURES, 1), start)
