"""Drawing with no window: for tests, screenshots and machines without a display."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

import moderngl

from installation.render.output.displays import DisplayError
from installation.render.output.input_event import InputEvent
from installation.render.window.context import ContextSurface


def _standalone(backend: str | None) -> Any:
    settings: dict[str, Any] = {} if backend is None else {"backend": backend}
    return moderngl.create_context(require=330, standalone=True, **settings)


def _any_standalone() -> Any:
    """A context through EGL, or what else the system has. Raises DisplayError."""
    try:
        return _standalone("egl")
    except Exception as error:  # noqa: BLE001 - glcontext raises nothing narrower
        try:
            return _standalone(None)
        except Exception:  # noqa: BLE001 - the same
            raise DisplayError(
                f"OpenGL 3.3 is not available without a window ({error}); on Debian: apt-get install libegl1 libgl1"
            ) from error


class Offscreen(ContextSurface):
    """Draws into a frame buffer, with no window."""

    def __init__(self, size: tuple[int, int], why: str = "asked for") -> None:
        # One thread draws, the other core is perception's; more threads only take time from each other.
        os.environ.setdefault("LP_NUM_THREADS", "1")
        super().__init__(_any_standalone())
        self.size = size
        self.describe = f"offscreen {size[0]}x{size[1]} ({why})"
        self._target = self.context.simple_framebuffer(size)
        self._target.use()

    @property
    def framebuffer(self) -> Any:
        """What to draw into."""
        return self._target

    def poll_events(self) -> list[str]:
        """There is no keyboard."""
        return []

    def bind_keys(self, keys: Mapping[str, str]) -> None:
        """There is no keyboard."""

    def edit(self, on: bool) -> None:
        """There is no keyboard."""

    def take_input(self) -> list[InputEvent]:
        """There is no keyboard."""
        return []

    def present(self, meanwhile: Callable[[], None]) -> None:
        """Wait until it is drawn, as a window's swap would: otherwise frames would pile up in the driver."""
        if self._fence is not None:
            self._fence.wait(meanwhile)
        else:
            self.context.finish()

    def close(self) -> None:
        """Free the context."""
        self._target.release()
        self.context.release()
