"""When another picture is due: somebody came, the mood changed and stayed so, or it has been long enough. Reads no clock."""

from __future__ import annotations

import numpy as np

from installation.types import FloatArray, SceneState

ARRIVAL = 0.05
"""The scene's welcome fades and jumps to 1 when somebody arrives; a rise of so much is a jump."""
ARRIVAL_GAP_S = 4.0
"""People who come shortly after one another are greeted by one picture, and the next one waits for the cross-fade."""
MOOD_GAP_S = 8.0
"""Moods change the picture at most this often."""
STAYS_S = 3.0
"""A mood that is another one counts when it has been so for so long."""
ANOTHER_EMOTION = 0.45
"""Share of the emotion that changed hands since the last picture (total variation, [0, 1])."""
ANOTHER_AFFECT = 0.6
"""The same for valence and arousal: the distance on their plane, whose axes go from -1 to 1."""
ALONE = 3.0
"""With nobody there pictures last so many times as long."""
SOMEBODY = 0.05
"""Of presence."""
LONGEST_STEP_S = 1.0
"""A stall of the machine is no reason for another picture."""


class Occasion:
    """Counts occasions for another picture from scene states. The same states give the same numbers."""

    def __init__(self, another_s: float) -> None:
        """``another_s``: at the latest after so many seconds, while somebody is there."""
        self.another_s = another_s
        self.number = 0
        """How many there have been."""
        self._t_s: float | None = None
        self._since_s, self._aged_s, self._other_s = MOOD_GAP_S, 0.0, 0.0
        self._welcome = 0.0
        self._arrived = False
        self._emotion: FloatArray | None = None
        self._affect = (0.0, 0.0)

    def update(self, scene: SceneState) -> int:
        """``scene`` is what is shown now; gives the number of occasions so far. One whose numbers are not finite is passed
        over."""
        if not np.isfinite([scene.t_s, scene.valence, scene.arousal, scene.presence, *scene.emotion]).all():
            return self.number
        dt_s = 0.0 if self._t_s is None else min(max(scene.t_s - self._t_s, 0.0), LONGEST_STEP_S)
        self._t_s = scene.t_s
        self._since_s += dt_s
        self._aged_s += dt_s if scene.presence > SOMEBODY else dt_s / ALONE
        self._arrived = self._arrived or scene.welcome > self._welcome + ARRIVAL
        self._welcome = scene.welcome
        self._other_s = self._other_s + dt_s if self._is_another_mood(scene) else 0.0
        arrived = self._arrived and self._since_s >= ARRIVAL_GAP_S
        changed = self._other_s >= STAYS_S and self._since_s >= MOOD_GAP_S
        if arrived or changed or self._aged_s >= self.another_s:
            self._begin(scene)
        return self.number

    def _begin(self, scene: SceneState) -> None:
        self.number += 1
        self._since_s = self._aged_s = self._other_s = 0.0
        self._arrived = False
        self._remember(scene)

    def _remember(self, scene: SceneState) -> None:
        self._emotion, self._affect = scene.emotion, (scene.valence, scene.arousal)

    def _is_another_mood(self, scene: SceneState) -> bool:
        """Whether it is far from that of the last occasion."""
        if self._emotion is None:
            self._remember(scene)
            return False
        moved = 0.5 * float(np.abs(scene.emotion - self._emotion).sum())
        valence, arousal = self._affect
        away = float(np.hypot(scene.valence - valence, scene.arousal - arousal))
        return moved > ANOTHER_EMOTION or away > ANOTHER_AFFECT
