"""From the scene's colours to DMX channels: which light each lamp is to give, smoothed, as bytes. Reads no clock.

Light is linear RGB in [0, 1] with sRGB's primaries, as SceneState.palette holds it: LEDs dimmed by pulse width give light in
proportion to their value, so that nothing is to be converted for them (``gamma`` 1).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from installation.base.colour import linear_of_hex
from installation.config.lights import CHANNELS, PARTS, ROLES, FixtureConfig, LightsConfig
from installation.types import EMOTIONS, SHAPE_COLUMNS, ByteArray, EmotionState, FloatArray, SceneState

Array: TypeAlias = npt.NDArray[np.float64]

_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
"""Of linear sRGB (ITU-R BT.709)."""
_X, _PRESENCE = SHAPE_COLUMNS.index("x"), SHAPE_COLUMNS.index("presence")
_NO_EMOTION = np.zeros(len(EMOTIONS), np.float32)
_OFF, _FULL, _DIMMER, _RED, _GREEN, _BLUE, _WHITE = range(len(PARTS))


class Palettes:
    """The colours that emotions give the lamps in place of the picture's own."""

    def __init__(self, config: LightsConfig) -> None:
        moods = (*EMOTIONS, "nobody")
        self._own = np.zeros((len(ROLES), len(moods), 3))
        self._set = np.zeros((len(ROLES), len(moods)))
        for mood, colours in config.palettes.items():
            for role, colour in colours.items():
                at = ROLES.index(role), moods.index(mood)
                self._own[at], self._set[at] = linear_of_hex(colour), 1.0

    def colour(self, palette: FloatArray, role: int, emotion: FloatArray, presence: float) -> Array:
        """(3,) linear RGB of one role. Each emotion counts by its share; what has no colour here has the picture's,
        ``palette`` (4, 3). ``emotion`` (7,) sums to 1, or to 0 for none; without ``presence`` [0, 1] it is nobody's."""
        shares = np.append(np.asarray(emotion, np.float64) * presence, 1.0 - presence) * self._set[role]
        return np.asarray(shares @ self._own[role] + (1.0 - shares.sum()) * palette[role])


class Arrivals:
    """The order in which visitors came, as the scene's shapes keep it."""

    def __init__(self) -> None:
        self._ids: tuple[int, ...] = ()

    def sorted(self, states: Sequence[EmotionState]) -> list[EmotionState]:
        """``states``, who came first first; those who came together by their number."""
        here = {state.person_id: state for state in states}
        stayed = [person for person in self._ids if person in here]
        self._ids = (*stayed, *sorted(here.keys() - set(stayed)))
        return [here[person] for person in self._ids]


def wanted(
    scene: SceneState, arrived: Sequence[EmotionState], fixtures: Sequence[FixtureConfig], config: LightsConfig,
    palettes: Palettes,
) -> Array:  # fmt: skip
    """(F, 3) linear RGB in [0, 1]: what each fixture is to give now, its own dimmer and presence in it, master not.

    ``arrived`` are the visitors in the order of the scene's shapes (``Arrivals``); where they are not known, a lamp that
    follows a visitor takes the group's emotion for its own palette. Where emotions are not read, no emotion gives a colour.
    What is not finite counts as dark.
    """
    out = np.zeros((len(fixtures), 3))
    for at, fixture in enumerate(fixtures):
        row = _row(scene, len(arrived), fixture.whose)
        if row is None:
            palette, emotion, presence = scene.palette, scene.emotion, scene.presence
            if fixture.whose != "group":
                presence = 0.0
        else:
            palette, presence = scene.own_palettes[row], float(scene.shapes[row, _PRESENCE])
            emotion = arrived[row].probabilities
        if not scene.emotions_read:
            emotion = _NO_EMOTION
        presence = min(max(presence, 0.0), 1.0)
        level = fixture.dimmer * (config.idle_level + (1.0 - config.idle_level) * presence)
        out[at] = palettes.colour(palette, ROLES.index(fixture.colour), emotion, presence) * level
    out *= scene.light
    return np.clip(np.nan_to_num(out, nan=0.0, posinf=1.0, neginf=0.0), 0.0, 1.0)


def _row(scene: SceneState, visitors: int, whose: str) -> int | None:
    """The shape that a fixture follows; None for the group, and where there is none."""
    rows = min(visitors, len(scene.shapes), len(scene.own_palettes))
    if whose == "group" or rows == 0:
        return None
    if whose in ("left", "right"):
        x = scene.shapes[:rows, _X]
        return int(np.argmin(x) if whose == "left" else np.argmax(x))
    row = int(whose.removeprefix("visitor ")) - 1
    return row if row < rows else None


class Bank:
    """The fixtures of one universe as arrays: light now, and the way from light to channels."""

    def __init__(self, fixtures: Sequence[FixtureConfig]) -> None:
        self.fixtures = tuple(fixtures)
        self.light = np.zeros((len(self.fixtures), 3))
        """(F, 3) linear RGB that each fixture gives now."""
        self._smoothing_s = np.array([fixture.smoothing_s for fixture in self.fixtures])
        self._white = np.array([fixture.white if "white" in fixture.channels else 0.0 for fixture in self.fixtures])
        self._power = 1.0 / np.array([fixture.gamma for fixture in self.fixtures])
        self._has_dimmer = np.array(["dimmer" in fixture.channels for fixture in self.fixtures], bool)
        self._has_colour = np.array(
            [any(part in fixture.channels for part in PARTS[_RED:]) for fixture in self.fixtures], bool
        )
        places = [
            (fixture.channel - 1 + offset, at, PARTS.index(name.removesuffix("_fine")), name.endswith("_fine"),
             f"{name.removesuffix('_fine')}_fine" in fixture.channels)
            for at, fixture in enumerate(self.fixtures)
            for offset, name in enumerate(fixture.channels)
        ]  # fmt: skip
        table = np.array(places, np.intp).reshape(-1, 5).T
        self._channel, self._fixture, self._part = table[0], table[1], table[2]
        self._is_fine, self._is_wide = table[3].astype(bool), table[4].astype(bool)

    def take_over(self, other: Bank) -> None:
        """Begin with the light of another bank, for fixtures of the same name."""
        known = {fixture.name: light for fixture, light in zip(other.fixtures, other.light, strict=True)}
        for at, fixture in enumerate(self.fixtures):
            self.light[at] = known.get(fixture.name, self.light[at])

    def advance(self, target: Array, dt_s: float) -> None:
        """Let light go towards ``target`` (F, 3) for ``dt_s`` seconds: exponentially, the same at any rate."""
        gone = -np.expm1(-dt_s / np.maximum(self._smoothing_s, 1e-9))
        share = np.where(self._smoothing_s > 0, gone, 1.0)
        self.light += share[:, None] * (target - self.light)

    def channels(self, master: float) -> ByteArray:
        """(512,) uint8: the channels at this master dimmer, [0, 1].

        A fixture with a dimmer has its brightness there and its colour at full, so that faint colours keep their hue;
        with a dimmer and no colours it is the colour's luminance. White takes over what red, green and blue have in
        common. A 16-bit pair has the upper byte in the plain channel, the lower in the fine one.
        """
        light = self.light * master
        peak = light.max(axis=1, initial=0.0)
        parts = np.zeros((len(self.fixtures), len(PARTS)))
        parts[:, _FULL] = 1.0
        parts[:, _DIMMER] = np.where(self._has_colour, peak, light @ _LUMINANCE)
        full = np.divide(light, peak[:, None], out=np.zeros_like(light), where=peak[:, None] > 0)
        colour = np.where(self._has_dimmer[:, None], full, light)
        white = self._white * colour.min(axis=1, initial=1.0)
        parts[:, _RED : _BLUE + 1] = colour - white[:, None]
        parts[:, _WHITE] = white
        parts[:, _DIMMER:] = np.clip(parts[:, _DIMMER:], 0.0, 1.0) ** self._power[:, None]
        value = parts[self._fixture, self._part]
        wide = np.rint(value * 65535).astype(np.int64)
        byte = np.where(self._is_wide, np.where(self._is_fine, wide & 255, wide >> 8), np.rint(value * 255))
        out = np.zeros(CHANNELS, np.uint8)
        out[self._channel] = byte.astype(np.uint8)
        return out
