"""How strongly an emotion is shown, in three levels that do not flicker. No I/O."""

from __future__ import annotations

from collections.abc import Sequence

from installation.types import EMOTIONS

LEVELS = (0.34, 0.52)
"""From such an intensity on it is the next level. Of the simulated performer's acts fear reaches 0.33, anger 0.46, joy 0.53,
grief 0.56."""
MARGIN = 0.03
"""Beyond a bound by so much before the level changes."""


def intensity(share: float, valence: float, arousal: float) -> float:
    """[0, 1]: the ``share`` [0, 1] of the active emotion, weighed by how far the mood is from rest ([-1, 1] both)."""
    return share * (0.5 + 0.5 * min(max(abs(valence), abs(arousal)), 1.0))


class LevelHysteresis:
    """The level 0, 1 or 2 of the active emotion. Another emotion begins with the level it has."""

    def __init__(self) -> None:
        self.level = 0
        self._label = ""

    def update(self, label: str, probabilities: Sequence[float], valence: float, arousal: float) -> int:
        """The level after seeing ``probabilities`` (7,), valence and arousal under the active ``label``."""
        now = intensity(float(probabilities[EMOTIONS.index(label)]), valence, arousal)
        if label != self._label:
            self._label, self.level = label, sum(now >= bound for bound in LEVELS)
        else:
            up, down = (sum(now >= bound + way * MARGIN for bound in LEVELS) for way in (1, -1))
            self.level = min(max(self.level, up), down)
        return self.level
