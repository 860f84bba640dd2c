"""The room's light as a small picture of all directions, drawn in every frame."""

from __future__ import annotations

from typing import Any

import moderngl

from installation.render.shaders.programs import SHADERS, Program
from installation.render.shaders.uniforms import UNITS

SIDE_PX, LEVELS = 48, 4
"""As in shaders/lib/light/environment.glsl."""


class Environment:
    """Its program, texture and frame buffer."""

    def __init__(self, context: Any) -> None:
        self.program = Program(context, SHADERS / "passes" / "pass.vert", SHADERS / "passes" / "environment.frag")
        self._texture = context.texture((SIDE_PX * LEVELS, SIDE_PX), 4, dtype="f2")
        self._texture.repeat_x = self._texture.repeat_y = False
        self._texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
        self._target = context.framebuffer([self._texture])

    def draw(self) -> None:
        """Draw it, with the frame block and the worn textures bound, and bind it."""
        self._target.use()
        self.program.fill()
        self._texture.use(UNITS["u_environment"])

    def release(self) -> None:
        """Free all."""
        for part in (self._target, self._texture, self.program):
            part.release()
