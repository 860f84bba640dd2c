"""Counts flashes in pictures that follow one another, by the thresholds of WCAG 2.2 (2.3.1) and ITU-R BT.1702.

General flash: a pair of opposing changes of relative luminance by a tenth of white or more, where the darker picture is below
0.80. Red flash: a pair of opposing changes with a saturated red in them, R / (R + G + B) >= 0.8, where (R - G - B) * 320 (at
least 0) changes by more than 20; R, G, B linear (the working definition of the Trace Center's PEAT, which WCAG names).
Either counts where a quarter of any field of ten degrees does it: a field is a third of the picture each way (341 x 256 of
1024 x 768). More than three in any second are too many. Source:
https://www.w3.org/TR/WCAG22/#dfn-general-flash-and-red-flash-thresholds
"""

from __future__ import annotations

from collections import deque
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from installation.base.colour import linear_of_srgb
from installation.types import ByteArray, FloatArray

LOOKED_AT = (96, 54)
"""Size (width, height) to which pictures are reduced, each of its pixels the mean light of a part."""
LEAST, LEAST_RED, FREE_FROM, SATURATED = 0.1, 20 / 320, 0.8, 0.8
FIELD, AREA, MOST = 1 / 3, 0.25, 3
AT_ONCE_S = 0.09
"""Changes so close together are one: a picture's parts reach the threshold at slightly different times."""
Mask = npt.NDArray[np.bool_]


def linear(picture: ByteArray) -> FloatArray:
    """Linear light (H, W, 3), [0, 1], of (H, W, 3) uint8 sRGB."""
    return _LINEAR[picture]


_LINEAR = linear_of_srgb(np.arange(256) / 255).astype(np.float32)


class _Turns:
    """Where a quantity turned, pixel by pixel: it has gone ``least`` the other way since its last extremum."""

    def __init__(self, first: FloatArray, least: float) -> None:
        self._extremum, self._least = first.copy(), least
        self._rising = np.zeros(first.shape, bool)
        self._is_first = np.ones(first.shape, bool)

    def add(self, values: FloatArray) -> tuple[Mask, Mask, FloatArray]:
        """(rose, fell, the extremum it came from) of this picture, (H, W) each."""
        came_from = self._extremum.copy()
        # Before the first turn either way is one.
        rose = (values >= came_from + self._least) & (~self._rising | self._is_first)
        fell = (values <= came_from - self._least) & (self._rising | self._is_first)
        self._rising = (self._rising | rose) & ~fell
        self._is_first &= ~(rose | fell)
        further = np.where(self._rising, np.maximum(values, came_from), np.minimum(values, came_from))
        turned = rose | fell
        self._extremum = np.where(turned, values, np.where(self._is_first, came_from, further))
        return rose, fell, came_from


class _Fields:
    """Flashes of any field in any second, counted twice, the larger one taken: how often a quarter of its pixels flashed, each
    for itself; and how often the field as a whole did, by a quarter more of it that rose than fell at once, and back."""

    def __init__(self, per_second: float) -> None:
        self._field = (max(1, round(LOOKED_AT[0] * FIELD)), max(1, round(LOOKED_AT[1] * FIELD)))
        self._at_once = max(1, round(AT_ONCE_S * per_second))
        size, second = (LOOKED_AT[1], LOOKED_AT[0]), max(1, round(per_second))
        self._turned, self._age = np.zeros(size, np.int8), np.zeros(size, np.int32)
        """Of each pixel which way it turned last, and how many pictures ago."""
        self._way = np.zeros(size, np.int8)
        """Of the field round each pixel."""
        self._pixels: deque[npt.NDArray[np.uint8]] = deque(maxlen=second)
        self._wholes: deque[npt.NDArray[np.uint8]] = deque(maxlen=second)
        self.most = 0

    def add(self, rose: Mask, fell: Mask) -> None:
        """Where this picture's pixels turned."""
        self._turned = np.where(rose, 1, np.where(fell, -1, self._turned)).astype(np.int8)
        self._age = np.where(rose | fell, 0, self._age + 1)
        net = self._share(np.where(self._age < self._at_once, self._turned, 0))
        up, down = (net >= AREA) & (self._way != 1), (net <= -AREA) & (self._way != -1)
        self._way[up], self._way[down] = 1, -1
        self._wholes.append((up | down).astype(np.uint8))
        self._pixels.append((rose | fell).astype(np.uint8))
        whole = int(np.sum(self._wholes, axis=0).max()) // 2
        flashes = np.sum(self._pixels, axis=0) // 2
        while self.most < whole or (self._share(flashes > self.most) >= AREA).any():
            self.most += 1

    def _share(self, of: npt.NDArray[Any]) -> FloatArray:
        """Mean over the field round each pixel; what lies outside the picture is 0."""
        return np.asarray(
            cv2.boxFilter(of.astype(np.float32), -1, self._field, borderType=cv2.BORDER_CONSTANT), np.float32
        )


class FlashCounter:
    """Takes pictures in order; ``general`` and ``red`` are the most flashes of any field in any second so far."""

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second
        self._turns: tuple[_Turns, _Turns] | None = None
        self._fields = (_Fields(per_second), _Fields(per_second))
        self._saturated: Mask | None = None

    @property
    def general(self) -> int:
        """Pairs of opposing changes of luminance."""
        return self._fields[0].most

    @property
    def red(self) -> int:
        """Pairs with a saturated red in them."""
        return self._fields[1].most

    def add(self, picture: ByteArray) -> None:
        """The next picture (H, W, 3) uint8 sRGB."""
        light = np.asarray(cv2.resize(linear(picture), LOOKED_AT, interpolation=cv2.INTER_AREA), np.float32)
        luminance = light @ np.array([0.2126, 0.7152, 0.0722], np.float32)
        red = np.maximum(light[:, :, 0] - light[:, :, 1] - light[:, :, 2], 0)
        saturated = light[:, :, 0] >= SATURATED * np.maximum(light.sum(axis=2), 1e-4)
        if self._turns is None or self._saturated is None:
            self._turns, self._saturated = (_Turns(luminance, LEAST), _Turns(red, LEAST_RED)), saturated
            return
        rose, fell, came_from = self._turns[0].add(luminance)
        dark = np.minimum(luminance, came_from) < FREE_FROM
        self._fields[0].add(rose & dark, fell & dark)
        rose, fell, _ = self._turns[1].add(red)
        either = saturated | self._saturated
        self._fields[1].add(rose & either, fell & either)
        # Of the last extremum: where red turns, or is as red as it has been.
        self._saturated = np.where(rose | fell, saturated, either)
