"""The operator's text: lines in the upper left corner, as large as the picture asks for, drawn only where they change.

The page is made of bands, one for each row of text; only bands that changed are drawn and uploaded, for a whole page would
hold up the picture on a large screen.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import moderngl
import numpy as np
import pygame
import pygame.font

from installation.base.names import printable
from installation.render.hud_face import face_picture
from installation.render.hud_layout import fitted, line_height

PAGE_LINES = 48
"""Heights of a line that the page is wide at most."""
LARGE_LINES, LARGE_SHARE = 6.3, 0.4
"""Height of the large word, in lines and at most of the picture's."""
FACE_LINES = 3
STEP_LINES = 4
"""The panel behind the text grows in steps of so many heights of a line, or each figure more would draw all of it anew."""
PANEL, PLAIN, FAULT, WHITE = (4, 5, 8, 170), (226, 228, 232), (255, 176, 120), (255, 255, 255)
Face = tuple[str, int]
"""An emotion and its level."""


@dataclass(frozen=True, slots=True)
class _Band:
    """A strip of the page ``top`` pixels below its upper edge: a row of text on the panel, and what of the face lies in it."""

    top: int
    height: int
    panel: int
    text: str = ""
    text_px: int = 0
    is_fault: bool = False
    face: Face | None = None


class Hud:
    """``show`` may be called every frame; equal lines cost nothing. GL thread only."""

    def __init__(self, context: Any) -> None:
        pygame.font.init()
        self._context = context
        self._texture: Any = None
        self._wanted: tuple[tuple[str, ...], str, Face | None] = ((), "", None)
        self._drawn: tuple[Any, ...] = ()
        self._bands: dict[int, _Band] = {}
        self._used = (0, 0)
        """(width, height) of the panel."""

    def show(self, lines: tuple[str, ...], large: str = "", face: Face | None = None) -> None:
        """Show these lines below a ``large`` word; none hides it. They are wrapped; where they are too many, the last line says
        how many more there are. ``face``: the emotion, and its level, whose emoji stands in the panel's upper right corner."""
        self._wanted = (lines, large, face)

    def box(self, width: int, height: int) -> tuple[float, float, float, float]:
        """Left, bottom, width and height of the panel in a picture of this size, [0, 1]; width 0 hides it. Here it is drawn."""
        lines, large, _ = self._wanted
        if not lines and not large:
            return 0.0, 0.0, 0.0, 1.0
        if self._drawn != (self._wanted, width, height):
            self._drawn = (self._wanted, width, height)
            self._draw(width, height)
        return 0.0, 1.0 - self._used[1] / height, self._used[0] / width, self._used[1] / height

    def use(self, unit: int) -> None:
        """Bind the text: row 0 on top, a pixel of the picture for each of the page; the panel is its upper left part."""
        self._texture.use(unit)

    def release(self) -> None:
        """Free the texture."""
        if self._texture is not None:
            self._texture.release()
        self._texture = None

    def _draw(self, width: int, height: int) -> None:
        line = line_height((width, height))
        page = (min(width, PAGE_LINES * line), height)
        if self._texture is None or self._texture.size != page:
            self.release()
            self._texture = self._context.texture(page, 4)
            self._texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
            self._bands.clear()
        bands = _bands(*self._wanted, page, line)
        for band in bands:
            if self._bands.get(band.top) != band:
                self._write(band, line)
        self._bands = {band.top: band for band in bands}
        self._used = bands[0].panel, bands[-1].top + bands[-1].height

    def _write(self, band: _Band, line: int) -> None:
        strip = pygame.Surface((band.panel, band.height), pygame.SRCALPHA)
        strip.fill(PANEL)
        margin = _margin(line)
        if band.text:
            colour = WHITE if band.text_px > line else FAULT if band.is_fault else PLAIN
            strip.blit(_font(band.text_px).render(band.text, True, colour), (margin, 0))
        if band.face is not None:
            side = FACE_LINES * line
            strip.blit(_face(*band.face, side), (band.panel - side - margin, margin - band.top))
        data = np.frombuffer(pygame.image.tobytes(strip, "RGBA"), np.uint8)
        self._texture.write(data, viewport=(0, band.top, band.panel, band.height))


def _bands(lines: tuple[str, ...], large: str, face: Face | None, page: tuple[int, int], line: int) -> list[_Band]:
    """The page from above: the margin, the large word, a row each line, the margin."""
    font, margin = _font(line), _margin(line)
    beside = FACE_LINES * line + margin if face is not None else 0
    room = max(page[0] - 2 * margin - beside, line)
    word, word_px = printable(large), _word_px(large, page, line)
    top = margin + word_px
    most = max(1, (page[1] - top - margin) // line)
    rows = fitted([printable(one) for one in lines], most, room, lambda text: font.size(text)[0])
    needed = max((font.size(text)[0] for text, _ in rows), default=0)
    if word:
        needed = max(needed, _font(word_px).size(word)[0])
    step = STEP_LINES * line
    panel = min(page[0], -(-(needed + 2 * margin + beside) // step) * step)
    reach = margin + FACE_LINES * line if face is not None else 0
    found = [_Band(0, margin, panel, face=face)]
    if word:
        found.append(_Band(margin, word_px, panel, word, word_px, face=face))
    for number, (text, is_fault) in enumerate(rows):
        at = top + number * line
        found.append(_Band(at, line, panel, text, line, is_fault, face if at < reach else None))
    end = found[-1].top + found[-1].height
    below = max(margin, reach + margin - end)
    found.append(_Band(end, min(below, page[1] - end), panel, face=face if end < reach else None))
    return [band for band in found if band.height > 0]


def _word_px(large: str, page: tuple[int, int], line: int) -> int:
    """Height of the large word: it must fit into the page."""
    if not large:
        return 0
    wanted = max(line + 1, round(min(LARGE_LINES * line, LARGE_SHARE * page[1])))
    width = _font(wanted).size(printable(large))[0]
    return max(line + 1, min(wanted, wanted * (page[0] - 2 * _margin(line)) // max(width, 1)))


def _margin(line: int) -> int:
    return max(4, round(0.6 * line))


@lru_cache(maxsize=8)
def _font(size_px: int) -> pygame.font.Font:
    return pygame.font.Font(None, size_px)


@lru_cache(maxsize=4)
def _face(label: str, level: int, side: int) -> pygame.Surface:
    return face_picture(label, level, side)
