"""A window or a whole screen, through pygame-ce."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from typing import Any

import moderngl

from installation.config.output import OutputConfig
from installation.render.output.displays import DisplayError, desktop_area, display_number
from installation.render.output.input_event import InputEvent
from installation.render.output.keyboard import Keyboard
from installation.render.window.context import ContextSurface

log = logging.getLogger(__name__)

_NO_SCREEN = ("offscreen", "dummy", "evdev")


class Window(ContextSurface):
    """A window or a whole screen through pygame-ce."""

    def __init__(self, config: OutputConfig, fullscreen: bool) -> None:
        os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
        os.environ.setdefault("LP_NUM_THREADS", "1")
        import pygame

        self._pygame = pygame
        try:
            pygame.display.init()
        except pygame.error as error:
            raise DisplayError(
                f"no display can be opened ({error}); use --offscreen, or start it on a screen"
            ) from error
        driver = pygame.display.get_driver()
        if driver in _NO_SCREEN:
            # SDL picks this one without a word where there is no display: a dark screen must not look healthy.
            pygame.display.quit()
            raise DisplayError("there is no display here; use --offscreen, or start it on a screen (is DISPLAY set?)")
        self._open(config, fullscreen)
        super().__init__(moderngl.create_context(require=330))
        kind = "fullscreen" if fullscreen else "window"
        where = "all displays" if config.display == "all" and fullscreen else f"display {display_number(config)}"
        self.describe = f"{kind} {self.size[0]}x{self.size[1]} on {where} ({driver})"
        self._fullscreen = fullscreen
        self._keyboard = Keyboard()

    def _open(self, config: OutputConfig, fullscreen: bool) -> None:
        pygame = self._pygame
        sizes = pygame.display.get_desktop_sizes()
        number = display_number(config)
        if number >= len(sizes):
            pygame.display.quit()
            raise DisplayError(f"output.display is {config.display}, but the displays here are 0 to {len(sizes) - 1}")
        area = desktop_area(len(sizes)) if config.display == "all" and fullscreen else None
        for name, value in (
            (pygame.GL_CONTEXT_MAJOR_VERSION, 3),
            (pygame.GL_CONTEXT_MINOR_VERSION, 3),
            (pygame.GL_CONTEXT_PROFILE_MASK, pygame.GL_CONTEXT_PROFILE_CORE),
            (pygame.GL_CONTEXT_FORWARD_COMPATIBLE_FLAG, 1),
            (pygame.GL_DOUBLEBUFFER, 1),
        ):
            pygame.display.gl_set_attribute(name, value)
        flags = pygame.OPENGL | pygame.DOUBLEBUF | (pygame.FULLSCREEN if fullscreen else pygame.RESIZABLE)
        wanted = sizes[number] if fullscreen else (config.width, config.height)
        if area is not None:
            # A fullscreen window belongs to one display; only one without a frame may lie over several.
            flags, wanted = pygame.OPENGL | pygame.DOUBLEBUF | pygame.NOFRAME, area[2:]
        self._set_mode(wanted, flags, number, config.vsync)
        pygame.display.set_caption("Mien")
        if area is not None:
            pygame.display.set_window_position(area[:2])
        pygame.mouse.set_visible(not fullscreen)
        self.size = pygame.display.get_window_size()

    def _set_mode(self, size: tuple[int, int], flags: int, display: int, vsync: bool) -> None:
        """Open the window; without vertical sync where the display has none."""
        pygame = self._pygame
        try:
            pygame.display.set_mode(size, flags, display=display, vsync=int(vsync))
        except pygame.error as error:
            if not vsync:
                raise DisplayError(f"no OpenGL window can be opened: {error}") from error
            log.warning("no vertical sync here (%s); the picture may tear", error)
            self._set_mode(size, flags, display, vsync=False)

    @property
    def framebuffer(self) -> Any:
        """What to draw into."""
        return self.context.screen

    def poll_events(self) -> list[str]:
        """What the operator did, in order."""
        pygame = self._pygame
        names = []
        for event in pygame.event.get():
            if event.type == pygame.QUIT:
                names.append("quit")
            elif event.type == pygame.VIDEORESIZE:
                self.size = pygame.display.get_window_size()
                names.append("resize")
            else:
                names += self._keyboard.read(event, self.size)
        return names

    def bind_keys(self, keys: Mapping[str, str]) -> None:
        """See ``Surface``."""
        self._keyboard.bind(keys)

    def edit(self, on: bool) -> None:
        """See ``Surface``. The pointer shows while it is on."""
        self._pygame.mouse.set_visible(on or not self._fullscreen)
        self._keyboard.edit(on)

    def take_input(self) -> list[InputEvent]:
        """See ``Surface``."""
        return self._keyboard.take_input()

    def present(self, meanwhile: Callable[[], None]) -> None:
        """Swap the buffers; with vertical sync this waits for the screen."""
        self.settle(meanwhile)
        self._pygame.display.flip()

    def close(self) -> None:
        """Close the window."""
        self.context.release()
        self._pygame.display.quit()


def has_display() -> tuple[bool, str]:
    """Whether SDL finds a display, and what it says of it."""
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    import pygame

    try:
        pygame.display.init()
    except pygame.error as error:
        return False, f"none ({error})"
    driver = pygame.display.get_driver()
    sizes = ", ".join(f"{width}x{height}" for width, height in pygame.display.get_desktop_sizes())
    pygame.display.quit()
    if driver in _NO_SCREEN:
        return False, "none; auto will draw offscreen, and nobody will see it"
    return True, f"{driver}: {sizes}"
