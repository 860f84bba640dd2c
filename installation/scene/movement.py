"""Which looks are seen where emotions are not read: those that energy and openness stand nearest to. No emotion.

The looks keep their names, for the artist and the shaders know them by these; here ``sad`` is only the slow blue one. The
table says where each stands on a plane of liveliness and openness, from a visitor who stands still with arms closed to one who
dances with arms wide. Nothing is concluded of what anybody feels, and nothing of it leaves the scene.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from installation.base.easing import eased_share
from installation.types import EMOTIONS, NEUTRAL, EmotionState, FloatArray, read_only

PLACES: dict[str, tuple[float, float]] = {
    # the square roots of energy and openness, so that small movements count; 0.39 are arms that hang
    "neutral": (0.15, 0.39),
    "sad": (0.15, 0.00),
    "disgust": (0.20, 0.95),
    "fear": (0.55, 0.05),
    "happy": (0.55, 0.65),
    "angry": (0.90, 0.20),
    "surprise": (0.90, 0.90),
}
"""Of each look. Still: the plain one with arms that hang, the slow one with arms closed, the winding one with arms wide. Some
motion: the trembling one closed, the warm one open. Much motion: blades closed, the burst open."""
_PLACES = [PLACES[name] for name in EMOTIONS]
NEAR = 0.06
"""Squared distance over which a look's share falls to 1/e: half of a look's way to the next both are seen."""
QUICKER_S, CALMER_S = 0.4, 2.5
"""Time constants in which the looks follow somebody who begins to move, and one who stops: gestures do not flicker."""
WANDER = ((0.05, 31.0), (0.12, 47.0))
"""How far, and in how many seconds to and fro, the place wanders by itself: who stands still is not shown a still picture."""
ANOTHER = 0.15
"""A look leads when its share is larger than the leader's by so much."""


def shares(liveliness: float, openness: float) -> FloatArray:
    """(7,) shares of the looks, in the order of EMOTIONS, at a place of the plane; they sum to 1."""
    # Plain floats: for seven numbers numpy takes several times as long, in every picture.
    away = [(lively - liveliness) ** 2 + (wide - openness) ** 2 for lively, wide in _PLACES]
    least = min(away)
    near = [math.exp((least - one) / NEAR) for one in away]
    total = math.fsum(near)
    return np.asarray(read_only(np.array([one / total for one in near], np.float32)))


@dataclass(slots=True)
class _Mover:
    """Somebody's place on the plane, eased, and the look that leads."""

    liveliness: float
    openness: float
    leader: str = EMOTIONS[NEUTRAL]


class Movement:
    """Gives states the looks of their motion. Deterministic: the same calls give the same states."""

    def __init__(self) -> None:
        self._movers: dict[int | None, _Mover] = {}

    def dressed(
        self, states: tuple[EmotionState, ...], group: EmotionState | None, t_s: float, dt_s: float
    ) -> tuple[tuple[EmotionState, ...], EmotionState | None]:
        """``states`` and ``group`` for the scene alone: ``probabilities`` are shares of looks, ``label`` is the one that leads,
        ``valence`` how open and ``arousal`` how lively somebody is, [-1, 1]."""
        here = {None, *(state.person_id for state in states)}
        self._movers = {key: mover for key, mover in self._movers.items() if key in here}
        together = None if group is None else self._dress(None, group, t_s, dt_s)
        return tuple(self._dress(state.person_id, state, t_s, dt_s) for state in states), together

    def _dress(self, key: int | None, state: EmotionState, t_s: float, dt_s: float) -> EmotionState:
        liveliness, openness = math.sqrt(max(state.energy, 0.0)), math.sqrt(max(state.openness, 0.0))
        mover = self._movers.setdefault(key, _Mover(liveliness, openness))
        slow = eased_share(dt_s, CALMER_S)
        way = eased_share(dt_s, QUICKER_S) if liveliness > mover.liveliness else slow
        mover.liveliness += (liveliness - mover.liveliness) * way
        mover.openness += (openness - mover.openness) * eased_share(dt_s, QUICKER_S)
        # Golden turns keep visitors from wandering alike.
        turn = 2.0 * math.pi * 0.61803399 * (0 if key is None else key)
        (far, long_s), (far_open, open_s) = WANDER
        lively = mover.liveliness + far * math.sin(2.0 * math.pi * (t_s / long_s) + turn)
        wide = mover.openness + far_open * math.sin(2.0 * math.pi * (t_s / open_s) + turn)
        looks = shares(lively, wide)
        share = dict(zip(EMOTIONS, looks.tolist(), strict=True))
        best = max(share, key=lambda name: share[name])
        if share[best] > share[mover.leader] + ANOTHER:
            mover.leader = best
        return replace(
            state,
            probabilities=looks,
            valence=min(max(1.2 * (wide - PLACES["neutral"][1]), -1.0), 1.0),
            arousal=min(max(1.5 * (lively - PLACES["neutral"][0]), -1.0), 1.0),
            label=mover.leader,
        )
