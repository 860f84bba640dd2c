"""The emoji of an emotion: one table, by the active emotion and how strongly it is shown."""

from __future__ import annotations

EMOJI: dict[str, tuple[str, ...]] = {
    "angry": ("\U0001f620", "\U0001f621", "\U0001f92c"),
    "disgust": ("\U0001f616", "\U0001f922", "\U0001f92e"),
    "fear": ("\U0001f61f", "\U0001f628", "\U0001f631"),
    "happy": ("\U0001f642", "\U0001f604", "\U0001f602"),
    "sad": ("\U0001f641", "\U0001f622", "\U0001f62d"),
    "surprise": ("\U0001f62f", "\U0001f62e", "\U0001f632"),
    "neutral": ("\U0001f610",),
}
"""The mildest first; neutral has one. All are of Unicode 10 or older, a single code point each."""


def emoji_of(label: str, level: int) -> str:
    """The emoji of an emotion at a level from 0 up; above the last one the last one. KeyError for another word."""
    steps = EMOJI[label]
    return steps[min(max(level, 0), len(steps) - 1)]
