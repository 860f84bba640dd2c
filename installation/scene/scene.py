"""States in, the numbers of one frame out: eased, blended by probability, never snapping."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from installation.config import SceneConfig
from installation.scene.births import Births
from installation.scene.colour import linear_of_oklab
from installation.scene.joints import picture_joints
from installation.scene.look import IDLE_LOOK, IDLE_PALETTE, LOOKS, NAMES, PALETTES
from installation.scene_files import scene_names
from installation.types import (
    JOINTS,
    SHAPE_COLUMNS,
    EmotionState,
    FloatArray,
    SceneState,
    neutral_probabilities,
    read_only,
)

CLEAR_S = 1.5
WELCOME_S = 0.8
"""Time constant in which the welcome dies away."""
MAX_DT_S = 0.1
"""After a stall the picture goes on from where it was instead of leaping."""
SHARPEN = 1.6
"""Probabilities are raised to this power before they blend looks, or every picture would be the average of all."""
JOINT_FADE_S = 0.2
_PHASE_WRAP = 4096.0
Array = npt.NDArray[np.float64]


def approach(value: Array, target: Array, dt_s: float, time_s: float) -> Array:
    """``value`` moved towards ``target``: 63 % of the way in ``time_s`` seconds, the same at any frame rate."""
    return value + (target - value) * (1.0 - math.exp(-dt_s / max(time_s, 1e-3)))


class _Shape:
    """What is eased for one visitor (or for the resting form)."""

    def __init__(self, x: float, y: float, scale: float, seed: float) -> None:
        self.values = np.array([x, y, scale, 0.0, 0.0, 0.0, 0.0])
        self.seed = seed
        self.age_s = 0.0
        self.joints = np.zeros((len(JOINTS), 4), np.float32)

    def row(self) -> Array:
        x, y, scale, energy, presence, valence, arousal = self.values
        return np.array(
            [x, y, scale, energy, presence, valence, arousal, (self.seed - 0.5) * 0.1, self.seed, self.age_s]
        )


class Scene:
    """Holds what moves. ``update`` is deterministic: the same calls give the same bits."""

    def __init__(self, config: SceneConfig, seed: int) -> None:
        self._config = config
        self._rng = np.random.default_rng(seed)
        self._name = config.name
        self._previous = config.name
        self._blend = 1.0
        self._clearing_s = 0.0
        self._look = IDLE_LOOK.copy()
        self._palette = IDLE_PALETTE.copy()
        self._emotion = neutral_probabilities().astype(np.float64)
        self._mood = np.zeros(4)  # valence, arousal, presence, energy
        self._phase = float(self._rng.random() * 16)
        self._shapes: dict[int, _Shape] = {}
        self._rest = _Shape(0.0, 0.0, 0.62, float(self._rng.random()))
        self._births = Births(float(self._rng.random()))
        self._known: frozenset[int] = frozenset()
        self._welcome = 0.0
        self._aspect = 16 / 9

    def look_through(self, frame_size: tuple[int, int]) -> None:
        """The camera's picture has this (width, height); joints are placed accordingly."""
        self._aspect = frame_size[0] / frame_size[1]

    def reconfigure(self, config: SceneConfig) -> None:
        """Go on with other settings; another scene cross-fades."""
        if config.name != self._config.name:
            self._go_to(config.name)
        self._config = config

    def next_scene(self) -> str:
        """Cross-fade to the next scene; gives its name."""
        names = scene_names()
        at = names.index(self._name) + 1 if self._name in names else 0
        self._go_to(names[at % len(names)])
        return self._name

    def clear(self) -> None:
        """Let what was born go, and everything come to rest for CLEAR_S seconds, then come back."""
        self._births.clear()
        self._clearing_s = CLEAR_S

    def update(
        self, states: tuple[EmotionState, ...], group: EmotionState | None, t_s: float, dt_s: float
    ) -> SceneState:
        """The scene ``dt_s`` seconds after the last call (cut to MAX_DT_S).

        ``group`` drives look and colours (None: it rests), each of ``states`` a shape of its own.
        """
        dt_s = min(max(dt_s, 0.0), MAX_DT_S)
        self._greet(states, dt_s)
        if self._clearing_s <= 0:
            self._births.see(states, t_s, self._config.birth_hold_s)
        self._births.age(dt_s)
        if self._clearing_s > 0:
            self._clearing_s -= dt_s
            # They stay in the list: a shape that is taken out at full presence would vanish from one picture to the next.
            states = tuple(replace(state, presence=0.0, energy=0.0, valence=0.0, arousal=0.0) for state in states)
            group = None
        self._ease_mood(group, dt_s)
        self._ease_shapes(states, dt_s)
        speed = self._look[NAMES.index("speed")] * (1.0 + 1.5 * self._mood[3])
        self._phase = math.fmod(self._phase + dt_s * speed, _PHASE_WRAP)
        fade_s = self._config.scene_fade_s
        self._blend = 1.0 if fade_s <= 0 else min(1.0, self._blend + dt_s / fade_s)
        if self._blend >= 1.0:
            self._previous = self._name
        look = {name: float(value) for name, value in zip(NAMES, self._look, strict=True)}
        look["phase"] = self._phase
        look["energy"] = float(self._mood[3])
        shapes = list(self._shapes.values()) or [self._rest]
        return SceneState(
            t_s=t_s,
            scene=self._name,
            previous=self._previous,
            blend=self._blend,
            shapes=read_only(np.array([shape.row() for shape in shapes], np.float32).reshape(-1, len(SHAPE_COLUMNS))),
            palette=read_only(linear_of_oklab(self._palette).astype(np.float32)),
            look=look,
            emotion=read_only((self._emotion / self._emotion.sum()).astype(np.float32)),
            valence=float(self._mood[0]),
            arousal=float(self._mood[1]),
            presence=float(self._mood[2]),
            joints=read_only(np.stack([shape.joints for shape in shapes])),
            births=read_only(self._births.rows()),
            welcome=self._welcome,
        )

    def _greet(self, states: tuple[EmotionState, ...], dt_s: float) -> None:
        known = frozenset(state.person_id for state in states)
        self._welcome *= math.exp(-dt_s / WELCOME_S)
        if known - self._known:
            self._welcome = 1.0
        self._known = known

    def _go_to(self, name: str) -> None:
        if name != self._name:
            self._previous, self._name, self._blend = self._name, name, 0.0

    def _ease_mood(self, group: EmotionState | None, dt_s: float) -> None:
        emotion, mood, openness = neutral_probabilities().astype(np.float64), np.zeros(4), 0.5
        if group is not None:
            emotion = group.probabilities.astype(np.float64)
            mood = np.array([group.valence, group.arousal, group.presence, group.energy * group.presence])
            openness = group.openness
        response_s = self._config.response_s
        self._emotion = approach(self._emotion, emotion, dt_s, response_s)
        self._mood = approach(self._mood, mood, dt_s, 0.6 * response_s)
        blend = self._emotion**SHARPEN
        blend = blend / blend.sum()
        here = self._mood[2]
        look = (1 - here) * IDLE_LOOK + here * (blend @ LOOKS)
        # Open arms open the form, whatever the emotion.
        spread = NAMES.index("spread")
        look[spread] = min(1.0, max(0.0, look[spread] + here * 0.3 * (openness - 0.35)))
        palette = (1 - here) * IDLE_PALETTE + here * np.tensordot(blend, PALETTES, 1)
        self._look = approach(self._look, look, dt_s, response_s)
        self._palette = approach(self._palette, palette, dt_s, response_s)

    def _ease_shapes(self, states: tuple[EmotionState, ...], dt_s: float) -> None:
        present = {state.person_id for state in states}
        for key in [key for key in self._shapes if key not in present]:
            # Who left the list has faded out: the resting form takes over from where the shape was.
            gone = self._shapes.pop(key)
            if not self._shapes:
                self._rest = gone
        crowd = 1.0 / math.sqrt(max(len(states), 1))
        for state in states:
            shape = self._shapes.get(state.person_id)
            if shape is None:
                shape = self._rest if not self._shapes else _Shape(0.0, 0.0, 0.2, float(self._rng.random()))
                self._shapes[state.person_id] = shape
            self._ease_one(shape, state, crowd, dt_s)
        if not states:
            self._rest.values = approach(self._rest.values, np.array([0, 0, 0.62, 0, 0, 0, 0.0]), dt_s, 1.5)
            self._rest.age_s += dt_s

    def _ease_one(self, shape: _Shape, state: EmotionState, crowd: float, dt_s: float) -> None:
        x, y, size = state.position
        follow = self._config.follow * state.presence
        target = np.array(
            [
                follow * (min(max(x, 0.0), 1.0) - 0.5) * 2.4,
                follow * (0.5 - min(max(y, 0.0), 1.0)) * 0.7,
                crowd * (0.62 + state.presence * (0.1 + 0.2 * min(size, 1.0) + 0.08 * state.energy)),
                state.energy,
                state.presence,
                state.valence,
                state.arousal,
            ]
        )
        shape.values = approach(shape.values, target, dt_s, self._config.response_s)
        shape.age_s += dt_s
        shape.joints = _eased_joints(shape.joints, picture_joints(state.joints, self._aspect), dt_s)


def _eased_joints(now: FloatArray, seen: FloatArray | None, dt_s: float) -> FloatArray:
    """Joints that are lost fade where they were; those found again are where they are seen at once, and fade in."""
    share = 1.0 - math.exp(-dt_s / JOINT_FADE_S)
    eased = now.copy() if seen is None else seen.copy()
    target = 0.0 if seen is None else seen[:, 3]
    eased[:, 3] = now[:, 3] + (target - now[:, 3]) * share
    return eased
