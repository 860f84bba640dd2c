"""Where each emotion lies in the plane of valence and arousal."""

from __future__ import annotations

import numpy as np

COORDINATES = np.array(
    [
        # valence, arousal
        [-0.6, 0.7],  # angry
        [-0.6, 0.2],  # disgust
        [-0.6, 0.75],  # fear
        [0.85, 0.4],  # happy
        [-0.7, -0.45],  # sad
        [0.2, 0.75],  # surprise
        [0.0, -0.1],  # neutral
    ],
    np.float32,
)
"""(7, 2) valence and arousal of each emotion, after the circumplex of Russell (1980, figure 2) and the places that
Russell and Mehrabian (1977) measured for emotion words; rounded, for the differences between raters are larger."""
COORDINATES.setflags(write=False)
