"""Where in a performance it is, and what is seen there: plays at any speed, pauses, steps, jumps. No clock, no thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from installation.config.rehearsal import RehearsalConfig
from installation.record.performance import Performance
from installation.types import Box, FloatArray, Observation, Person, read_only

HOLD_S = 1 / 30
"""While it is paused, nobody is there or it plays slowly, an observation comes this often."""
QUICKEST_S = 1 / 60
"""More observations a second than this are of no use to picture and sound: of a fast performance some are passed over."""
LONGEST_STEP_S = 0.25
"""After a stall a performance goes on where it was."""
BRIDGED_S = 0.25
"""Between two observations further apart nothing is made up in slow motion: the recording's source was silent there."""
SETTLE_S = 0.2
"""After a jump nobody is there for so long: while somebody drags through a performance no crowd of visitors comes and goes."""


class Playhead:
    """Gives observations as perception would: time is the piece's, whatever the speed, and numbers of people never come again.

    Each observation of the performance comes once, at its time; slower than it was recorded, steps between two are made
    up, so that whoever moves slowly does not move in jerks. After each jump, and at each new begin, people are new ones: what
    filters and scenes remember of those before ends with them.
    """

    def __init__(self, performance: Performance) -> None:
        self.performance = performance
        self.at_s = 0.0
        self.paused = False
        self._index = -1
        """The observation that was given last; before the first: -1."""
        self._changed = True
        """Whether something else is to be seen than last time."""
        self._jumped = False
        self._nobody_until_s = float("-inf")
        self._ended = False
        self._ticked_s: float | None = None
        self._told_s = self._seen_s = float("-inf")
        """When the last observation was given, and its time."""
        self._numbers: dict[int, int] = {}
        self._speed = 1.0
        self._given = self._seq = 0

    @property
    def ended(self) -> bool:
        """Whether the performance is over and does not begin again."""
        return self._ended

    def pause(self, on: bool) -> None:
        """Hold the moment, or go on from it."""
        self.paused = on

    def step(self) -> None:
        """Pause, and go to the next observation; behind the last comes the first."""
        self.paused = True
        if self._index + 1 >= len(self.performance.times_s):
            self.seek(0.0)
            return
        self._index += 1
        self.at_s, self._changed = float(self.performance.times_s[self._index]), True

    def seek(self, at_s: float) -> None:
        """Jump to ``at_s`` seconds, within the performance."""
        self.at_s = min(max(at_s, 0.0), self.performance.length_s)
        self._index = self._before(self.at_s)
        self._jumped = self._changed = True
        self._ended = False

    def cut(self) -> None:
        """Whoever is there from now on is new."""
        self._numbers.clear()

    def wait_s(self, speed: float) -> float:
        """For how long nothing new comes, seconds."""
        following = self._index + 1
        if self.paused or following >= len(self.performance.times_s):
            return HOLD_S
        due_s = (float(self.performance.times_s[following]) - self.at_s) / speed
        return min(max(due_s, QUICKEST_S), HOLD_S)

    def tick(self, t_s: float, config: RehearsalConfig, nobody: bool = False) -> Observation | None:
        """What is seen at ``t_s`` seconds of the piece, which rise from call to call; None where nothing new is.

        ``nobody``: it waits, and nobody is there.
        """
        dt_s = 0.0 if self._ticked_s is None else min(max(t_s - self._ticked_s, 0.0), LONGEST_STEP_S)
        self._ticked_s, self._speed = t_s, config.speed
        if self._jumped:
            self._jumped, self._nobody_until_s = False, t_s + SETTLE_S
            self.cut()
        if nobody:
            self.cut()
        if nobody or t_s < self._nobody_until_s or self._is_over(config):
            return self._nobody(t_s)
        if self.paused:
            return self._held(t_s)
        return self._played(t_s, dt_s, config)

    def _is_over(self, config: RehearsalConfig) -> bool:
        if self._ended and config.loop:
            self._begin_again()
        return self._ended

    def _begin_again(self) -> None:
        self.at_s, self._index, self._ended = 0.0, -1, False
        self.cut()

    def _nobody(self, t_s: float) -> Observation | None:
        self._changed = False
        observation = self._tell(t_s, t_s, lambda: ())
        self._changed = True
        return observation

    def _held(self, t_s: float) -> Observation | None:
        self._index = max(self._index, 0)
        return self._tell(t_s, t_s, lambda: self.performance.people(self._index))

    def _played(self, t_s: float, dt_s: float, config: RehearsalConfig) -> Observation | None:
        to_s = self.at_s + dt_s * config.speed
        if to_s > self.performance.length_s and self._index + 1 >= len(self.performance.times_s):
            if config.loop:
                self._begin_again()
                self._nobody_until_s = t_s + config.pause_s
            else:
                self.at_s, self._ended = self.performance.length_s, True
            return self._nobody(t_s)
        self.at_s = min(to_s, self.performance.length_s)
        index = self._before(self.at_s)
        if index > self._index or self._changed:
            self._index = index
            self._changed = True
            # When it would have been seen, and not when this was called: or motion would tremble with the thread.
            since_s = (self.at_s - float(self.performance.times_s[index])) / config.speed
            return self._tell(t_s, max(t_s - since_s, t_s - dt_s), lambda: self.performance.people(index))
        between = self._between() if config.speed < 1 else None
        return self._tell(t_s, t_s, lambda: between or ()) if between is not None else None

    def _between(self) -> tuple[Person, ...] | None:
        """People between the last observation and the next; None where nothing is made up."""
        if self._index + 1 >= len(self.performance.times_s):
            return None
        before_s, after_s = (float(self.performance.times_s[self._index + n]) for n in (0, 1))
        if after_s - before_s > BRIDGED_S:
            return None
        share = (self.at_s - before_s) / (after_s - before_s)
        after = {person.id: person for person in self.performance.people(self._index + 1)}
        return tuple(
            between(person, after[person.id], share) if person.id in after else person
            for person in self.performance.people(self._index)
        )

    def _before(self, at_s: float) -> int:
        return max(int(np.searchsorted(self.performance.times_s, at_s + 1e-9, "right")) - 1, 0)

    def _tell(self, t_s: float, seen_s: float, people: Callable[[], tuple[Person, ...]]) -> Observation | None:
        """An observation made at ``seen_s``, if one is due."""
        if not self._changed and t_s - self._told_s < HOLD_S - 1e-3:
            return None
        self._changed = False
        if seen_s <= self._seen_s:
            seen_s = t_s
        self._told_s, self._seen_s = t_s, seen_s
        self._seq += 1
        there = tuple(self._renewed(person, seen_s) for person in people())
        return Observation(seen_s, self._seq, there, self.performance.frame_size)

    def _renewed(self, person: Person, seen_s: float) -> Person:
        number = self._numbers.get(person.id)
        if number is None:
            self._given += 1
            number = self._numbers[person.id] = self._given
        last_s = None if person.seen_s is None else seen_s + person.seen_s / self._speed
        return replace(person, id=number, seen_s=last_s)


def between(one: Person, other: Person, share: float) -> Person:
    """The same person ``share`` [0, 1] of the way from ``one`` to ``other``; what only one has stays as ``one`` has it."""
    face_box = one.face_box
    if one.face_box is not None and other.face_box is not None:
        face_box = _mixed_box(one.face_box, other.face_box, share)
    return replace(
        one,
        box=_mixed_box(one.box, other.box, share),
        face_box=face_box,
        pose=_mixed(one.pose, other.pose, share),
        pose_world=_mixed(one.pose_world, other.pose_world, share),
        face=_mixed(one.face, other.face, share),
        blendshapes=_mixed(one.blendshapes, other.blendshapes, share),
        expression=_mixed(one.expression, other.expression, share),
    )


def _mixed(one: FloatArray | None, other: FloatArray | None, share: float) -> FloatArray | None:
    if one is None or other is None:
        return one
    return np.asarray(read_only(one + (other - one) * np.float32(share)))


def _mixed_box(one: Box, other: Box, share: float) -> Box:
    return Box(*(a + (b - a) * share for a, b in zip(one, other, strict=True)))
