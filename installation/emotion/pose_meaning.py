"""What the poses and gestures that a person holds mean for the emotion: the mixtures that the artist set."""

from __future__ import annotations

import numpy as np

from installation.config.poses import PosesConfig
from installation.types import EMOTIONS, FloatArray, Person, read_only


def pose_mixture(person: Person, config: PosesConfig) -> tuple[float, FloatArray] | None:
    """(weight, probabilities (7,) over EMOTIONS) of what a person holds, for the fusion; None where nothing counts.

    Every label that is in ``config.meanings`` and reaches ``config.threshold`` adds its mixture (brought to sum 1) by its
    probability; the weight is ``config.weight`` times the highest probability.
    """
    counted = {
        label: share for label, share in person.held().items() if label in config.meanings and share >= config.threshold
    }
    weight = config.weight * max(counted.values(), default=0.0)
    if weight <= 0:
        return None
    mixed = np.zeros(len(EMOTIONS), np.float64)
    for label, share in counted.items():
        mixture = config.meanings[label]
        total = sum(mixture.values())
        for emotion, part in mixture.items():
            mixed[EMOTIONS.index(emotion)] += share * part / total
    return weight, read_only((mixed / mixed.sum()).astype(np.float32))
