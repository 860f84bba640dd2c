"""A pen that draws a little unsteadily: lines and filled forms on a picture in grey or in tinted greys."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from installation.types import ByteArray

Points = npt.NDArray[np.float64]
"""(N, 2): x to the right, y down; the picture reaches from -1 to 1."""
FINER = 3
"""The drawing is made so many times as large."""


def arc(centre: tuple[float, float], radii: tuple[float, float], start: float, end: float, count: int = 16) -> Points:
    """Part of an ellipse, from angle to angle (0 right, a quarter turn down)."""
    at = np.linspace(start, end, count)
    return np.stack([centre[0] + radii[0] * np.cos(at), centre[1] + radii[1] * np.sin(at)], axis=1)


def ellipse(centre: tuple[float, float], radii: tuple[float, float]) -> Points:
    """A whole one."""
    return arc(centre, radii, 0, 2 * np.pi, 28)[:-1]


class Pen:
    """Draws on a picture of ``side_px``; ``width`` of a line in half sides. Greys from 0 to 255."""

    def __init__(self, side_px: int, rng: np.random.Generator, paper: int, width: float) -> None:
        self._side, self._rng, self.width = side_px, rng, width
        self._wobble = float(rng.uniform(0, 0.02)) if rng.random() < 0.7 else 0.0
        self._twice = rng.random() < 0.15
        self._tint = rng.uniform(0.55, 1.0, 3) if rng.random() < 0.7 else np.ones(3)
        self._grey = np.full((side_px * FINER, side_px * FINER), paper, np.uint8)

    def line(self, points: Points, grey: int, thicker: float = 1.0) -> None:
        """A stroke along ``points``."""
        for _ in range(2 if self._twice else 1):
            self._stroke(self._px(points), grey, thicker, closed=False)

    def fill(self, points: Points, grey: int, outline: int | None = None, thicker: float = 1.0) -> None:
        """A closed form, with an outline where its grey is given."""
        px = self._px(points)
        cv2.fillPoly(self._grey, [px], (grey,), lineType=cv2.LINE_AA, shift=4)
        if outline is not None:
            self._stroke(px, outline, thicker, closed=True)

    def picture(self) -> ByteArray:
        """(side, side, 3) uint8, tinted."""
        small = cv2.resize(self._grey, (self._side, self._side), interpolation=cv2.INTER_AREA).astype(np.float32)
        tint = 1 - (1 - self._tint) * np.sin(small / 255 * np.pi)[:, :, None]  # black and white stay what they are
        return np.asarray(np.clip(small[:, :, None] * tint, 0, 255), np.uint8)

    def _stroke(self, px: npt.NDArray[np.int32], grey: int, thicker: float, *, closed: bool) -> None:
        thick = max(1, round(self.width * thicker * self._side * FINER / 2))
        cv2.polylines(self._grey, [px], closed, (grey,), thick, cv2.LINE_AA, 4)

    def _px(self, points: Points) -> npt.NDArray[np.int32]:
        """In sixteenths of a pixel, off the line by a slow wave of random length."""
        if self._wobble > 0:
            at = np.linspace(0, 2 * np.pi * self._rng.uniform(0.7, 2.0), len(points))
            phase = self._rng.uniform(0, 2 * np.pi, 2)
            points = points + self._wobble * np.stack([np.sin(at + phase[0]), np.sin(1.4 * at + phase[1])], axis=1)
        return np.asarray(np.round((points + 1) / 2 * self._side * FINER * 16), np.int32)
