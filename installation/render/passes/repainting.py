"""The scene repainted while it moves: a small copy of the finished picture goes out, its painting comes back into the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from installation.config.generation import RepaintingConfig
from installation.config.wall import Part
from installation.render.passes.painted import Painted
from installation.render.passes.readback import Readback
from installation.render.shaders.programs import Program
from installation.types import ByteArray


class Repainting:
    """GL thread only; does nothing until ``reconfigure``. ``buffered`` reads through pixel buffers: for a GPU.

    ``on_copy`` (time of the picture, (H, W, 3) uint8 sRGB) gets the copies; ``pixels`` says how large they should be.
    """

    def __init__(self, context: Any, buffered: bool) -> None:
        self._config = RepaintingConfig()
        self._readback = Readback(context, buffered)
        self._painted = Painted(context)
        self.on_copy: Callable[[float, ByteArray], None] | None = None
        self.pixels: Callable[[], int] = lambda: 256 * 256

    @property
    def programs(self) -> list[Program]:
        """For the watch over shaders that are edited."""
        return [self._readback.program, self._painted.program]

    def reconfigure(self, config: RepaintingConfig) -> None:
        """Go on with other settings."""
        self._config = config
        if not config.enabled:
            self._painted.clear()

    def put(self, rgba: ByteArray, model: ByteArray, t_s: float) -> None:
        """Begin to fade to a painting (H, W, 4) of the copy ``model`` (H', W', 3), both uint8 sRGB, row 0 on top."""
        if self._config.enabled:
            self._painted.put(rgba, model, t_s)

    def through(self, picture: Any, cover: Any, t_s: float, allowed: bool) -> Any:
        """The texture of ``picture`` (finished, sRGB) at ``t_s`` seconds with the newest painting in it, once a copy of it is
        taken where one is due. ``cover``: a texture whose alpha says how much shapes cover the room. Where it is not
        ``allowed``, nothing is copied, what was painted is forgotten, and ``picture`` comes back as it is."""
        config = self._config
        if not config.enabled:
            return picture
        if not allowed:
            self._painted.clear()
            return picture
        if self.on_copy is not None and self._readback.wants(t_s, config.per_second):
            copy = self._readback.take(picture, self.pixels(), t_s, config.per_second)
            if copy is not None:
                self.on_copy(*copy)
        return self._painted.draw(picture, cover, config.behind, config.over, t_s)

    def over_part(self, picture: Any, cover: Any, t_s: float, part: Part) -> Any:
        """The same for the ``part`` (left, bottom, width, height) of a larger picture; takes no copy."""
        config = self._config
        if not config.enabled:
            return picture
        return self._painted.draw(picture, cover, config.behind, config.over, t_s, part)

    def release(self) -> None:
        """Free everything."""
        self._readback.release()
        self._painted.release()
