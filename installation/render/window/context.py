"""What a window and an offscreen surface share: an OpenGL context, and waiting for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from installation.render.window.driver import Fence, is_software


class ContextSurface:
    """See ``Surface``. ``context`` is a ModernGL context that is current."""

    def __init__(self, context: Any) -> None:
        self.context = context
        self._fence = Fence.find()
        self._slow = self.is_software

    @property
    def renderer(self) -> str:
        """The OpenGL renderer's name."""
        return str(self.context.info["GL_RENDERER"])

    @property
    def is_software(self) -> bool:
        """Whether the processor draws."""
        return is_software(self.renderer)

    def settle(self, meanwhile: Callable[[], None]) -> None:
        """See ``Surface``."""
        if self._slow and self._fence is not None:
            self._fence.wait(meanwhile)
