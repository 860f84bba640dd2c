"""The mood of a drawing that is held into the camera. It is nobody's: visitors stay what they show, and are told as that.

While a drawing is held the scene wears what is depicted in the place of what visitors show, as far as ``depicted_strength``
says, and both fade into each other when it comes and goes; the two are never averaged into one reading.
"""

from __future__ import annotations

import numpy as np

from installation.base.circumplex import COORDINATES
from installation.base.easing import eased_share
from installation.base.mood import READ, ManualMood
from installation.config.emotion import EmotionConfig
from installation.types import DEPICTED, EMOTIONS, FloatArray, read_only

AS_EMOTION = tuple(EMOTIONS.index(name) for name in ("angry", "fear", "sad", "happy", "surprise", "neutral"))
"""The place in EMOTIONS of each of DEPICTED; nothing depicts disgust."""
NONE = ""
MARGIN = 0.1
"""By so much another share must be larger before it is the label."""


class DepictedMood:
    """Follows what drawings depict. Times in seconds."""

    def __init__(self, config: EmotionConfig) -> None:
        self._config = config
        self._shares: FloatArray | None = None
        """What is depicted now, or was last."""
        self._held, self._share = False, 0.0
        self.label = NONE
        """What the drawing that is held depicts most, one of DEPICTED."""

    def reconfigure(self, config: EmotionConfig) -> None:
        """Go on with other settings."""
        self._config = config

    def see(self, shares: FloatArray | None) -> tuple[str, float] | None:
        """``shares`` (6,) over DEPICTED of the drawing that is held, None without one. Gives the label and its share [0, 1]
        where that is another than before; NONE and 0 where the drawing has gone."""
        self._held = shares is not None
        if shares is not None:
            self._shares = shares
        before = self.label
        self.label = NONE if shares is None else _label(shares, before)
        if self.label == before:
            return None
        return self.label, 0.0 if shares is None or self.label == NONE else float(shares[DEPICTED.index(self.label)])

    def advance(self, dt_s: float) -> ManualMood:
        """The mood to put over the scene's, ``dt_s`` seconds later."""
        aim = self._config.depicted_strength if self._held else 0.0
        self._share += (aim - self._share) * eased_share(max(dt_s, 0.0), self._config.depicted_fade_s)
        if self._shares is None or self._share < 1e-3:
            return READ
        probabilities = np.zeros(len(EMOTIONS), np.float32)
        probabilities[list(AS_EMOTION)] = self._shares
        probabilities /= probabilities.sum()
        valence, arousal = (float(value) for value in probabilities @ COORDINATES)
        return ManualMood(read_only(probabilities), valence, arousal, self._share)


def _label(shares: FloatArray, before: str) -> str:
    """The largest share's; another one only where it is clearly larger."""
    best = int(shares.argmax())
    if before != NONE and shares[best] < shares[DEPICTED.index(before)] + MARGIN:
        return before
    return DEPICTED[best]
