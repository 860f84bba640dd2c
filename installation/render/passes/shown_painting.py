"""A painting shown large over the picture for some seconds: it is laid on in strokes, hangs there, and goes the same way."""

from __future__ import annotations

from typing import Any

import moderngl
import numpy as np

from installation.config.wall import WHOLE, Part
from installation.render.shaders.programs import SHADERS, Program
from installation.types import ByteArray

COME_S, GO_S = 1.5, 1.5


class ShownPainting:
    """Holds nothing while nothing is shown. GL thread only."""

    def __init__(self, context: Any) -> None:
        self._context = context
        passes = SHADERS / "passes"
        own = ("u_painting", "u_shown_share", "u_size", "u_part_shown")
        self.program = Program(context, passes / "pass.vert", passes / "shown_painting.frag", own=own)
        self._painting: Any = None
        self._out: Any = None
        self._target: Any = None
        self._from_s = self._until_s = 0.0

    def show(self, rgba: ByteArray, t_s: float, seconds: float) -> None:
        """Show ``rgba`` (H, W, 4) uint8 sRGB, row 0 on top, from ``t_s`` for ``seconds``, its coming and going in them.
        ValueError for another shape."""
        if rgba.ndim != 3 or rgba.shape[2] != 4 or rgba.dtype != np.uint8:
            raise ValueError(f"a painting must be (H, W, 4) uint8, not {rgba.shape} {rgba.dtype}")
        self._free_painting()
        texture = self._context.texture((rgba.shape[1], rgba.shape[0]), 4, np.ascontiguousarray(rgba[::-1]))
        texture.repeat_x = texture.repeat_y = False
        texture.filter = (moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)
        texture.build_mipmaps()
        self._painting = texture
        self._from_s, self._until_s = t_s, t_s + max(seconds, COME_S + GO_S)

    def share(self, t_s: float) -> float:
        """How far it is there at ``t_s`` seconds, [0, 1]."""
        if self._painting is None:
            return 0.0
        return min(max(min((t_s - self._from_s) / COME_S, (self._until_s - t_s) / GO_S), 0.0), 1.0)

    def over(self, picture: Any, size: tuple[int, int], t_s: float,
             part: Part = WHOLE) -> Any:  # fmt: skip
        """The texture of ``picture`` (finished, sRGB) with the painting over it, of ``size`` pixels: the painting is as sharp
        as the screen, however few pixels the scene has. ``picture`` is the ``part`` (left, bottom, width, height) of a whole.
        Gives ``picture`` itself while nothing is shown."""
        if self._painting is not None and (t_s >= self._until_s or t_s < self._from_s - 1.0):
            self.clear()
        share = self.share(t_s)
        if share <= 0.0:
            return picture
        if self._out is None or self._out.size != size:
            self._free_target()
            self._out = self._context.texture(size, 4)
            self._out.filter = (moderngl.LINEAR, moderngl.LINEAR)
            self._out.repeat_x = self._out.repeat_y = False
            self._target = self._context.framebuffer([self._out])
        whole = (size[0] / part[2], size[1] / part[3])
        self._draw(picture, self._target, whole, part, share)
        return self._out

    def over_part(self, picture: Any, target: Any, size: tuple[int, int], t_s: float,
                  part: Part) -> bool:  # fmt: skip
        """The same for the ``part`` (left, bottom, width, height) of a larger picture of ``size`` pixels, into the frame
        buffer ``target``; False, and nothing drawn, while nothing is shown."""
        share = self.share(t_s)
        if share <= 0.0:
            return False
        self._draw(picture, target, size, part, share)
        return True

    def clear(self) -> None:
        """Show nothing any more, and keep nothing."""
        self._free_painting()
        self._free_target()

    def release(self) -> None:
        """Free everything."""
        self.clear()
        self.program.release()

    def _draw(
        self,
        picture: Any,
        target: Any,
        size: tuple[float, float],
        part: Part,
        share: float,
    ) -> None:
        program = self.program
        program.set("u_painting", 1)
        program.set("u_shown_share", share)
        program.set("u_size", (float(size[0]), float(size[1])))
        program.set("u_part_shown", part)
        picture.use(0)
        self._painting.use(1)
        target.use()
        program.fill()

    def _free_painting(self) -> None:
        if self._painting is not None:
            self._painting.release()
        self._painting = None

    def _free_target(self) -> None:
        for part in (self._target, self._out):
            if part is not None:
                part.release()
        self._target = self._out = None
