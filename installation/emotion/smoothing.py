"""From jittery estimates to calm states: One Euro filter, label hysteresis, presence fade. All in seconds, no I/O."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from installation.config.emotion import SmoothingConfig
from installation.emotion.face_filter import FaceFilter, check_blendshapes
from installation.emotion.head import HeadFilter, check_head
from installation.emotion.intensity import LevelHysteresis
from installation.emotion.one_euro import Array, OneEuro
from installation.types import (
    EMOTIONS,
    NEUTRAL,
    NO_BLENDSHAPES,
    POSE_LANDMARKS,
    WHOLE,
    EmotionEstimate,
    EmotionState,
    FloatArray,
    neutral_probabilities,
    read_only,
)

GAP_S = 0.25
"""A person without an estimate for this long counts as gone and starts to fade."""
JOINTS_HELD_S = 0.3
"""A visitor whose body is lost while the head is still seen keeps the joints for this long."""

# Of x, y, z and visibility; hertz, and hertz per image width (height) a second. Measured on arms that speak, a walker and a
# quiet face: x and y lag by 15 to 33 ms with a third to four fifths of the jitter. z is guessed by the network and jitters far
# more; its filter's lag (about 35 ms) is not visible.
_JOINTS_CUTOFF_HZ = np.array([1.5, 1.5, 1.0, 2.0])
_JOINTS_BETA = np.array([4.0, 4.0, 1.0, 0.0])

# The order of the smoothed values: seven probabilities, then these.
_VALENCE, _AROUSAL, _CONFIDENCE, _ENERGY, _OPENNESS, _X, _Y, _SIZE = range(7, 15)
_LOW = np.array([0.0] * 7 + [-1.0, -1.0, 0.0, 0.0, 0.0, -np.inf, -np.inf, 0.0])
_HIGH = np.array([1.0] * 7 + [1.0, 1.0, 1.0, 1.0, 1.0, np.inf, np.inf, np.inf])
_NEUTRAL_SHARES = read_only(neutral_probabilities())


def without_emotion(state: EmotionState) -> EmotionState:
    """``state`` where emotions are not read: place, motion, posture and presence are its own."""
    return replace(
        state,
        probabilities=_NEUTRAL_SHARES,
        valence=0.0,
        arousal=0.0,
        label=EMOTIONS[NEUTRAL],
        level=0,
        blendshapes=NO_BLENDSHAPES,
        emotions_read=False,
    )


class LabelHysteresis:
    """The active emotion: another one takes over after leading by ``label_margin`` for ``label_hold_s`` without a break.

    One that is less likely than ``label_least`` does not take over; where none reaches that and the label is ``label_margin``
    below it, neutral does.
    """

    def __init__(self) -> None:
        self.label = EMOTIONS[NEUTRAL]
        self._rival: str | None = None
        self._since_s = 0.0

    def update(self, probabilities: Array, t_s: float, config: SmoothingConfig) -> str:
        """The label after seeing ``probabilities`` (7,) at ``t_s`` seconds."""
        rival = self._leader(probabilities, config)
        if rival == self.label:
            self._rival = None
        elif self._rival != rival:
            self._rival, self._since_s = rival, t_s
        if self._rival is not None and t_s - self._since_s >= config.label_hold_s:
            self.label, self._rival = self._rival, None
        return self.label

    def _leader(self, probabilities: Array, config: SmoothingConfig) -> str:
        first, own = int(np.argmax(probabilities)), float(probabilities[EMOTIONS.index(self.label)])
        if first == NEUTRAL or probabilities[first] >= config.label_least:
            return EMOTIONS[first] if probabilities[first] - own >= config.label_margin else self.label
        return EMOTIONS[NEUTRAL] if own < config.label_least - config.label_margin else self.label


class JointsFilter:
    """A body's joints, calm at rest and quick in motion: a One Euro filter on all 33 at once. Times in seconds.

    ``joints`` are the filtered ones, (33, 4) float32 and read-only, or None. A lost body is held for JOINTS_HELD_S;
    one that comes back later, or was not looked for, starts where it is seen, without gliding there.
    """

    def __init__(self, derivative_cutoff_hz: float) -> None:
        self.derivative_cutoff_hz = derivative_cutoff_hz
        self.joints: FloatArray | None = None
        self._filter: OneEuro | None = None
        self._seen_s = -math.inf

    def update(self, seen: FloatArray | None, t_s: float) -> None:
        """``seen`` (33, 4) at ``t_s``, finite, or None when only a head was. A time that does not rise changes nothing."""
        if t_s <= self._seen_s:
            return
        lost = t_s - self._seen_s > JOINTS_HELD_S
        if seen is None:
            if lost:
                self.joints = None
            return
        if lost or self._filter is None:
            self._filter = OneEuro(_JOINTS_CUTOFF_HZ, _JOINTS_BETA, self.derivative_cutoff_hz)
        self._filter.derivative_cutoff_hz = self.derivative_cutoff_hz
        self._seen_s = t_s
        self.joints = read_only(self._filter.update(seen.astype(np.float64), t_s).astype(np.float32))


def _cutoff_of(response_s: float) -> float:
    """Cut-off in hertz of the low-pass that goes 63 % of a step in ``response_s`` seconds."""
    return 1.0 / (2.0 * math.pi * response_s)


class _Visitor:
    """One person's filters."""

    def __init__(self, config: SmoothingConfig, t_s: float) -> None:
        self.filter = OneEuro(0.0, 0.0, config.derivative_cutoff_hz)
        self.joints = JointsFilter(config.derivative_cutoff_hz)
        self.face = FaceFilter(config.derivative_cutoff_hz)
        self.head = HeadFilter(config.derivative_cutoff_hz)
        self.extent = WHOLE
        self.reconfigure(config)
        self.label = LabelHysteresis()
        self.level = LevelHysteresis()
        self.presence = 0.0
        self.seen_s = t_s
        self.clock_s = t_s
        self.values = np.zeros(15)
        self.values[:7] = neutral_probabilities()

    def forget_emotion(self) -> None:
        """Place, motion and presence stay."""
        self.values[:7], self.values[[_VALENCE, _AROUSAL]] = neutral_probabilities(), 0.0
        self.label, self.level = LabelHysteresis(), LevelHysteresis()
        self.face = FaceFilter(self.face.derivative_cutoff_hz)

    def reconfigure(self, config: SmoothingConfig) -> None:
        """Use other settings from the next estimate on."""
        cutoff_hz, beta = np.full(15, config.min_cutoff_hz), np.full(15, config.beta)
        # Speed is no sign of a real change here: wrong readings jump fastest. So these are plain low-passes.
        cutoff_hz[:7], beta[:7] = _cutoff_of(config.emotion_s), 0.0
        cutoff_hz[[_VALENCE, _AROUSAL]], beta[[_VALENCE, _AROUSAL]] = _cutoff_of(config.affect_s), 0.0
        self.filter.min_cutoff_hz, self.filter.beta = cutoff_hz, beta
        for one in (self.filter, self.joints, self.face, self.head):
            one.derivative_cutoff_hz = config.derivative_cutoff_hz

    def fade(self, t_s: float, config: SmoothingConfig) -> None:
        dt_s = t_s - self.clock_s
        if dt_s <= 0:
            return
        self.clock_s = t_s
        here = t_s - self.seen_s <= GAP_S
        over_s = config.fade_in_s if here else config.fade_out_s
        step = dt_s / over_s if over_s > 0 else 1.0
        self.presence = min(max(self.presence + (step if here else -step), 0.0), 1.0)

    def state(self, person_id: int, t_s: float) -> EmotionState:
        probabilities = (self.values[:7] / self.values[:7].sum()).astype(np.float32)
        value = [float(v) for v in self.values]
        return EmotionState(
            t_s=t_s,
            person_id=person_id,
            probabilities=read_only(probabilities),
            valence=value[_VALENCE],
            arousal=value[_AROUSAL],
            confidence=value[_CONFIDENCE],
            energy=value[_ENERGY],
            openness=value[_OPENNESS],
            position=(value[_X], value[_Y], value[_SIZE]),
            presence=self.presence,
            label=self.label.label,
            joints=self.joints.joints,
            extent=self.extent,
            blendshapes=self.face.at(t_s),
            head=self.head.at(t_s),
            level=self.level.level,
        )


def _vector(estimate: EmotionEstimate) -> Array:
    rest = (estimate.valence, estimate.arousal, estimate.confidence, estimate.energy, estimate.openness)
    return np.concatenate([estimate.probabilities.astype(np.float64), rest, estimate.position])


def _check_joints(joints: FloatArray | None) -> None:
    if joints is not None and not (joints.shape == (POSE_LANDMARKS, 4) and np.isfinite(joints).all()):
        raise ValueError(f"joints are ({POSE_LANDMARKS}, 4) and finite")


class Smoother:
    """All visitors' smoothed states. A deterministic function of its inputs.

    ``update`` takes the estimates of one observation, ``advance`` lets time pass between them. An estimate that is not
    finite is refused: the last good state holds and ``refused`` counts it. Without ``emotions_read`` no state has an emotion.
    """

    def __init__(self, config: SmoothingConfig, emotions_read: bool = True) -> None:
        self._config, self._emotions_read = config, emotions_read
        self._visitors: dict[int, _Visitor] = {}
        self.refused = 0

    def reconfigure(self, config: SmoothingConfig, emotions_read: bool = True) -> None:
        """Continue with other settings; nothing jumps, but that emotions are gone at once where they are no longer read."""
        self._config, self._emotions_read = config, emotions_read
        for visitor in self._visitors.values():
            visitor.reconfigure(config)
            if not emotions_read:
                visitor.forget_emotion()

    def update(self, estimates: tuple[EmotionEstimate, ...], t_s: float) -> tuple[EmotionState, ...]:
        """States at ``t_s`` seconds after the estimates of an observation made then."""
        for estimate in estimates:
            visitor = self._visitors.get(estimate.person_id)
            if visitor is None:
                visitor = self._visitors[estimate.person_id] = _Visitor(self._config, t_s)
            try:
                _check_joints(estimate.joints)
                check_blendshapes(estimate.blendshapes)
                check_head(estimate.head)
                filtered = visitor.filter.update(_vector(estimate), t_s)
            except ValueError:
                self.refused += 1
                continue
            visitor.values = np.clip(filtered, _LOW, _HIGH)
            visitor.joints.update(estimate.joints, t_s)
            visitor.face.update(estimate.blendshapes, t_s)
            visitor.head.update(estimate.head, t_s)
            visitor.extent = estimate.extent
            visitor.seen_s = max(visitor.seen_s, t_s)
            label, values = visitor.label.update(visitor.values[:7], t_s, self._config), visitor.values.tolist()
            visitor.level.update(label, values[:7], values[_VALENCE], values[_AROUSAL])
        return self.advance(t_s)

    def advance(self, t_s: float) -> tuple[EmotionState, ...]:
        """States at ``t_s`` seconds, when time has passed without an estimate. Visitors who have faded out are dropped.

        An observation is always a little older than the frame it is drawn in. A time before the last one changes nothing.
        """
        for visitor in self._visitors.values():
            visitor.fade(t_s, self._config)
        gone = [key for key, v in self._visitors.items() if v.presence <= 0 and v.clock_s - v.seen_s > GAP_S]
        for key in gone:
            del self._visitors[key]
        states = (visitor.state(key, t_s) for key, visitor in sorted(self._visitors.items()))
        return tuple(states) if self._emotions_read else tuple(without_emotion(state) for state in states)
