"""Emotion to look, as arrays: the section ``look`` of config.yaml, ready to be blended in every frame."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from installation.base.colour import linear_of_hex, oklab_of_linear
from installation.config.look import (
    LOOK_NAMES,
    QUANTITIES,
    EmotionLook,
    FormConfig,
    LightConfig,
    LookConfig,
    MotionConfig,
    PaletteConfig,
)
from installation.types import FloatArray

Array = npt.NDArray[np.float64]
NAMES = tuple("light" if name == "key" else name for name in QUANTITIES)
"""The numbers of a look as SceneState.look names them; the key light is u_light in the shaders."""
SURFACE_COLOURS = 4
COLOURS = SURFACE_COLOURS + 1
"""Of a palette: background, deep, middle, accent; and the counter light."""


GREY = 0.04
"""OKLab chroma below which a mixture counts as grey."""


def _ranges() -> dict[str, tuple[float, float, str]]:
    found = {}
    for model in (FormConfig, MotionConfig, LightConfig, EmotionLook):
        for name, setting in model.model_fields.items():
            if name in QUANTITIES:
                limits = {
                    key: getattr(limit, key)
                    for limit in setting.metadata
                    for key in ("ge", "le")
                    if hasattr(limit, key)
                }
                found[name] = (float(limits["ge"]), float(limits["le"]), str(setting.description))
    return {name: found[quantity] for name, quantity in zip(NAMES, QUANTITIES, strict=True)}


RANGES = _ranges()
"""name: (low, high, meaning)"""
LOW = np.array([low for low, _, _ in RANGES.values()])
HIGH = np.array([high for _, high, _ in RANGES.values()])
for _limit in (LOW, HIGH):
    _limit.setflags(write=False)


def _numbers(look: EmotionLook) -> list[float]:
    values = {**dict(look.form), **dict(look.motion), **dict(look.lighting)}
    values |= {"grain": look.grain, "texture": look.texture}
    return [values[name] for name in QUANTITIES]


@lru_cache(maxsize=64)
def _palette(palette: PaletteConfig) -> Array:
    """(COLOURS, 3) OKLab. Kept: while something fades, settings come ten times a second, and most colours stay."""
    lab = oklab_of_linear(np.stack([linear_of_hex(colour) for colour in dict(palette).values()]))
    lab.setflags(write=False)
    return lab


class Looks:
    """All looks of a configuration, read-only. Rows are in the order of EMOTIONS; the last is the look without visitors."""

    def __init__(self, config: LookConfig) -> None:
        looks = [getattr(config, name) for name in LOOK_NAMES]
        self.sharpen = config.sharpen
        self.weights = np.array([look.weight for look in looks[:-1]])
        """(7,): how easily each emotion's look wins."""
        self.numbers = np.array([_numbers(look) for look in looks])
        """(8, len(NAMES))"""
        self.palettes = np.stack([_palette(look.palette) for look in looks])
        """(8, COLOURS, 3) OKLab"""
        chroma = np.hypot(self.palettes[:, :, 1], self.palettes[:, :, 2])
        slopes = (config.valence, config.arousal)
        self.slopes = np.array([[slope.get(name, 0.0) for name in QUANTITIES] for slope in slopes])  # type: ignore[call-overload]
        """(2, len(NAMES)): what full valence and full arousal add."""
        # The slopes are rows of their own, so that one product mixes all.
        self._table = np.zeros((len(looks) + 2, len(NAMES) + 4 * COLOURS))
        self._table[:-2] = np.concatenate([self.numbers, self.palettes.reshape(len(looks), -1), chroma], axis=1)
        self._table[-2:, : len(NAMES)] = self.slopes
        self.nobody = self._table[len(looks) - 1, : len(NAMES) + COLOURS * 3]
        """(len(NAMES) + COLOURS * 3,): numbers, then palette (OKLab)."""
        self._vividness = config.vividness
        self._brightness = [slope.get("brightness", 0.0) for slope in slopes]
        self._saturation = [slope.get("saturation", 0.0) for slope in slopes]
        for array in (self.weights, self.numbers, self.palettes, self._table, self.slopes):
            array.setflags(write=False)

    def shares(self, emotion: Array | FloatArray) -> Array:
        """(7,) shares of the looks for probabilities (7,): weighed, sharpened, summing to 1; continuous in them."""
        shares = (self.weights * emotion) ** self.sharpen
        return np.asarray(shares / np.add.reduce(shares))

    def blended(self, emotion: Array | FloatArray, presence: float, valence: float, arousal: float) -> Array:
        """(len(NAMES) + COLOURS * 3,): numbers in LOW to HIGH, then the palette (OKLab) of a mood.

        ``presence`` 0 is nobody's look. Valence and arousal add their slopes to the numbers and change the palette's
        brightness (all of OKLab is scaled, as an exposure does) and saturation (its a and b); the background keeps its own.
        """
        valence, arousal = presence * valence, presence * arousal
        weights = np.empty(len(self._table))
        np.multiply(self.shares(emotion), presence, out=weights[:-3])
        weights[-3:] = 1.0 - presence, valence, arousal
        mixed = weights @ self._table
        numbers = mixed[: len(NAMES)]
        np.maximum(numbers, LOW, out=numbers)
        np.minimum(numbers, HIGH, out=numbers)
        brightness = max(0.2, 1.0 + valence * self._brightness[0] + arousal * self._brightness[1])
        saturation = max(0.0, 1.0 + valence * self._saturation[0] + arousal * self._saturation[1])
        colours = mixed[len(NAMES) : -COLOURS].reshape(COLOURS, 3)
        chroma = brightness * saturation
        factors = [
            self._revived(a, b, wanted)
            for (_, a, b), wanted in zip(colours.tolist(), mixed[-COLOURS:].tolist(), strict=True)
        ]
        colours *= [
            (1.0, factors[0], factors[0]),
            *((brightness, chroma * factor, chroma * factor) for factor in factors[1:]),
        ]
        return np.asarray(mixed[:-COLOURS])

    def _revived(self, a: float, b: float, chroma: float) -> float:
        """The factor that gives a mixed colour some of the mixed ``chroma`` back.

        Between opposite hues a straight line leads through grey. The constant keeps the factor finite and without a jump
        where a mixture is grey: it stays grey there, for it has no hue to be given back.
        """
        left = math.sqrt(a * a + b * b)
        return 1.0 + self._vividness * max(chroma - left, 0.0) / (left + GREY)


DEFAULT_LOOKS = Looks(LookConfig())
