"""A scene's own memory: a small picture that a fragment shader draws anew in each frame from what it was before."""

from __future__ import annotations

from typing import Any

import moderngl

from installation.config.scene_files import Feedback
from installation.render.scenes.step import StepValues
from installation.render.shaders.programs import Program
from installation.render.shaders.uniforms import UNITS


class FeedbackBuffer:
    """Two textures of half floats that take turns (ping-pong); both begin as zeros."""

    def __init__(self, context: Any, feedback: Feedback, program: Program) -> None:
        self._context, self._program = context, program
        size = (feedback.width, feedback.height)
        self._textures = [context.texture(size, 4, bytes(8 * size[0] * size[1]), dtype="f2") for _ in range(2)]
        for texture in self._textures:
            texture.repeat_x = texture.repeat_y = False
            texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
        self._targets = [context.framebuffer([texture]) for texture in self._textures]
        self._now = 0

    def draw(self, values: StepValues) -> None:
        """Go on to the next state, where time goes on, and bind it for the scene's steps; what was drawn to before is drawn
        to again."""
        if values.advance:
            before, unit = self._context.fbo, UNITS["u_feedback"]
            self._textures[self._now].use(unit)
            self._now = 1 - self._now
            self._targets[self._now].use()
            self._program.fill()
            before.use()
        self._textures[self._now].use(UNITS["u_feedback"])

    def release(self) -> None:
        """Free all but the program."""
        for part in (*self._targets, *self._textures):
            part.release()
