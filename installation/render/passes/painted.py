"""Lays the painting of the scene into the finished picture: behind the shapes, over everything, or a share of both.

Over everything it does to the newest picture what the painting made of the one it was painted from (a ratio, as in the quotient
images of relighting): edges stay as sharp as the picture's, and what moves is not followed by its own late image.
"""

from __future__ import annotations

from typing import Any

import moderngl
import numpy as np

from installation.config.wall import WHOLE, Part
from installation.render.shaders.programs import SHADERS, Program
from installation.types import ByteArray

FIRST_FADE_S = 0.5
MAX_FADE_S = 1.5
KEPT = 2
"""Sizes of pictures whose textures are kept: a part of the picture, and the whole of it."""
_SAMPLERS = {"u_cover": 1, "u_painting_before": 2, "u_painting": 3, "u_model_before": 4, "u_model": 5}


class Painted:
    """Two paintings that take turns, cross-faded over the time that they take to come, and the pass that lays them in.

    Nothing is allocated while sizes stay. GL thread only.
    """

    def __init__(self, context: Any) -> None:
        self._context = context
        passes = SHADERS / "passes"
        own = (*_SAMPLERS, "u_fade", "u_behind", "u_over", "u_part")
        self.program = Program(context, passes / "pass.vert", passes / "painted.frag", own=own)
        self._pair = [self._texture((2, 2), 4), self._texture((2, 2), 4)]
        self._models = [self._texture((2, 2), 3), self._texture((2, 2), 3)]
        self._newest = 0
        self._put_s: float | None = None
        self._first_s = 0.0
        self._fade_s = FIRST_FADE_S
        self._outs: dict[tuple[int, int], tuple[Any, Any]] = {}
        """By size: the texture that is drawn, and its frame buffer."""

    def put(self, rgba: ByteArray, model: ByteArray, t_s: float) -> None:
        """Begin to fade to ``rgba`` (H, W, 4) uint8 sRGB, row 0 on top, at ``t_s`` seconds; ``model`` (H', W', 3) uint8 sRGB is
        the picture that it was painted from. ValueError for other shapes."""
        if rgba.ndim != 3 or rgba.shape[2] != 4 or rgba.dtype != np.uint8:
            raise ValueError(f"a painting must be (H, W, 4) uint8, not {rgba.shape} {rgba.dtype}")
        if model.ndim != 3 or model.shape[2] != 3 or model.dtype != np.uint8:
            raise ValueError(f"a painting's model must be (H, W, 3) uint8, not {model.shape} {model.dtype}")
        if self._put_s is not None and t_s > self._put_s:
            self._fade_s = min(MAX_FADE_S, 0.7 * self._fade_s + 0.3 * (t_s - self._put_s))
        is_first, self._put_s = self._put_s is None, t_s
        self._first_s = t_s if is_first else self._first_s
        self._newest = 1 - self._newest
        # The first one has nothing before it to fade from; ``draw`` lets its share rise.
        for k in (self._newest, 1 - self._newest) if is_first else (self._newest,):
            self._pair[k] = self._written(self._pair[k], rgba)
            self._models[k] = self._written(self._models[k], model)

    def clear(self) -> None:
        """Forget what was put: the next one is a first one."""
        self._put_s, self._fade_s = None, FIRST_FADE_S

    def draw(
        self,
        picture: Any,
        cover: Any,
        behind: float,
        over: float,
        t_s: float,
        part: Part = WHOLE,
    ) -> Any:
        """The texture of ``picture`` (finished, sRGB) with the painting in it, at ``t_s`` seconds.

        ``cover``: a texture whose alpha says how much shapes cover the room; ``behind`` and ``over`` in [0, 1]; ``part``
        (left, bottom, width, height): what ``picture`` is of the whole that was painted. Gives ``picture`` itself while there
        is nothing to lay in.
        """
        if self._put_s is None or (behind <= 0 and over <= 0):
            return picture
        out, target = self._prepare(picture.size)
        program = self.program
        for name, unit in _SAMPLERS.items():
            program.set(name, unit)
        program.set("u_fade", min(max((t_s - self._put_s) / max(self._fade_s, 1e-3), 0.0), 1.0))
        rise = min(max((t_s - self._first_s) / FIRST_FADE_S, 0.0), 1.0)
        program.set("u_behind", rise * min(max(behind, 0.0), 1.0))
        program.set("u_over", rise * min(max(over, 0.0), 1.0))
        program.set("u_part", part)
        picture.use(0)
        cover.use(1)
        self._pair[1 - self._newest].use(2)
        self._pair[self._newest].use(3)
        self._models[1 - self._newest].use(4)
        self._models[self._newest].use(5)
        target.use()
        program.fill()
        return out

    def release(self) -> None:
        """Free everything."""
        self._free_outs()
        for part in (*self._pair, *self._models, self.program):
            part.release()

    def _free_outs(self) -> None:
        for out, target in self._outs.values():
            target.release()
            out.release()
        self._outs.clear()

    def _prepare(self, size: tuple[int, int]) -> tuple[Any, Any]:
        if size not in self._outs:
            if len(self._outs) >= KEPT:
                self._free_outs()
            out = self._texture(size, 4)
            self._outs[size] = out, self._context.framebuffer([out])
        return self._outs[size]

    def _written(self, texture: Any, pixels: ByteArray) -> Any:
        size = (pixels.shape[1], pixels.shape[0])
        if texture.size != size:
            texture.release()
            texture = self._texture(size, pixels.shape[2])
        texture.write(np.ascontiguousarray(pixels[::-1]), alignment=1)
        return texture

    def _texture(self, size: tuple[int, int], components: int) -> Any:
        texture = self._context.texture(size, components, alignment=1)
        texture.repeat_x = texture.repeat_y = False
        texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
        return texture
