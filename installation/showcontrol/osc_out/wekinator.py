"""Wekinator's input message, to train sound and light on visitors by example."""

from __future__ import annotations

import math

from installation.showcontrol.osc_out.bundle import Seen
from installation.showcontrol.osc_out.encode import TypedMessage
from installation.types import EMOTIONS, neutral_probabilities

PORT = 6448
"""Where Wekinator listens as shipped."""
INPUTS = ("presence", "x", "y", "size", "valence", "arousal", "energy", "openness", "confidence", *EMOTIONS)
"""What the floats of /wek/inputs mean, in order: the number of inputs to set in Wekinator."""
UNREAD_INPUTS = ("presence", "x", "y", "size", "energy", "openness", "confidence")
"""The same where emotions are not read."""


class Wekinator:
    """The group's state as the one list of floats that Wekinator takes. Its length changes with ``emotion.enabled`` only."""

    def __init__(self) -> None:
        self._last = [0.0, 0.5, 0.5, *[0.0] * 6, *(float(share) for share in neutral_probabilities())]

    def messages(self, seen: Seen) -> list[TypedMessage]:
        """/wek/inputs with INPUTS, or UNREAD_INPUTS, as floats. While nobody is there presence is 0, the rest as it was."""
        group = seen.group
        if group is None:
            now = [0.0, *self._last[1:]]
        else:
            x, y, size = group.position
            now = [group.presence, x, y, min(size, 1.0), group.valence, group.arousal, group.energy, group.openness]
            now += [group.confidence, *(float(share) for share in group.probabilities)]
        if all(math.isfinite(value) for value in now):
            self._last = now
        values = self._last
        if not seen.emotions_read:
            values = [self._last[INPUTS.index(name)] for name in UNREAD_INPUTS]
        return [("/wek/inputs", "f" * len(values), list(values))]
