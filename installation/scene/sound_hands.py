"""What sound adds to a look: the level moves it, each onset strikes it and dies away."""

from __future__ import annotations

import math

import numpy as np

from installation.base.colour import Array
from installation.base.easing import SHORTEST_S
from installation.config.look import QUANTITIES
from installation.config.sound import SoundConfig
from installation.scene.look import COLOURS, HIGH, LOW, NAMES
from installation.types import SHAPE_COLUMNS, FloatArray

SILENT = 1e-4
"""What moves the look less than this share is not there."""
LEAST, MOST = 0.2, 3.0
"""Bounds of the factors on size and on the palette's light and colour."""
_FACTORS = ("size", "brightness", "saturation")
_MOVED = (*QUANTITIES, *_FACTORS)
_SPIKINESS, _OF_LOOK = SHAPE_COLUMNS.index("spikiness"), NAMES.index("spikiness")


class SoundHands:
    """``hear`` takes what came, ``advance`` goes on in time; the others give what is to be drawn with the sound in it.

    ``is_still``: nothing is heard, everything is as without sound. ``size``: factor on the shapes' size.
    """

    def __init__(self, config: SoundConfig) -> None:
        self.reconfigure(config)
        self.is_still, self.size = True, 1.0
        self._level = self._onset = 0.0
        self._heard: float | None = None
        self._struck = False
        self._added, self._colours = np.zeros(len(_MOVED)), np.ones((COLOURS, 3))

    def reconfigure(self, config: SoundConfig) -> None:
        """Go on with other amounts and times."""
        self._release_s, self._onset_s = max(config.release_s, SHORTEST_S), config.onset_s
        self._amounts = np.array(
            [[amounts.get(name, 0.0) for name in _MOVED] for amounts in (config.level, config.onset)]  # type: ignore[call-overload]
        )

    def hear(self, heard: tuple[float, float] | None) -> None:
        """Level [0, 1] and, above 0, an onset now; None: no input is heard any more, and the level falls."""
        if heard is None:
            self._heard = None
            return
        level, onset = heard
        if not (math.isfinite(level) and math.isfinite(onset)):
            return
        self._heard = min(max(level, 0.0), 1.0)
        self._struck |= onset > 0

    def advance(self, dt_s: float) -> None:
        """``dt_s`` seconds later."""
        if self.is_still and self._heard is None and not self._struck:
            return
        self._level = self._heard if self._heard is not None else self._level * math.exp(-dt_s / self._release_s)
        self._onset = 1.0 if self._struck else self._onset * math.exp(-dt_s / self._onset_s)
        self._struck = False
        self.is_still = max(self._level, self._onset) < SILENT
        if self.is_still:
            self._level = self._onset = 0.0
        self._added = self._level * self._amounts[0] + self._onset * self._amounts[1]
        self.size, brightness, saturation = (
            1.0 if self.is_still else min(max(1.0 + added, LEAST), MOST) for added in self._added[len(NAMES) :].tolist()
        )
        self._colours[1:] = brightness, brightness * saturation, brightness * saturation

    def moved(self, look: Array) -> Array:
        """``look`` (numbers, then the palette, as Looks.blended gives them) with its numbers moved, in LOW to HIGH."""
        if self.is_still:
            return look
        moved = look.copy()
        numbers = moved[: len(NAMES)]
        numbers += self._added[: len(NAMES)]
        np.minimum(np.maximum(numbers, LOW, out=numbers), HIGH, out=numbers)
        return moved

    def coloured(self, palettes: Array) -> Array:
        """Palettes (N, COLOURS, 3) OKLab, lighter and more colourful as the sound says; the background keeps its own."""
        return palettes if self.is_still else palettes * self._colours

    def sharpened(self, shapes: FloatArray) -> FloatArray:
        """Shapes' rows (N, len(SHAPE_COLUMNS)), their own spikiness moved as the look's."""
        if not self.is_still:
            spikiness = shapes[:, _SPIKINESS]
            spikiness += np.float32(self._added[_OF_LOOK])
            np.minimum(np.maximum(spikiness, 0.0, out=spikiness), 1.0, out=spikiness)
        return shapes
