"""The operator's emoji: a small face drawn with lines and ellipses, because no font here has coloured ones."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import pygame

FINE = 4
"""Drawn so many times larger and shrunk: pygame's ellipses have steps at their edges."""
_INK, _WHITE, _TONGUE, _TEAR = (52, 38, 20), (250, 250, 246), (226, 92, 92), (96, 178, 240)


@dataclass(frozen=True)
class Face:
    """Numbers of a face; places in half heights of it, y down.

    ``brow``: height of the brows' inner ends above the outer ones; ``eye``: height of the eyes, 0 laughs; ``mouth``: half
    width, opening, and how far its corners are above its middle; ``tears``: on each cheek; ``spill``: what comes out of the
    mouth, its colour.
    """

    skin: tuple[int, int, int]
    brow: float | None = None
    eye: float = 0.13
    mouth: tuple[float, float, float] = (0.36, 0.0, 0.0)
    tears: int = 0
    spill: tuple[int, int, int] | None = None


_YELLOW, _RED, _GREEN, _PALE = (255, 203, 76), (232, 84, 58), (150, 178, 62), (196, 182, 226)
FACES: dict[str, tuple[Face, ...]] = {
    "angry": (
        Face(_YELLOW, -0.16, mouth=(0.30, 0.0, -0.14)),
        Face(_RED, -0.22, mouth=(0.34, 0.0, -0.20)),
        Face(_RED, -0.26, mouth=(0.40, 0.30, -0.10), spill=_INK),
    ),
    "disgust": (
        Face(_YELLOW, -0.10, 0.0, (0.30, 0.0, -0.16)),
        Face(_GREEN, -0.10, 0.08, (0.34, 0.0, -0.20)),
        Face(_GREEN, -0.14, 0.05, (0.24, 0.30, 0.0), spill=(196, 214, 72)),
    ),
    "fear": (
        Face(_YELLOW, 0.12, 0.14, (0.26, 0.0, -0.10)),
        Face(_PALE, 0.18, 0.18, (0.30, 0.14, -0.10)),
        Face(_PALE, 0.22, 0.24, (0.22, 0.52, 0.0)),
    ),
    "happy": (
        Face(_YELLOW, mouth=(0.36, 0.0, 0.14)),
        Face(_YELLOW, mouth=(0.46, 0.34, 0.16)),
        Face(_YELLOW, eye=0.0, mouth=(0.50, 0.44, 0.18), tears=1),
    ),
    "sad": (
        Face(_YELLOW, 0.10, mouth=(0.32, 0.0, -0.14)),
        Face(_YELLOW, 0.16, 0.10, (0.30, 0.0, -0.16), tears=1),
        Face((120, 168, 214), 0.20, 0.0, (0.34, 0.26, -0.16), tears=3),
    ),
    "surprise": (
        Face(_YELLOW, 0.0, 0.14, (0.14, 0.18, 0.0)),
        Face(_YELLOW, 0.02, 0.17, (0.17, 0.30, 0.0)),
        Face(_YELLOW, 0.04, 0.22, (0.20, 0.44, 0.0)),
    ),
    "neutral": (Face(_YELLOW),),
}
"""As many steps for each emotion as base/emoji.py has."""


def face_picture(label: str, level: int, size_px: int) -> pygame.Surface:
    """The face of an emotion at a level, ``size_px`` high and wide, transparent round it. KeyError for another word."""
    steps = FACES[label]
    face, side = steps[min(max(level, 0), len(steps) - 1)], size_px * FINE
    page = pygame.Surface((side, side), pygame.SRCALPHA)
    pen = _Pen(page, side / 2)
    pen.disc(0.0, 0.0, 0.98, 0.98, face.skin)
    _mouth(pen, face)
    for way in (-1, 1):
        _eye(pen, face, way)
    return pygame.transform.smoothscale(page, (size_px, size_px))


class _Pen:
    """Draws on ``page`` in half heights from its middle."""

    def __init__(self, page: pygame.Surface, half: float) -> None:
        self._page, self._half = page, half

    def disc(self, x: float, y: float, wide: float, high: float, colour: tuple[int, int, int]) -> None:
        box = pygame.Rect(0, 0, round(2 * wide * self._half), max(round(2 * high * self._half), 1))
        box.center = round((1 + x) * self._half), round((1 + y) * self._half)
        pygame.draw.ellipse(self._page, colour, box)

    def line(self, points: list[tuple[float, float]], wide: float, colour: tuple[int, int, int] = _INK) -> None:
        """A bent stroke: discs along it, for pygame's wide lines gape at the bends."""
        for (x0, y0), (x1, y1) in pairwise(points):
            steps = max(1, round(math.hypot(x1 - x0, y1 - y0) * self._half))
            for n in range(steps + 1):
                share = n / steps
                self.disc(x0 + (x1 - x0) * share, y0 + (y1 - y0) * share, wide, wide, colour)

    def shape(self, points: list[tuple[float, float]], colour: tuple[int, int, int]) -> None:
        pygame.draw.polygon(self._page, colour, [((1 + x) * self._half, (1 + y) * self._half) for x, y in points])


def _eye(pen: _Pen, face: Face, way: int) -> None:
    x, y = 0.34 * way, -0.16
    if face.brow is not None:
        pen.line([(x - 0.18 * way, -0.50 - face.brow), (x + 0.16 * way, -0.50 + 0.5 * face.brow)], 0.045)
    for drop in range(face.tears):
        pen.disc(x + 0.14 * way, 0.08 + 0.26 * drop, 0.085, 0.13, _TEAR)
    if face.eye <= 0:
        bow = [(x + 0.16 * t, y + 0.12 * t * t - 0.06) for t in (-1.0, -0.5, 0.0, 0.5, 1.0)]
        pen.line(bow, 0.045)
        return
    if face.eye > 0.16:
        pen.disc(x, y, face.eye, 1.15 * face.eye, _WHITE)
        pen.disc(x, y, 0.45 * face.eye, 0.5 * face.eye, _INK)
        return
    pen.disc(x, y, 0.10, face.eye, _INK)


def _mouth(pen: _Pen, face: Face) -> None:
    wide, opened, lift = face.mouth
    steps = [n / 8 - 1 for n in range(17)]
    middle = 0.44 if lift <= 0 or opened <= 0 else 0.28
    upper = [(wide * t, middle - lift * t * t + 0.5 * lift) for t in steps]
    if opened <= 0:
        pen.line(upper, 0.045)
        return
    if lift == 0:
        pen.disc(0.0, middle, wide, max(opened, 0.10), _INK)
    else:
        bow = [(x, y + opened * math.sqrt(max(1 - (x / wide) ** 2, 0.0))) for x, y in upper]
        pen.shape([*upper, *reversed(bow)], _INK)
        if lift > 0:
            pen.disc(0.0, middle + 0.72 * opened, 0.5 * wide, 0.24 * opened, _TONGUE)
    if face.spill is not None and face.spill != _INK:
        pen.shape([(-0.7 * wide, middle), (0.7 * wide, middle), (0.9 * wide, 1.0), (-0.9 * wide, 1.0)], face.spill)
    elif face.spill is not None:
        pen.disc(0.0, middle + 0.12, 0.8 * wide, 0.05, _WHITE)
