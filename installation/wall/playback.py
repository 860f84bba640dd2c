"""The leader's states on their way to the screen: put in order, held back a little, and drawn at the ticks of the shared clock.

All machines of a wall draw for the same moments, the multiples of the period on the leader's clock, and for each of them what
was a fixed delay before it: so they show the same whatever way a message took, as long as it took no longer than the delay.
"""

from __future__ import annotations

import math
from bisect import insort
from collections import deque
from typing import NamedTuple

from installation.types import SceneState
from installation.wall.between import between, carried_on
from installation.wall.messages import WallState

ADRIFT_S = 0.5
"""Where no state came for so long the last one stands; from then on motion goes on by itself, the same on all machines."""
MOST_STATES = 2048
RETIRED = 16


class Shown(NamedTuple):
    """What is to be drawn. ``frame``: the number of the tick that it is the picture of, by what is seen and not by when: it
    falls behind the others' where states are late. ``is_late``: there was no state yet for this moment. ``state``: the newest
    one that has a part in it."""

    scene: SceneState
    frame: int
    is_late: bool
    state: WallState


class Playback:
    """Not thread-safe: whoever puts and whoever takes shares a lock, or a thread."""

    def __init__(self, delay_s: float) -> None:
        self.delay_s = delay_s
        self._states: list[tuple[int, WallState]] = []
        """By number; numbers rise with time."""
        self._retired: deque[str] = deque(maxlen=RETIRED)
        self.epoch: str | None = None
        self.lost = self.late = self.reordered = 0
        """States that never came, moments for which none was there, states that another one overtook."""
        self._play_s = -math.inf
        self._every = 1
        self._dropped = 0
        """The highest number that was thrown away as the past."""

    @property
    def newest(self) -> WallState | None:
        """By number."""
        return self._states[-1][1] if self._states else None

    def put(self, state: WallState) -> bool:
        """Take over a state, in whatever order they come. Gives whether it begins a new epoch: another leader, or the same one
        started again. What an earlier leader sent comes too late."""
        if state.epoch in self._retired:
            return False
        begins = state.epoch != self.epoch
        if begins:
            if self.epoch is not None:
                self._retired.append(self.epoch)
            self.epoch, self._states, self._play_s, self._dropped = state.epoch, [], -math.inf, 0
        if state.number <= self._dropped:
            return False
        newest = self._states[-1][0] if self._states else None
        if newest is not None and state.number <= newest:
            if any(number == state.number for number, _ in self._states):
                return False
            self.reordered += 1
        elif newest is not None:
            self.lost += state.number - newest - 1
        if newest is not None and state.number < newest:
            self.lost = max(0, self.lost - 1)
        insort(self._states, (state.number, state), key=lambda entry: entry[0])
        if len(self._states) > MOST_STATES:
            self._dropped = self._states.pop(0)[0]
        return begins

    def at(self, leader_s: float) -> Shown | None:
        """What to draw at ``leader_s`` by the leader's clock; None before anything can be. Time never goes back in it."""
        if not self._states:
            return None
        newest = self._states[-1][1]
        self._every, period_s = newest.every, newest.period_s * newest.every
        play_s = max(tick(leader_s, period_s) * period_s - self.delay_s, self._play_s)
        if play_s < self._states[0][1].scene.t_s:
            return None
        self._play_s = play_s
        self._forget(play_s)
        before = self._states[0][1]
        after = self._states[1][1] if len(self._states) > 1 else None
        if after is None or before.scene.t_s > play_s:
            return self._beyond(before, play_s, period_s)
        way_s = after.scene.t_s - before.scene.t_s
        share = (play_s - before.scene.t_s) / way_s if way_s > 0 else 1.0
        scene = between(before.scene, after.scene, min(max(share, 0.0), 1.0))
        return Shown(scene, self._frame(play_s, period_s), False, after)

    def _beyond(self, last: WallState, play_s: float, period_s: float) -> Shown:
        """Nothing is known of ``play_s`` yet."""
        since_s = play_s - last.scene.t_s
        is_late = since_s > period_s * 1e-3
        self.late += is_late
        adrift_s = max(0.0, since_s - ADRIFT_S)
        scene = carried_on(last.scene, adrift_s)
        return Shown(scene, self._frame(last.scene.t_s + adrift_s, period_s), is_late, last)

    def _forget(self, play_s: float) -> None:
        """All but the last state that is not after ``play_s``, and those that are."""
        keep = 0
        while keep + 1 < len(self._states) and self._states[keep + 1][1].scene.t_s <= play_s:
            keep += 1
        if keep:
            self._dropped = self._states[keep - 1][0]
            del self._states[:keep]

    def _frame(self, play_s: float, period_s: float) -> int:
        return tick(play_s + self.delay_s, period_s) * self._every


def tick(leader_s: float, period_s: float) -> int:
    """The number of the tick nearest to ``leader_s``."""
    return math.floor(leader_s / period_s + 0.5)


def next_tick_s(leader_s: float, period_s: float) -> float:
    """When the next tick is due, by the leader's clock; one that has just been is not meant."""
    return math.ceil(leader_s / period_s + 0.05) * period_s
