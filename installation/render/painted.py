"""Lays the painting of the scene into the finished picture: behind the shapes, over everything, or a share of both."""

from __future__ import annotations

from typing import Any

import moderngl
import numpy as np

from installation.render.programs import SHADERS, Program
from installation.types import ByteArray

FIRST_FADE_S = 0.5
MOST_FADE_S = 1.5
_SAMPLERS = {"u_cover": 1, "u_painting_before": 2, "u_painting": 3}


class Painted:
    """Two textures that take turns, cross-faded over the time that paintings take to come, and the pass that lays them in.

    Nothing is allocated while sizes stay. GL thread only.
    """

    def __init__(self, context: Any) -> None:
        self._context = context
        passes = SHADERS / "passes"
        own = (*_SAMPLERS, "u_fade", "u_behind", "u_over")
        self.program = Program(context, passes / "pass.vert", passes / "painted.frag", own=own)
        self._pair = [self._texture((2, 2)), self._texture((2, 2))]
        self._newest = 0
        self._put_s: float | None = None
        self._first_s = 0.0
        self._fade_s = FIRST_FADE_S
        self._out: Any = None
        self._target: Any = None

    def put(self, rgba: ByteArray, t_s: float) -> None:
        """Begin to fade to ``rgba`` (H, W, 4) uint8 sRGB, row 0 on top, at ``t_s`` seconds. ValueError for another shape."""
        if rgba.ndim != 3 or rgba.shape[2] != 4 or rgba.dtype != np.uint8:
            raise ValueError(f"a painting must be (H, W, 4) uint8, not {rgba.shape} {rgba.dtype}")
        if self._put_s is not None and t_s > self._put_s:
            self._fade_s = min(MOST_FADE_S, 0.7 * self._fade_s + 0.3 * (t_s - self._put_s))
        is_first, self._put_s = self._put_s is None, t_s
        self._first_s = t_s if is_first else self._first_s
        self._newest = 1 - self._newest
        size = (rgba.shape[1], rgba.shape[0])
        # The first one has nothing before it to fade from; ``draw`` lets its share rise.
        for k in (self._newest, 1 - self._newest) if is_first else (self._newest,):
            if self._pair[k].size != size:
                self._pair[k].release()
                self._pair[k] = self._texture(size)
            self._pair[k].write(np.ascontiguousarray(rgba[::-1]))

    def clear(self) -> None:
        """Forget what was put: the next one is a first one."""
        self._put_s, self._fade_s = None, FIRST_FADE_S

    def draw(self, picture: Any, cover: Any, behind: float, over: float, t_s: float) -> Any:
        """The texture of ``picture`` (finished, sRGB) with the painting in it, at ``t_s`` seconds.

        ``cover``: a texture whose alpha says how much shapes cover the room; ``behind`` and ``over`` in [0, 1]. Gives
        ``picture`` itself while there is nothing to lay in.
        """
        if self._put_s is None or (behind <= 0 and over <= 0):
            return picture
        self._prepare(picture.size)
        program = self.program
        for name, unit in _SAMPLERS.items():
            program.set(name, unit)
        program.set("u_fade", min(max((t_s - self._put_s) / max(self._fade_s, 1e-3), 0.0), 1.0))
        rise = min(max((t_s - self._first_s) / FIRST_FADE_S, 0.0), 1.0)
        program.set("u_behind", rise * min(max(behind, 0.0), 1.0))
        program.set("u_over", rise * min(max(over, 0.0), 1.0))
        picture.use(0)
        cover.use(1)
        self._pair[1 - self._newest].use(2)
        self._pair[self._newest].use(3)
        self._target.use()
        program.fill()
        return self._out

    def release(self) -> None:
        """Free everything."""
        for part in (self._target, self._out, *self._pair, self.program):
            if part is not None:
                part.release()
        self._target = self._out = None

    def _prepare(self, size: tuple[int, int]) -> None:
        if self._out is None or self._out.size != size:
            for part in (self._target, self._out):
                if part is not None:
                    part.release()
            self._out = self._texture(size)
            self._target = self._context.framebuffer([self._out])

    def _texture(self, size: tuple[int, int]) -> Any:
        texture = self._context.texture(size, 4)
        texture.repeat_x = texture.repeat_y = False
        texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
        return texture
