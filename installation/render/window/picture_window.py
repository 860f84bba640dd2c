"""A plain window that shows pictures, without OpenGL: for what an operator looks at, not for visitors."""

from __future__ import annotations

import os

from installation.render.output.displays import DisplayError
from installation.render.window.window import has_display
from installation.types import ByteArray


class PictureWindow:
    """Opens with the first picture, as large as that. Raises DisplayError where there is no display."""

    def __init__(self, caption: str) -> None:
        display, found = has_display()
        if not display:
            raise DisplayError(f"no display: {found}")
        os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
        import pygame

        self._pygame, self._caption = pygame, caption
        self._size: tuple[int, int] | None = None
        pygame.display.init()

    def show(self, rgb: ByteArray) -> bool:
        """Show ``rgb`` (H, W, 3) uint8; whether the window is still wanted (not closed, neither Esc nor Q pressed)."""
        pygame, size = self._pygame, (rgb.shape[1], rgb.shape[0])
        if size != self._size:
            self._size = size
            pygame.display.set_mode(size)
            pygame.display.set_caption(self._caption)
        picture = pygame.image.frombuffer(rgb.tobytes(), size, "RGB")
        pygame.display.get_surface().blit(picture, (0, 0))
        pygame.display.flip()
        return not any(
            event.type == pygame.QUIT or (event.type == pygame.KEYDOWN and event.key in (pygame.K_ESCAPE, pygame.K_q))
            for event in pygame.event.get()
        )

    def close(self) -> None:
        """Close the window."""
        self._pygame.display.quit()
