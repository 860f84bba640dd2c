"""From an emotion to what the generator understands: valence, arousal, warmth and roughness of a picture.

This is the affect a picture is asked to depict by its colours and strokes, not the emotion a visitor shows and not the one
a picture evokes; the table below is how Mien answers the first with the second.
"""

from __future__ import annotations

import math

import numpy as np

from installation.types import EMOTIONS, FloatArray, PictureRequest, TextureRequest

AFFECT = ("valence", "arousal", "warmth", "roughness")
"""Each in [-1, 1], in units of two standard deviations of the training pictures' crops."""

DEPICTED = np.array(
    [
        # valence, arousal, warmth, roughness
        [-0.55, 0.85, 0.85, 0.65],  # angry: dark, saturated, red, torn
        [-0.45, 0.05, -0.10, 0.55],  # disgust: murky, mottled
        [-0.85, -0.05, -0.55, -0.05],  # fear: dark and cold
        [0.85, 0.55, 0.60, 0.15],  # happy: bright, saturated, warm
        [-0.60, -0.65, -0.65, -0.60],  # sad: dim, pale, cold, smooth
        [0.75, 0.35, -0.15, 0.75],  # surprise: bright, many small strokes
        [0.15, -0.50, 0.10, -0.30],  # neutral: quiet
    ],
    np.float32,
)
"""(7, 4). Signs after Valdez and Mehrabian (1994: brightness pleases, saturation arouses), Jonauskaite et al. (2020: red
with anger, yellow with joy, black with fear, grey and blue with sadness); the sizes are chosen by eye."""
DEPICTED.setflags(write=False)


def affect_of(request: TextureRequest | PictureRequest) -> FloatArray:
    """(4,) float32 in [-1, 1] for a request. ValueError where its numbers are not finite or do not sum to 1."""
    emotion = np.asarray(request.emotion, np.float32)
    if emotion.shape != (len(EMOTIONS),) or not np.isfinite(emotion).all() or abs(float(emotion.sum()) - 1) > 1e-3:
        raise ValueError("a request's emotion must be seven probabilities that sum to 1")
    if not (math.isfinite(request.valence) and math.isfinite(request.arousal)):
        raise ValueError("a request's valence and arousal must be finite")
    affect = emotion @ DEPICTED
    # What is shown right now shifts the picture a little beyond the emotion's own place.
    affect[0] += 0.2 * request.valence
    affect[1] += 0.2 * request.arousal
    return np.asarray(np.clip(affect, -1.0, 1.0), np.float32)
