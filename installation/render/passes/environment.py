"""The room and its light by direction as two small pictures, drawn in every frame."""

from __future__ import annotations

from typing import Any

import moderngl

from installation.render.passes.room import Room
from installation.render.shaders.programs import SHADERS, Program
from installation.render.shaders.uniforms import UNITS

SIDE_PX, LEVELS = 48, 4
"""As in shaders/lib/light/environment.glsl."""


class Environment:
    """The room, and the light that comes from it: program, texture and frame buffer."""

    def __init__(self, context: Any, on_processor: bool) -> None:
        self._room = Room(context, on_processor)
        self._program = Program(context, SHADERS / "passes" / "pass.vert", SHADERS / "passes" / "environment.frag")
        self._texture = context.texture((SIDE_PX * LEVELS, SIDE_PX), 4, dtype="f2")
        self._texture.repeat_x = self._texture.repeat_y = False
        self._texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
        self._target = context.framebuffer([self._texture])

    @property
    def programs(self) -> list[Program]:
        """Both programs."""
        return [self._room.program, self._program]

    def draw(self, size: tuple[int, int]) -> None:
        """Draw both for a picture of ``size`` pixels, with the frame block and the pictures bound, and bind them."""
        self._room.draw(size)
        self._target.use()
        self._program.fill()
        self._texture.use(UNITS["u_environment"])

    def release(self) -> None:
        """Free all."""
        for part in (self._target, self._texture, self._program, self._room):
            part.release()
