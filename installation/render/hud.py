"""The operator's text: lines of figures in a corner, drawn only when they change."""

from __future__ import annotations

import os
from typing import Any

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import moderngl
import numpy as np
import pygame
import pygame.font

from installation.base.names import printable
from installation.render.hud_face import face_picture

MARGIN_PX = 12
TEXTURE_SIZE = (640, 400)
LINE_PX = 19
LARGE_PX = 120
FACE_PX = 56


class Hud:
    """Text in the upper left corner. ``show`` may be called every frame; equal lines cost nothing."""

    def __init__(self, context: Any) -> None:
        pygame.font.init()
        self._font = pygame.font.Font(None, LINE_PX)
        self._texture = context.texture(TEXTURE_SIZE, 4)
        self._texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
        self._large = pygame.font.Font(None, LARGE_PX)
        self._shown: tuple[tuple[str, ...], str, tuple[str, int] | None] = ((), "", None)
        self._height = 0

    def show(self, lines: tuple[str, ...], large: str = "", face: tuple[str, int] | None = None) -> None:
        """Show these lines below a ``large`` word; none hides it. What does not fit is cut. ``face``: the emotion, and its
        level, whose emoji stands in the page's upper right corner."""
        if (lines, large, face) == self._shown:
            return
        self._shown = (lines, large, face)
        top = MARGIN_PX + (LARGE_PX if large else 0)
        self._height = min(TEXTURE_SIZE[1], top + len(lines) * LINE_PX + MARGIN_PX) if lines or large else 0
        if not self._height:
            return
        page = pygame.Surface(TEXTURE_SIZE, pygame.SRCALPHA)
        page.fill((0, 0, 0, 0))
        page.fill((4, 5, 8, 170), pygame.Rect(0, 0, TEXTURE_SIZE[0], self._height))
        for number, line in enumerate(lines):
            colour = (255, 176, 120) if line.startswith("!") else (226, 228, 232)
            text = self._font.render(printable(line.removeprefix("!").strip()), True, colour)
            page.blit(text, (MARGIN_PX, top + number * LINE_PX))
        if large:
            page.blit(self._large.render(printable(large), True, (255, 255, 255)), (MARGIN_PX, MARGIN_PX))
        if face is not None:
            page.blit(face_picture(*face, FACE_PX), (TEXTURE_SIZE[0] - FACE_PX - MARGIN_PX, MARGIN_PX))
        self._texture.write(np.frombuffer(pygame.image.tobytes(page, "RGBA"), np.uint8))

    def box(self, width: int, height: int) -> tuple[float, float, float, float]:
        """Left, bottom, width and height of the whole text page in a window of this size, [0, 1]; width 0 hides it."""
        if not self._height:
            return 0.0, 0.0, 0.0, 1.0
        page_width, page_height = TEXTURE_SIZE[0] / width, TEXTURE_SIZE[1] / height
        return 0.0, 1.0 - page_height, page_width, page_height

    def use(self, unit: int) -> None:
        """Bind the text."""
        self._texture.use(unit)

    def release(self) -> None:
        """Free the texture."""
        self._texture.release()
