"""Several visitors become the one state that drives the scene: their mean, the strongest or the latest arrival. No I/O."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from installation.config.emotion import GroupConfig
from installation.emotion.intensity import LevelHysteresis
from installation.emotion.smoothing import without_emotion
from installation.types import EMOTIONS, EmotionState, read_only

GROUP_ID = -1
"""``person_id`` of a state in which nobody leads."""
MAX_DT_S = 0.1
"""After a stall a cross-fade continues where it was, without a jump."""
HERE = 0.5
"""A visitor who fades out below this presence no longer leads."""
UNSURE = 0.2
"""Added to each confidence before it weighs in the mean, so that a visitor without any confidence still counts a little."""


@dataclass(slots=True)
class _Member:
    """A visitor, or one who left and whose share still fades out."""

    state: EmotionState
    arrived_s: float
    share: float = 0.0
    listed: bool = True
    """False for a visitor who left and still has a share."""
    fading: bool = False

    def is_here(self) -> bool:
        return self.listed and not (self.fading and self.state.presence < HERE)


def strength(state: EmotionState) -> float:
    """[0, 1]: how much a visitor shows, in any direction: the largest of |valence|, |arousal| and energy, times presence and
    confidence."""
    shown = max(abs(state.valence), abs(state.arousal), state.energy)
    return shown * state.presence * state.confidence


class Group:
    """One state from many. A deterministic function of its inputs; the order and the numbers of visitors do not matter.

    Every visitor has a share, and the group's state is the mean of the visitors' states by share. In mode "mean" a share
    aims at presence times confidence, in the others at 1 for the leader and 0 for the rest. A whole cross-fade of shares
    takes ``fade_s`` seconds, also when somebody leaves the list, so that numbers never jump.

    "strongest": the leader is the visitor with the highest ``strength``. "recent": the one who arrived last; a visitor who
    was gone and is listed again arrives again. Another one takes over after beating the leader (by ``margin``, where strength
    counts) for ``hold_s`` seconds without a break, or at once when the leader left or fades out.
    """

    def __init__(self, config: GroupConfig) -> None:
        self._config = config
        self._members: dict[int, _Member] = {}
        self._leader: int | None = None
        self._beaten_s: float | None = None
        self._label: str | None = None
        self._level = LevelHysteresis()
        self._t_s = 0.0

    def reconfigure(self, config: GroupConfig) -> None:
        """Continue with other settings; another mode cross-fades."""
        if config.mode != self._config.mode:
            self._leader = self._beaten_s = None
        self._config = config

    def update(self, states: tuple[EmotionState, ...], t_s: float) -> EmotionState | None:
        """The group's state at ``t_s`` seconds; None when nobody is there.

        One visitor alone, after any cross-fade has ended, gives that very state. ``presence`` is the highest of those
        listed, ``label`` the leader's (in "mean" the one with the largest total share, with ``margin``),
        ``person_id`` the leader's or GROUP_ID. A time that does not rise moves no share.
        """
        if not states:
            self._members.clear()
            self._leader = self._beaten_s = self._label = None
            return None
        is_new = not self._members
        dt_s = 0.0 if is_new else min(max(t_s - self._t_s, 0.0), MAX_DT_S)
        self._t_s = t_s if is_new else max(self._t_s, t_s)
        self._meet(states, t_s)
        self._move_shares(1.0 if is_new or self._config.fade_s <= 0 else dt_s / self._config.fade_s, t_s)
        return self._mix(t_s)

    def _meet(self, states: tuple[EmotionState, ...], t_s: float) -> None:
        listed = {state.person_id: state for state in states}
        for key, member in self._members.items():
            state = listed.get(key)
            if state is not None and not member.listed:
                member.arrived_s, member.fading = t_s, False
            elif state is not None and state.presence != member.state.presence:
                member.fading = state.presence < member.state.presence
            member.listed = state is not None
            member.state = state if state is not None else member.state
        for key, state in listed.items():
            if key not in self._members:
                self._members[key] = _Member(state, t_s)

    def _move_shares(self, step: float, t_s: float) -> None:
        """Move at most ``step`` of all shares towards their aims, and forget visitors who left and have none."""
        aims = self._mean_aims() if self._config.mode == "mean" else {self._lead(t_s): 1.0}
        ways = {key: aims.get(key, 0.0) - member.share for key, member in self._members.items()}
        # Both ends add up to 1, so what some lose others gain: half of all differences is handed over.
        to_hand_over = math.fsum(abs(way) for way in ways.values()) / 2
        part = 1.0 if step >= to_hand_over else step / to_hand_over
        for key, way in ways.items():
            self._members[key].share = self._members[key].share + part * way if part < 1 else aims.get(key, 0.0)
        self._members = {key: m for key, m in self._members.items() if m.listed or m.share > 0}

    def _mean_aims(self) -> dict[int, float]:
        here = {key: member.state for key, member in self._members.items() if member.listed}
        # A newcomer's presence is zero: the least weight keeps the sum above it.
        weights = {key: max(s.presence, 1e-6) * (UNSURE + s.confidence) for key, s in here.items()}
        total = math.fsum(weights.values())
        return {key: weight / total for key, weight in weights.items()}

    def _lead(self, t_s: float) -> int:
        """The leader's number, after hysteresis."""
        here = {key: member for key, member in self._members.items() if member.is_here()}
        here = here or {key: member for key, member in self._members.items() if member.listed}
        by_strength = self._config.mode == "strongest"
        margin = self._config.margin if by_strength else 0.0

        def rank(key: int) -> tuple[float, ...]:
            shown = strength(here[key].state)
            return (shown if by_strength else here[key].arrived_s, shown, *here[key].state.position)

        # Visitors' numbers decide only between two who are equal in all of this.
        best = max(sorted(here), key=rank)
        if self._leader not in here:
            self._leader, self._beaten_s = best, None
        elif rank(best)[0] <= rank(self._leader)[0] + margin:
            self._beaten_s = None
        elif self._beaten_s is None:
            self._beaten_s = t_s
        if self._beaten_s is not None and t_s - self._beaten_s >= self._config.hold_s:
            self._leader, self._beaten_s = best, None
        return self._leader

    def _mix(self, t_s: float) -> EmotionState:
        parts = [member for member in self._members.values() if member.share > 0]
        listed = [member.state for member in self._members.values() if member.listed]
        if len(listed) == len(parts) == 1 and parts[0].listed:
            self._label = listed[0].label
            return listed[0]
        total = math.fsum(part.share for part in parts)
        shares = [part.share / total for part in parts]
        value = [_mean(column, shares) for column in zip(*(_numbers(part.state) for part in parts), strict=True)]
        probabilities = np.array(value[:7]) / math.fsum(value[:7])
        leader = None if self._config.mode == "mean" else self._leader
        if leader is not None:
            self._label = self._members[leader].state.label
        else:
            self._label = self._vote([(part.state.label, share) for part, share in zip(parts, shares, strict=True)])
        most = max(parts, key=lambda part: (part.share, *part.state.position)).state
        mixed = EmotionState(
            t_s=t_s,
            person_id=leader if leader is not None else GROUP_ID,
            probabilities=read_only(probabilities.astype(np.float32)),
            valence=value[7],
            arousal=value[8],
            confidence=value[9],
            energy=value[10],
            openness=value[11],
            position=(value[12], value[13], value[14]),
            presence=max(state.presence for state in listed),
            label=self._label,
            joints=self._members[leader].state.joints if leader is not None else None,
            extent=most.extent,
            blendshapes=most.blendshapes,
            head=most.head,
            level=self._level.update(self._label, value[:7], value[7], value[8]),
        )
        # Of somebody who has left an emotion may still be in it that is not read any more.
        return mixed if all(state.emotions_read for state in listed) else without_emotion(mixed)

    def _vote(self, votes: list[tuple[str, float]]) -> str:
        counts = {name: math.fsum(share for label, share in votes if label == name) for name in EMOTIONS}
        best = max(counts, key=lambda name: counts[name])
        if self._label is None or counts[self._label] <= 0 or counts[best] > counts[self._label] + self._config.margin:
            return best
        return self._label


def _mean(column: tuple[float, ...], shares: list[float]) -> float:
    # The exact sum does not depend on the order of the visitors; rounding must not leave the range of what they show.
    mean = math.fsum(share * value for share, value in zip(shares, column, strict=True))
    return min(max(mean, min(column)), max(column))


def _numbers(state: EmotionState) -> list[float]:
    rest = [state.valence, state.arousal, state.confidence, state.energy, state.openness, *state.position]
    return [float(p) for p in state.probabilities] + rest
