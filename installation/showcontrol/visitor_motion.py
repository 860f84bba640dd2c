"""Visitors' motion and poses besides their states: velocity, beats, poses taken. Deterministic, no clock."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from installation.base.easing import eased_share
from installation.showcontrol.onset import OnsetDetector
from installation.types import EmotionState

VELOCITY_S = 0.12
"""Time constant of the velocity's low-pass."""
MAX_STEP_S = 0.5
"""After a longer pause a velocity begins at rest: what happened meanwhile is not known."""
TAKEN_S = 0.15
"""A pose counts as taken after so long, so that one misread picture does not."""
LET_GO_S = 0.4
"""A pose that was not seen for so long is let go, and can be taken again."""


class _Motion:
    def __init__(self, state: EmotionState, t_s: float) -> None:
        self.place, self.t_s = _finite(state.position[:2], (0.5, 0.5)), t_s
        self.velocity = (0.0, 0.0)
        self.beats = OnsetDetector()

    def move(self, place: tuple[float, float], t_s: float) -> None:
        dt_s = t_s - self.t_s
        if dt_s <= 0:
            return
        if dt_s > MAX_STEP_S:
            self.velocity = (0.0, 0.0)
        else:
            share = eased_share(dt_s, VELOCITY_S)
            x, y = ((new - old) / dt_s for new, old in zip(place, self.place, strict=True))
            self.velocity = (
                self.velocity[0] + share * (x - self.velocity[0]),
                self.velocity[1] + share * (y - self.velocity[1]),
            )
        self.place, self.t_s = place, t_s


def _finite(place: tuple[float, float], instead: tuple[float, float]) -> tuple[float, float]:
    return place if all(math.isfinite(value) for value in place) else instead


class VisitorMotion:
    """Velocity and beats of each visitor."""

    def __init__(self) -> None:
        self._visitors: dict[int, _Motion] = {}
        self.onsets: list[tuple[int, float]] = []
        """(visitor, strength) of the beats of the last update."""

    def update(self, states: Iterable[EmotionState], energy: Mapping[int, float], t_s: float) -> None:
        """Take all visitors' states, and the ``energy`` [0, 1] of those who are seen now, at ``t_s`` seconds."""
        now = {}
        self.onsets = []
        for state in states:
            motion = self._visitors.get(state.person_id)
            if motion is None:
                motion = _Motion(state, t_s)
            # One number that is not finite must not stay in the filter for ever.
            motion.move(_finite(state.position[:2], motion.place), t_s)
            now[state.person_id] = motion
            if state.person_id in energy:
                strength = motion.beats.update(energy[state.person_id], t_s)
                if strength > 0:
                    self.onsets.append((state.person_id, strength))
        self._visitors = now

    def velocity(self, person_id: int) -> tuple[float, float]:
        """Picture widths and heights a second; y grows downwards. KeyError for who was not in the last update."""
        return self._visitors[person_id].velocity


class PoseWatch:
    """Says when somebody takes a pose or makes a gesture, once for each time it is taken."""

    def __init__(self) -> None:
        self._since: dict[tuple[int, str], list[float]] = {}
        """By visitor and label: since when, when last seen, and 1 once it counted as taken."""

    def update(self, held: Mapping[int, Iterable[str]], t_s: float) -> list[tuple[int, str]]:
        """(visitor, label) of what was taken, given what everybody holds at ``t_s`` seconds."""
        taken = []
        # Time that goes back is a clip that begins again.
        self._since = {key: value for key, value in self._since.items() if 0 <= t_s - value[1] <= LET_GO_S}
        for person_id, labels in held.items():
            for label in labels:
                hold = self._since.setdefault((person_id, label), [t_s, t_s, 0.0])
                hold[1] = t_s
                if not hold[2] and t_s - hold[0] >= TAKEN_S:
                    hold[2] = 1.0
                    taken.append((person_id, label))
        return taken
