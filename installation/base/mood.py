"""A mood that the artist sets by hand, over what is read of visitors."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np

from installation.types import EmotionEstimate, EmotionState, FloatArray, neutral_probabilities, read_only

Read = TypeVar("Read", EmotionEstimate, EmotionState)


@dataclass(frozen=True, slots=True, eq=False)
class ManualMood:
    """``probabilities`` (7,) sum to 1; ``valence``, ``arousal`` in [-1, 1]; ``share`` [0, 1]: how far it counts over what is
    read, 0 not at all."""

    probabilities: FloatArray = field(default_factory=lambda: read_only(neutral_probabilities()))
    valence: float = 0.0
    arousal: float = 0.0
    share: float = 0.0

    def over(self, read: Read) -> Read:
        """``read`` with this mood in the place of its own, as far as it counts; the very same object where it does not."""
        if self.share <= 0:
            return read
        return replace(
            read,
            probabilities=self.mixed(read.probabilities),
            valence=read.valence + (self.valence - read.valence) * self.share,
            arousal=read.arousal + (self.arousal - read.arousal) * self.share,
        )

    def mixed(self, probabilities: FloatArray) -> FloatArray:
        """(7,) between ``probabilities`` and the mood's own."""
        shown = probabilities + (self.probabilities - probabilities) * np.float32(self.share)
        return np.asarray(read_only(np.maximum(shown, 0.0).astype(np.float32)))


READ = ManualMood()
"""Nothing is set by hand."""
