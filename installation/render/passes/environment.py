"""The room and its light by direction as two small pictures."""

from __future__ import annotations

import math
from typing import Any

import moderngl

from installation.render.passes.room import Part, Room
from installation.render.shaders.programs import SHADERS, Program
from installation.render.shaders.uniforms import UNITS

SIDE_PX, LEVELS = 48, 4
"""As in shaders/lib/light/environment.glsl."""
KEPT_S = 0.07
"""A room that was drawn so short a time ago is good enough but for the part whose turn it is: at 25 pictures a second each part
of the room, which moves slowly, is drawn for every other one, and no picture pays for both."""


class Environment:
    """The room, and the light that comes from it: program, texture and frame buffer."""

    def __init__(self, context: Any, on_processor: bool) -> None:
        self.room = Room(context, on_processor)
        self._on_processor = on_processor
        self._size, self._drawn_s = (0, 0), -math.inf
        self._part: Part = "whole"
        self._program = Program(context, SHADERS / "passes" / "pass.vert", SHADERS / "passes" / "environment.frag")
        self._texture = context.texture((SIDE_PX * LEVELS, SIDE_PX), 4, dtype="f2")
        self._texture.repeat_x = self._texture.repeat_y = False
        self._texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
        self._target = context.framebuffer([self._texture])

    @property
    def programs(self) -> list[Program]:
        """All, the room's among them."""
        return [*self.room.programs, self._program]

    def draw(self, size: tuple[int, int], t_s: float, quality: float) -> None:
        """Draw both for a picture of ``size`` pixels at ``t_s`` seconds, with the frame block and the pictures bound, and bind
        them. Where a processor draws, air and ground of the room take turns (KEPT_S). ``quality`` as ``Room.draw``."""
        goes_on = self._on_processor and size == self._size and 0 < t_s - self._drawn_s < KEPT_S
        part: Part = "whole"
        if goes_on:
            part = "ground" if self._part == "air" else "air"
        self._size, self._drawn_s, self._part = size, t_s, part
        self.room.draw(size, quality, part)
        if part != "air":
            self._target.use()
            self._program.fill()
        self.room.use()
        self._texture.use(UNITS["u_environment"])

    def release(self) -> None:
        """Free all."""
        for part in (self._target, self._texture, self._program, self.room):
            part.release()
