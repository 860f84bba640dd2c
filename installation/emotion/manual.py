"""The mood that ``emotion.manual`` sets by hand."""

from __future__ import annotations

import numpy as np

from installation.base.circumplex import COORDINATES
from installation.base.mood import READ, ManualMood
from installation.config.emotion import ManualConfig
from installation.types import EMOTIONS, FloatArray, read_only

NEAR = 0.12
"""Squared distance on the plane over which an emotion's weight falls to 1/e: at an emotion's own place it has nine tenths, but
for anger and fear, which lie side by side."""


def manual_mood(config: ManualConfig) -> ManualMood:
    """The mood of the settings. Where all seven weights are 0, the place on the plane says which emotions it is made of."""
    if not config.enabled or config.strength <= 0:
        return READ
    weights = np.array([getattr(config, name) for name in EMOTIONS], np.float64)
    total = float(weights.sum())
    shares = weights / total if total > 0 else _near(config.valence, config.arousal)
    return ManualMood(read_only(shares.astype(np.float32)), config.valence, config.arousal, config.strength)


def _near(valence: float, arousal: float) -> FloatArray:
    away = ((COORDINATES.astype(np.float64) - (valence, arousal)) ** 2).sum(axis=1)
    near = np.exp((away.min() - away) / NEAR)
    return np.asarray(near / near.sum())
