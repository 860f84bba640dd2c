"""Where the picture goes: a fullscreen or plain window, or no window at all. One surface, one OpenGL context."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from installation.base.notices import Notices
from installation.config.output import OutputConfig
from installation.render.output.displays import DisplayError
from installation.render.output.input_event import InputEvent
from installation.render.window.driver import is_software, live_objects
from installation.render.window.offscreen import Offscreen
from installation.render.window.window import Window, has_display

__all__ = [
    "DisplayError",
    "Offscreen",
    "Surface",
    "Window",
    "has_display",
    "is_software",
    "live_objects",
    "open_surface",
]


class Surface(Protocol):
    """What the frame loop needs of an output. ``size`` is (width, height) in pixels."""

    context: Any
    size: tuple[int, int]
    describe: str

    @property
    def framebuffer(self) -> Any:
        """What to draw into."""
        ...

    @property
    def renderer(self) -> str:
        """The OpenGL renderer's name."""
        ...

    @property
    def is_software(self) -> bool:
        """Whether the processor draws."""
        ...

    def poll_events(self) -> list[str]:
        """What the operator did since the last call: quit, hud, screenshot, next_scene, clear,
        record, video, edit_output, test_pattern, resize."""
        ...

    def bind_keys(self, keys: Mapping[str, str]) -> None:
        """Keys beside those of the table of commands, with the command line each gives, such as {"f5": "cue 5"}."""
        ...

    def edit(self, on: bool) -> None:
        """Whether keys and pointer set up the output: then most of them come from ``take_input`` instead."""
        ...

    def take_input(self) -> list[InputEvent]:
        """Keys and pointer since the last call, oldest first; filled by ``poll_events`` while ``edit`` is on."""
        ...

    def settle(self, meanwhile: Callable[[], None]) -> None:
        """Between two passes: where the processor draws, wait for the first, calling ``meanwhile`` now and then."""
        ...

    def present(self, meanwhile: Callable[[], None]) -> None:
        """Show what was drawn; ``meanwhile`` is called now and then where that takes long."""
        ...

    def close(self) -> None:
        """Free the context and the window."""
        ...


def open_surface(config: OutputConfig, notices: Notices) -> Window | Offscreen:
    """The surface that ``output.mode`` names. ``auto`` without a display draws offscreen and says so loudly.

    Raises DisplayError where ``fullscreen`` or ``window`` is not possible, or OpenGL is missing.
    """
    size = (config.width, config.height)
    if config.mode == "offscreen":
        return Offscreen(size)
    try:
        return Window(config, fullscreen=config.mode in ("auto", "fullscreen"))
    except DisplayError as error:
        if config.mode != "auto":
            raise
        notices.fallback("output", f"NOTHING IS SHOWN: {error}; drawing offscreen")
        return Offscreen(size, "no display")
