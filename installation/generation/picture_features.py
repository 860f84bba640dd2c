"""Measures pictures: affect by colours and strokes (the same four numbers as in training, without torch), and likeness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from installation.types import ByteArray, FloatArray

OCTAVES = 4
"""Roughness is averaged over cells of 1, 2, 4 and 8 pixels."""
GRID = 4


def features(rgb: ByteArray, octaves: int = OCTAVES) -> FloatArray:
    """(H, W, 3 or 4) uint8 sRGB -> (4,) valence, arousal, warmth, roughness, not yet standardised.

    Valence .69 B + .22 S and arousal -.31 B + .60 S of brightness and saturation (Valdez and Mehrabian 1994); warmth is red
    minus blue; roughness the logarithm of the mean step between neighbours, averaged over octaves. H and W are at least 16.
    """
    unit = rgb[:, :, :3].astype(np.float32) / 255
    high, low = unit.max(2), unit.min(2)
    brightness = float(high.mean())
    saturation = float(((high - low) / (high + 0.05)).mean())
    warmth = float((unit[:, :, 0] - unit[:, :, 2]).mean())
    valence, arousal = 0.69 * brightness + 0.22 * saturation, -0.31 * brightness + 0.60 * saturation
    return np.array([valence, arousal, warmth, float(steps(unit.mean(2), octaves).mean())], np.float32)


def steps(grey: FloatArray, octaves: int) -> FloatArray:
    """(octaves,) logarithm of the mean step between neighbours of (H, W), at 1, 2, 4, ... pixels to a cell."""
    found = []
    for octave in range(octaves):
        if octave:
            height, width = (size // 2 * 2 for size in grey.shape)
            grey = grey[:height, :width].reshape(height // 2, 2, width // 2, 2).mean((1, 3))
        step = np.abs(np.diff(grey, axis=0)).mean() + np.abs(np.diff(grey, axis=1)).mean()
        found.append(np.log(step + 0.01))
    return np.array(found, np.float32)


@dataclass(frozen=True)
class AffectScale:
    """Standardises features so that [-1, 1] spans two standard deviations of the paintings' crops. Both are (4,)."""

    mean: FloatArray
    deviation: FloatArray

    @classmethod
    def of(cls, metadata: Mapping[str, str]) -> AffectScale:
        """The scale a model was trained with, from its file's metadata; without one, that of the paintings it came from."""
        try:
            found = [np.array(metadata[key].split(), np.float32) for key in ("affect_mean", "affect_deviation")]
        except (KeyError, ValueError):
            return PAINTINGS
        mean, deviation = found
        if (
            mean.shape != (4,)
            or deviation.shape != (4,)
            or not (np.isfinite([mean, deviation]).all() and (deviation > 0).all())
        ):
            return PAINTINGS
        return cls(mean, deviation)

    def __call__(self, rgb: ByteArray) -> FloatArray:
        """(H, W, 3 or 4) uint8 sRGB -> (4,) in units of the requests' affect."""
        return np.asarray((features(rgb) - self.mean) / (2 * self.deviation), np.float32)


def likeness(rgb: ByteArray) -> FloatArray:
    """(23,) of a picture: its rough layout of brightness (16), mean and spread of its colours (6) and fine against broad
    strokes (1). The distance of two such vectors tells how different two pictures look; 1 is clearly another picture."""
    unit = rgb[:, :, :3].astype(np.float32) / 255
    height, width = (size // GRID * GRID for size in unit.shape[:2])
    grey = unit.mean(2)
    cells = grey[:height, :width].reshape(GRID, height // GRID, GRID, width // GRID).mean((1, 3))
    spread = steps(grey, 3)
    parts = (
        1.5 * (cells - cells.mean()).ravel(),
        3.0 * unit.mean((0, 1)),
        4.0 * unit.std((0, 1)),
        [0.5 * (spread[0] - spread[2])],
    )
    return np.concatenate([np.asarray(part, np.float32) for part in parts])


PAINTINGS = AffectScale(
    np.array([0.3586, 0.0407, 0.1048, -2.6737], np.float32), np.array([0.1292, 0.1038, 0.1044, 0.4312], np.float32)
)
"""Of 1,500 crops of the paintings that models/texture.onnx was trained on."""
