"""A story that simulated figures play: who comes when, does what, where, and leaves; near and far, up to a face alone."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from installation.capture.simulated.acts import (
    EASE_S,
    IDLE,
    IDLE_SWING,
    OUTSIDE,
    WALKING_M_S,
    Act,
    ScriptMoment,
    body_at,
    smooth,
    walk,
)
from installation.capture.simulated.figure import CAMERA_HEIGHT_M, FRAME_SIZE, Posture, skeleton
from installation.capture.simulated.performer import seen_person
from installation.types import EMOTIONS, MAX_PEOPLE, Observation, Person

LEAST_WALK_S = 0.9
"""From one place to the next, however near."""
FASTEST = 1.875
"""Of ``smooth``, by which figures walk: its greatest speed over its mean."""
_STEP_S = 0.02


@dataclass(frozen=True)
class Visit:
    """One visit: at ``enters_s`` somebody comes in from the ``side`` (-1 the picture's left, 1 its right), plays ``acts`` one
    after the other, walks to each act's place first, and leaves on the other side.

    ``number``: the visitor's, as perception would give it.
    """

    number: int
    enters_s: float
    acts: tuple[Act, ...]
    side: int = -1

    @property
    def leaves_s(self) -> float:
        """When the last act is over."""
        return self.enters_s + sum(act.seconds for act in self.acts)


@dataclass(frozen=True)
class Story:
    """``visits`` within ``seconds``, seen from ``camera_m`` above the ground."""

    name: str
    seconds: float
    visits: tuple[Visit, ...]
    camera_m: float = CAMERA_HEIGHT_M


class StoryScript:
    """What is seen of a story at any time: a pure function of time and ``seed``. ValueError where it cannot be played."""

    def __init__(self, story: Story, seed: int = 1) -> None:
        self._story, self._seed = story, seed
        self._ways = [_Way(visit) for visit in story.visits]
        rng = np.random.default_rng(seed)
        self._pace_hz = rng.uniform(0.1, 0.5, (MAX_PEOPLE, len(EMOTIONS)))
        self._phase = rng.uniform(0.0, 2 * np.pi, (MAX_PEOPLE, len(EMOTIONS)))
        for visit, way in zip(story.visits, self._ways, strict=True):
            if not 1 <= visit.number <= MAX_PEOPLE:
                raise ValueError(f"visitors have the numbers 1 to {MAX_PEOPLE}, not {visit.number}")
            if way.ends_s > story.seconds:
                raise ValueError(f"visitor {visit.number} has left after {way.ends_s:.1f} s, the story is over before")

    def observe(self, t_s: float, seq: int) -> Observation:
        """The observation at ``t_s`` seconds of the story; ``seq`` is only passed on."""
        found = (self._person(way, t_s) for way in self._ways)
        people = sorted((person for person in found if person is not None), key=lambda person: person.id)
        return Observation(t_s, seq, tuple(people), FRAME_SIZE)

    def _person(self, way: _Way, t_s: float) -> Person | None:
        at = way.moment(t_s)
        if at is None:
            return None
        x, z, walked_m = way.place(t_s)
        before, lift_before = body_at(at.before, at.since_s + at.before.seconds)
        now, lift_now = body_at(at.now, at.since_s)
        angles, lift_m = before + (now - before) * at.share, lift_before + (lift_now - lift_before) * at.share
        (x0, z0, _), (x1, z1, _) = way.place(t_s - _STEP_S), way.place(t_s + _STEP_S)
        speed_m_s = math.hypot(x1 - x0, z1 - z0) / (2 * _STEP_S)
        across = abs(x1 - x0) / (2 * _STEP_S) / speed_m_s if speed_m_s > 0 else 0.0
        body = skeleton(Posture.of(walk(angles, math.copysign(speed_m_s, x1 - x0), walked_m, across)))
        # The camera may hang at another height than the figures' own.
        hips = np.array([x, self._story.camera_m - CAMERA_HEIGHT_M - (body.hips_height_m + lift_m), z])
        number = way.visit.number
        wave = np.sin(2 * np.pi * self._pace_hz[number - 1] * t_s + self._phase[number - 1])
        rng = np.random.default_rng([self._seed, number, round(t_s * 1000)])
        return seen_person(number, body, hips, at, t_s, wave, rng, near=True)


class _Way:
    """Where a visit's figure is at any time. Places are (x, z) in metres, from the middle and from the camera."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        spots = [(act.x_m, act.z_m) for act in visit.acts]
        outside = [
            (side * (OUTSIDE * z + 0.4), z) for side, z in ((visit.side, spots[0][1]), (-visit.side, spots[-1][1]))
        ]
        leaving = Act("neutral", _walk_s(spots[-1], outside[1]), *outside[1], base=IDLE, swing=IDLE_SWING)
        self._acts = (*visit.acts, leaving)
        self._spots = [outside[0], *spots, outside[1]]
        self._starts = np.cumsum([visit.enters_s, *(act.seconds for act in self._acts)]).tolist()
        self.ends_s = self._starts[-1]
        for number, act in enumerate(self._acts):
            needed_s = _walk_s(self._spots[number], self._spots[number + 1])
            if act.seconds < needed_s:
                raise ValueError(f"act {number + 1} of visitor {visit.number} is over before its place is reached")

    def moment(self, t_s: float) -> ScriptMoment | None:
        """What is played at ``t_s``; None before and after the visit."""
        number = self._number(t_s)
        if number is None:
            return None
        since_s = t_s - self._starts[number]
        before = self._acts[max(number - 1, 0)]
        return ScriptMoment(0, before, self._acts[number], smooth(since_s / EASE_S), since_s, t_s - self._starts[0])

    def place(self, t_s: float) -> tuple[float, float, float]:
        """(x, z, metres walked since the last stop)."""
        number = self._number(min(max(t_s, self._starts[0]), self.ends_s - 1e-6))
        assert number is not None
        here, there = self._spots[number], self._spots[number + 1]
        done = smooth((t_s - self._starts[number]) / _walk_s(here, there))
        x, z = (a + (b - a) * done for a, b in zip(here, there, strict=True))
        return x, z, done * math.dist(here, there)

    def _number(self, t_s: float) -> int | None:
        if not self._starts[0] <= t_s < self.ends_s:
            return None
        return int(np.searchsorted(self._starts, t_s, "right")) - 1


def _walk_s(here: tuple[float, float], there: tuple[float, float]) -> float:
    return max(FASTEST * math.dist(here, there) / WALKING_M_S, LEAST_WALK_S)
