"""States in, the numbers of one frame out: eased, blended by probability, without jumps."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from installation.base.colour import Array, linear_of_oklab, turned
from installation.base.easing import eased_share
from installation.base.mood import READ, ManualMood
from installation.base.tempo import Tempo, surged
from installation.config.look import LookConfig
from installation.config.scene import SceneConfig
from installation.config.scene_files import scene_names
from installation.config.sound import SoundConfig
from installation.scene.births import Births
from installation.scene.figures import Figure
from installation.scene.joints import picture_joints
from installation.scene.look import COLOURS, DEFAULT_LOOKS, NAMES, SURFACE_COLOURS, Looks
from installation.scene.movement import Movement
from installation.scene.playlist import Playlist, Watch
from installation.scene.renewal import PHASE_WRAP, Renewal
from installation.scene.sound_hands import SoundHands
from installation.types import (
    BIRTH_COLUMNS,
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
"""Time constant in which the welcome fades."""
MAX_DT_S = 0.1
"""After a stall the picture continues where it was, without a jump."""
JOINT_FADE_S = 0.2
BACK_TO_MIDDLE_S = 1.5
"""Time constant in which the resting form returns to the middle."""
REST_SCALE = 0.62
ENERGY_PACE = 1.5
"""A body that moves with full energy speeds motion up by this much."""
IDENTITY_TURNS = 0.1
"""Visitors of the same mood are this many turns of hue apart at most."""
_NEUTRAL = neutral_probabilities()
_SPEED, _SPREAD, _SPIKINESS = (NAMES.index(name) for name in ("speed", "spread", "spikiness"))
_SCALE, _BIRTH_SCALE, _CHEST = SHAPE_COLUMNS.index("scale"), BIRTH_COLUMNS.index("size"), JOINTS.index("chest")
# Warm is an orange's direction in OKLab's plane of a and b (hue 60 degrees).
_WARM = (0.5, 0.866)


class _Shape:
    """The eased values of one visitor's shape (or of the resting form)."""

    def __init__(self, x: float, y: float, scale: float, seed: float, phase: float) -> None:
        self.values = [x, y, scale, 0.0, 0.0, 0.0, 0.0]
        """The first columns of SHAPE_COLUMNS, x to arousal."""
        self.hue_shift = 0.0
        self.spikiness = 0.0
        self.tint: Array | None = None
        """(COLOURS * 3,) OKLab: what is added to the group's palette; None where there was no other visitor yet."""
        self.phase = phase
        self.seed = seed
        self.age_s = 0.0
        self.joints = np.zeros((len(JOINTS), 4), np.float32)
        self.figure = Figure()
        self.moods = neutral_probabilities()

    def ease(self, target: tuple[float, ...], share: float) -> None:
        """Go ``share`` of the way."""
        self.values = [value + (aim - value) * share for value, aim in zip(self.values, target, strict=True)]

    def row(self) -> list[float]:
        return [*self.values, self.hue_shift, self.seed, self.age_s, self.phase, self.spikiness]


class Scene:
    """Holds what moves. ``update`` is deterministic: the same calls give the same bits."""

    def __init__(
        self,
        config: SceneConfig,
        seed: int,
        look: LookConfig | None = None,
        emotions_read: bool = True,
        sound: SoundConfig | None = None,
    ) -> None:
        self._config, self._emotions_read = config, emotions_read
        self._looks, self._look_config = DEFAULT_LOOKS if look is None else Looks(look), look
        look = LookConfig() if look is None else look
        self._visitor_hue, self._visitor_colour = look.visitor_hue, look.visitor_colour
        self._rng = np.random.default_rng(seed)
        self._name = config.name
        self._previous = config.name
        self._blend = 1.0
        self._size = config.size
        self._clearing_s = 0.0
        self._look = self._looks.nobody.copy()
        """Numbers, then palette (OKLab), as Looks.blended gives them."""
        self._emotion = neutral_probabilities().astype(np.float64)
        self._mood = [0.0] * 4  # valence, arousal, presence, energy
        self._by_hand = 0.0
        """How far the look is a mood's that is set by hand, also where nobody is there."""
        self._phase = float(self._rng.random() * 16)
        self._shapes: dict[int, _Shape] = {}
        self._rest = _Shape(0.0, 0.0, REST_SCALE, float(self._rng.random()), self._phase)
        self._births = Births(float(self._rng.random()))
        self._room = float(np.random.default_rng([seed, 1]).random())
        self._movement = Movement()
        self._welcome = 0.0
        self._renewal = Renewal()
        self._watch = Watch()
        self._playlist = Playlist(config.playlist, config.idle_next_s, scene_names, config.name)
        self._tempo: Tempo | None = None
        self.sound = SoundHands(SoundConfig() if sound is None else sound)
        self._shown, self._shown_size = self._look, self._size
        """The look and the size with what sound adds."""
        self._aspect = 16 / 9

    def look_through(self, frame_size: tuple[int, int]) -> None:
        """The camera's picture has this (width, height); joints are placed accordingly."""
        self._aspect = frame_size[0] / frame_size[1]

    def reconfigure(self, config: SceneConfig, look: LookConfig, emotions_read: bool = True) -> None:
        """Continue with other settings; another scene cross-fades, other looks fade in."""
        self._emotions_read = emotions_read
        if config.name != self._config.name:
            self._go_to(config.name)
        self._config = config
        self._playlist.reconfigure(config.playlist, config.idle_next_s)
        if look is not self._look_config:
            self._looks, self._look_config = Looks(look), look
        self._visitor_hue, self._visitor_colour = look.visitor_hue, look.visitor_colour

    def next_scene(self) -> str:
        """Cross-fade to the next scene; gives its name."""
        self._go_to(self._playlist.next)
        return self._name

    def choose(self, name: str) -> None:
        """Cross-fade to the scene of this name, which stays as long as the playlist has it."""
        self._go_to(name)

    def hear(self, tempo: Tempo | None) -> None:
        """Motion follows this beat from now on, as far as scene.beat says; None: there is none."""
        self._tempo = tempo

    def keep(self, seconds: float) -> None:
        """Let no scene change by itself for so long, if it can be: something is shown that must be seen to its end."""
        self._watch.keep(seconds)

    def clear(self) -> None:
        """Remove the shapes that were born, and let everything rest for CLEAR_S seconds before it comes back."""
        self._births.clear()
        self._clearing_s = CLEAR_S

    def update(
        self,
        states: tuple[EmotionState, ...],
        group: EmotionState | None,
        t_s: float,
        dt_s: float,
        manual: ManualMood = READ,
    ) -> SceneState:
        """The scene ``dt_s`` seconds after the last call (cut to MAX_DT_S).

        ``group`` drives look and colours (None: it rests), each of ``states`` a shape of its own. Where emotions are not read,
        ``Movement`` says what they would have said. A ``manual`` mood is in ``states`` and ``group`` where emotions are read;
        else, and with nobody there, it is set here.
        """
        dt_s = min(max(dt_s, 0.0), MAX_DT_S)
        if not self._emotions_read:
            states, group = self._movement.dressed(states, group, t_s, dt_s)
            states = tuple(manual.over(state) for state in states)
            group = None if group is None else manual.over(group)
        moment = self._watch.see(states, group, dt_s)
        wanted = self._playlist.update(dt_s, moment)
        if wanted is not None and self._blend >= 1:
            self._go_to(wanted)
        self._welcome = 1.0 if moment.since_arrival_s == 0 else self._welcome * math.exp(-dt_s / WELCOME_S)
        if self._clearing_s <= 0:
            self._births.see(states, t_s, self._config.birth_hold_s, self._looks)
        self._births.age(dt_s)
        if self._clearing_s > 0:
            self._clearing_s -= dt_s
            # They stay in the list: a shape removed at full presence would vanish from one frame to the next.
            states = tuple(replace(state, presence=0.0, energy=0.0, valence=0.0, arousal=0.0) for state in states)
            group, manual = None, READ
        self._ease_mood(group, manual, dt_s)
        self._ease_shapes(states, dt_s)
        self.sound.advance(dt_s)
        self._shown, self._shown_size = self.sound.moved(self._look), self._size * self.sound.size
        self._advance_phases(self._with_beat(t_s, dt_s))
        fade_s = self._config.scene_fade_s
        self._blend = 1.0 if fade_s <= 0 else min(1.0, self._blend + dt_s / fade_s)
        if self._blend >= 1.0:
            self._previous = self._name
        return self._state(t_s)

    def _state(self, t_s: float) -> SceneState:
        look = dict(zip(NAMES, self._shown.tolist(), strict=False))
        look["speed"] *= self._config.pace
        look |= {"phase": self._phase, "room": self._room, **self._renewal.look()}
        look["energy"] = self._mood[3]
        shapes = list(self._shapes.values()) or [self._rest]
        palette, own_palettes = self._palettes(shapes)
        rows = self.sound.sharpened(np.array([shape.row() for shape in shapes], np.float32))
        valence, arousal, presence, _ = self._mood
        return SceneState(
            t_s=t_s,
            scene=self._name,
            previous=self._previous,
            blend=self._blend,
            shapes=read_only(_sized_rows(rows, _SCALE, self._shown_size)),
            palette=palette[:SURFACE_COLOURS],
            counter=palette[SURFACE_COLOURS],
            own_palettes=own_palettes[:, :SURFACE_COLOURS],
            figures=read_only(np.array([shape.figure.row for shape in shapes])),
            moods=read_only(np.array([shape.moods for shape in shapes])),
            look=look,
            emotion=read_only((self._emotion / np.add.reduce(self._emotion)).astype(np.float32)),
            valence=valence,
            arousal=arousal,
            presence=presence,
            joints=read_only(_sized_bodies(np.array([shape.joints for shape in shapes]), self._shown_size)),
            births=self._sized_births(),
            welcome=self._welcome,
            emotions_read=self._emotions_read,
        )

    def _sized_births(self) -> FloatArray:
        rows, size = self._births.rows, self._shown_size
        return rows if size == 1.0 else read_only(_sized_rows(rows.copy(), _BIRTH_SCALE, size))

    def _advance_phases(self, dt_s: float) -> None:
        """Motion's clock of all, and of each shape."""
        self._phase = self._advanced(self._phase, self._mood[3], dt_s)
        shapes = list(self._shapes.values()) or [self._rest]
        for shape in shapes:
            shape.phase = self._advanced(shape.phase, shape.values[3] * shape.values[4], dt_s)
        if self._renewal.due(self._phase, self._blend < 1, dt_s):
            self._phase -= PHASE_WRAP
            for shape in shapes:
                shape.phase -= PHASE_WRAP

    def _advanced(self, phase: float, energy: float, dt_s: float) -> float:
        """Motion's clock ``dt_s`` seconds later; a body's ``energy`` [0, 1] makes it run faster."""
        speed = float(self._shown[_SPEED]) * self._config.pace * (1.0 + ENERGY_PACE * energy)
        return math.fmod(phase + dt_s * speed, 4 * PHASE_WRAP)

    def _with_beat(self, t_s: float, dt_s: float) -> float:
        """Seconds by which motion goes on, as far as it follows the beat."""
        if self._tempo is None or self._config.beat == 0:
            return dt_s
        return dt_s + self._config.beat * (surged(self._tempo, t_s - dt_s, t_s) - dt_s)

    def _go_to(self, name: str) -> None:
        if name != self._name:
            self._previous, self._name, self._blend = self._name, name, 0.0
        self._playlist.went_to(name)

    def _ease_mood(self, group: EmotionState | None, manual: ManualMood, dt_s: float) -> None:
        emotion, openness = manual.mixed(_NEUTRAL) if manual.share > 0 else _NEUTRAL, 0.5
        mood = (manual.share * manual.valence, manual.share * manual.arousal, 0.0, 0.0)
        if group is not None:
            emotion = group.probabilities
            mood = (group.valence, group.arousal, group.presence, group.energy * group.presence)
            openness = group.openness
        response_s = self._config.response_s
        share, quick = eased_share(dt_s, response_s), eased_share(dt_s, 0.6 * response_s)
        self._emotion += (emotion - self._emotion) * share
        self._mood = [value + (aim - value) * quick for value, aim in zip(self._mood, mood, strict=True)]
        self._by_hand += (manual.share - self._by_hand) * quick
        valence, arousal, here, _ = self._mood
        here = max(here, self._by_hand)
        look = self._looks.blended(self._emotion, here, valence, arousal)
        # Open arms open the form, whatever the emotion.
        look[_SPREAD] = min(1.0, max(0.0, look[_SPREAD] + here * 0.3 * (openness - 0.35)))
        self._look += (look - self._look) * share
        self._size += (self._config.size - self._size) * share

    def _ease_shapes(self, states: tuple[EmotionState, ...], dt_s: float) -> None:
        present = {state.person_id for state in states}
        for key in [key for key in self._shapes if key not in present]:
            # A visitor who is no longer listed has faded out: the resting form starts where the shape was.
            gone = self._shapes.pop(key)
            if not self._shapes:
                self._rest = gone
                gone.figure.leave()
        share = eased_share(dt_s, self._config.response_s)
        crowd = 1.0 / math.sqrt(max(len(states), 1))
        for state in states:
            shape = self._shapes.get(state.person_id)
            if shape is None:
                first = not self._shapes
                shape = self._rest if first else _Shape(0.0, 0.0, 0.2, float(self._rng.random()), self._phase)
                self._shapes[state.person_id] = shape
            shape.ease(self._aim(state, crowd), share)
            shape.age_s += dt_s
            shape.figure.see(state, self._aspect, dt_s)
            joints = shape.figure.completed(picture_joints(state.joints, self._aspect), self._aspect)
            shape.joints = _eased_joints(shape.joints, joints, dt_s)
        if not states:
            self._rest.ease((0.0, 0.0, REST_SCALE, 0.0, 0.0, 0.0, 0.0), eased_share(dt_s, BACK_TO_MIDDLE_S))
            self._rest.age_s += dt_s
        self._ease_own_looks(states, share)

    def _aim(self, state: EmotionState, crowd: float) -> tuple[float, ...]:
        """The target of the first columns of a visitor's shape."""
        x, y, size = state.position
        follow = self._config.follow * state.presence
        return (
            follow * (min(max(x, 0.0), 1.0) - 0.5) * 2.4,
            follow * (0.5 - min(max(y, 0.0), 1.0)) * 0.7,
            crowd * (REST_SCALE + state.presence * (0.1 + 0.2 * min(size, 1.0) + 0.08 * state.energy)),
            state.energy,
            state.presence,
            state.valence,
            state.arousal,
        )

    def _ease_own_looks(self, states: tuple[EmotionState, ...], share: float) -> None:
        """Each shape's own mood, colours and spikiness. A visitor alone, and the resting form, has the group's."""
        spikiness = float(self._look[_SPIKINESS])
        if len(states) < 2:
            for shape in self._shapes.values() or (self._rest,):
                shape.moods = shape.moods + (self._emotion.astype(np.float32) - shape.moods) * np.float32(share)
                shape.hue_shift -= shape.hue_shift * share
                shape.spikiness += (spikiness - shape.spikiness) * share
                if shape.tint is not None:
                    shape.tint -= shape.tint * share
            return
        for state in states:
            shape = self._shapes[state.person_id]
            shape.moods = shape.moods + (state.probabilities - shape.moods) * np.float32(share)
            own = self._looks.blended(state.probabilities, state.presence, state.valence, state.arousal)
            colours = own[len(NAMES) :].reshape(COLOURS, 3)
            hue = (shape.seed - 0.5) * IDENTITY_TURNS + self._lean(state, colours[2]) * state.presence
            shape.hue_shift += (hue - shape.hue_shift) * share
            shape.spikiness += (float(own[_SPIKINESS]) - shape.spikiness) * share
            away = turned(colours, shape.hue_shift).reshape(-1) - self._look[len(NAMES) :]
            away *= self._visitor_colour * state.presence
            tint = np.zeros(len(away)) if shape.tint is None else shape.tint
            shape.tint = tint + (away - tint) * share

    def _lean(self, state: EmotionState, middle: Array) -> float:
        """Turns of hue by which a visitor of more valence than the group is warmer than it, and of less valence colder.

        Which way is warm depends on the palette: the sine of the angle from its ``middle`` colour's hue to orange.
        """
        _, a, b = middle.tolist()
        way: float = (a * _WARM[1] - b * _WARM[0]) / (math.hypot(a, b) + 0.02)
        return self._visitor_hue * 0.5 * (state.valence - self._mood[0]) * way

    def _palettes(self, shapes: list[_Shape]) -> tuple[FloatArray, FloatArray]:
        """Linear RGB, read-only: the palette (COLOURS, 3), and each shape's own (N, COLOURS, 3)."""
        group = self._look[len(NAMES) :]
        if all(shape.tint is None for shape in shapes):
            alone = self.sound.coloured(group.reshape(1, COLOURS, 3))
            palettes = read_only(linear_of_oklab(alone).astype(np.float32))
            return palettes[0], palettes if len(shapes) == 1 else read_only(palettes.repeat(len(shapes), 0))
        rows = [group, *(group if shape.tint is None else group + shape.tint for shape in shapes)]
        own = self.sound.coloured(np.array(rows).reshape(-1, COLOURS, 3))
        palettes = read_only(linear_of_oklab(own).astype(np.float32))
        return palettes[0], palettes[1:]


def _sized_rows(rows: FloatArray, column: int, size: float) -> FloatArray:
    """``rows`` with one column times ``size``."""
    if size != 1.0:
        rows[:, column] *= size
    return rows


def _sized_bodies(joints: FloatArray, size: float) -> FloatArray:
    """Bodies (N, len(JOINTS), 4) of ``size`` times their size; each stays where its chest is."""
    if size != 1.0:
        chest = joints[:, _CHEST : _CHEST + 1, :3].copy()
        joints[..., :3] = chest + (joints[..., :3] - chest) * np.float32(size)
    return joints


def _eased_joints(now: FloatArray, seen: FloatArray | None, dt_s: float) -> FloatArray:
    """``seen``, or ``now`` where nothing is, changed in place: lost joints fade out where they were; joints found again are at
    once where they are seen, and fade in."""
    share, known = eased_share(dt_s, JOINT_FADE_S), now[:, 3]
    if seen is None:
        known += (0.0 - known) * share
        return now
    seen[:, 3] = known + (seen[:, 3] - known) * share
    return seen
