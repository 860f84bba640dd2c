"""The room behind everything as a small picture, drawn in every frame: it is soft, and so it need not be large."""

from __future__ import annotations

import math
from typing import Any

import moderngl

from installation.render.shaders.programs import SHADERS, Program
from installation.render.shaders.uniforms import UNITS

PROCESSOR_PX, GPU_PX = 11_000, 60_000
"""Pixels of it: where a processor draws they are a tenth to a sixth of the picture's."""
KEPT = 3
"""Forms (sizes) that are kept: a large capture has the window's form, or one of its own."""


class Room:
    """Its program and, for each form of the picture, texture and frame buffer."""

    def __init__(self, context: Any, on_processor: bool) -> None:
        self._context, self._pixels = context, PROCESSOR_PX if on_processor else GPU_PX
        self.program = Program(context, SHADERS / "passes" / "pass.vert", SHADERS / "passes" / "room.frag")
        self._targets: dict[tuple[int, int], tuple[Any, Any]] = {}

    def draw(self, size: tuple[int, int]) -> None:
        """Draw it for a picture of ``size`` pixels, with the frame block and the composed picture bound, and bind it."""
        texture, target = self._target(room_size(size, self._pixels))
        target.use()
        self.program.fill()
        texture.use(UNITS["u_backdrop"])

    def release(self) -> None:
        """Free all."""
        self._free()
        self.program.release()

    def _target(self, size: tuple[int, int]) -> tuple[Any, Any]:
        if size not in self._targets:
            if len(self._targets) >= KEPT:
                self._free()
            texture = self._context.texture(size, 4, dtype="f2")
            texture.repeat_x = texture.repeat_y = False
            texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
            self._targets[size] = (texture, self._context.framebuffer([texture]))
        return self._targets[size]

    def _free(self) -> None:
        for texture, target in self._targets.values():
            target.release()
            texture.release()
        self._targets.clear()


def room_size(size: tuple[int, int], pixels: int) -> tuple[int, int]:
    """(width, height) of about ``pixels`` pixels in the form of ``size``."""
    scale = math.sqrt(pixels / (size[0] * size[1]))
    return max(8, round(size[0] * scale)), max(8, round(size[1] * scale))
