"""A small copy of the finished picture for the processor, a few times a second: what the scene is repainted from.

Take it before anything that was painted is laid into the picture (``render/painted.py`` comes after it), or the painting
would be painted again and again.

As in ``filming.py``: where the processor draws, a plain read is a copy in memory; where a GPU draws, it would wait until all
is drawn, so two pixel buffers take turns and each copy arrives with the next one.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from installation.render.shaders.programs import SHADERS, Program
from installation.types import ByteArray, read_only

STRIDE = 4


def copy_size(size: tuple[int, int], pixels: int) -> tuple[int, int]:
    """(width, height), multiples of STRIDE, of a copy of a picture of ``size`` that has about ``pixels`` pixels.

    The form stays; never more than the picture has.
    """
    scale = min(1.0, math.sqrt(pixels / (size[0] * size[1])))
    width, height = (max(4 * STRIDE, STRIDE * round(scale * side / STRIDE)) for side in size)
    return width, height


class Readback:
    """GL thread only. ``buffered`` reads through pixel buffers: for a GPU."""

    def __init__(self, context: Any, buffered: bool) -> None:
        self._context, self._buffered = context, buffered
        passes = SHADERS / "passes"
        self.program = Program(context, passes / "pass.vert", passes / "shrink.frag", own=("u_step",))
        self._texture: Any = None
        self._target: Any = None
        self._buffers: list[Any] = []
        self._turn = 0
        self._pending: tuple[Any, float] | None = None
        self._next_s: float | None = None

    def wants(self, t_s: float, per_second: float) -> bool:
        """Whether a copy is due at ``t_s`` seconds; False for 0 per second. A time that goes back makes one due."""
        if per_second <= 0:
            return False
        return self._next_s is None or t_s >= self._next_s or t_s < self._next_s - 1 / per_second

    def take(self, picture: Any, pixels: int, t_s: float, per_second: float) -> tuple[float, ByteArray] | None:
        """Copy ``picture`` (a texture, all of it drawn, at ``t_s`` seconds) to about ``pixels`` pixels.

        Gives (time of its picture, (H, W, 3) uint8 sRGB, row 0 on top, read-only) of this copy, or of the one before where
        it is buffered; None where that was the first. Call it when ``wants`` says so.
        """
        self._next_s = t_s + 1 / per_second
        width, height = copy_size(picture.size, pixels)
        self._prepare((width, height))
        picture.use(0)
        self.program.set("u_step", (0.25 / width, 0.25 / height))
        self._target.use()
        self.program.fill()
        if not self._buffered:
            return t_s, self._upright(self._target.read(components=4))
        buffer = self._buffers[self._turn]
        self._turn = 1 - self._turn
        self._target.read_into(buffer, components=4)
        before, self._pending = self._pending, (buffer, t_s)
        return None if before is None else (before[1], self._upright(before[0].read()))

    def release(self) -> None:
        """Free everything."""
        self._free()
        self.program.release()

    def _prepare(self, size: tuple[int, int]) -> None:
        if self._texture is not None and self._texture.size == size:
            return
        self._free()
        self._texture = self._context.texture(size, 4)
        self._target = self._context.framebuffer([self._texture])
        if self._buffered:
            self._buffers = [self._context.buffer(reserve=4 * size[0] * size[1]) for _ in range(2)]

    def _upright(self, data: bytes) -> ByteArray:
        width, height = self._texture.size
        rgba = np.frombuffer(data, np.uint8).reshape(height, width, 4)
        return read_only(np.ascontiguousarray(rgba[::-1, :, :3]))

    def _free(self) -> None:
        self._pending = None
        for part in (self._target, self._texture, *self._buffers):
            if part is not None:
                part.release()
        self._target = self._texture = None
        self._buffers.clear()
